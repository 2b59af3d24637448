// ListAccounts.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "store/accounts/account_columns.h"
#include "store/accounts/accounts.h"
#include "store/engine/keyset.h"

namespace kam::store {
namespace {

using Order = AccountQuery::Order;
using Term = AccountFilterTerm;

// All conditions of a filter hold when there is none that does not. Fields and operations are those
// of kEnumNames; a label that is not there is ''. The parent is asked for apart, so that the
// members of a group are found by their index.
const std::string& FilterSql() {
  static const auto* const sql = new std::string(absl::StrCat("SELECT ", SelectList<Account>(), R"(
      FROM accounts
      WHERE (CAST(:show_deleted AS boolean) OR delete_time IS NULL)
        AND (CAST(:any_parent AS boolean) OR parent_id = :parent)
        AND NOT EXISTS (
          SELECT FROM unnest(CAST(:fields AS text[]), CAST(:labels AS text[]),
                             CAST(:operations AS text[]), CAST(:operands AS text[]))
            AS term (field, label, operation, operand)
          CROSS JOIN LATERAL (
            SELECT CASE term.field
                     WHEN 'industry' THEN industry
                     WHEN 'currency_code' THEN currency
                     WHEN 'parent_account' THEN parent_id
                     WHEN 'labels' THEN coalesce(labels ->> term.label, '')
                     ELSE display_name
                   END AS value) AS actual
          WHERE NOT CASE term.operation
                      WHEN '=' THEN actual.value = term.operand
                      WHEN '!=' THEN actual.value <> term.operand
                      ELSE position(lower(term.operand COLLATE "default")
                                    IN lower(actual.value COLLATE "default")) > 0
                    END))"));
  return *sql;
}

std::vector<Param> FilterParams(const AccountQuery& query) {
  std::vector<std::string> fields, labels, operations, operands;
  const std::string* parent = nullptr;
  for (const Term& term : query.filter) {
    if (term.field == Term::Field::kParent && term.operation == Term::Operation::kEquals &&
        parent == nullptr) {
      parent = &term.value;
      continue;
    }
    fields.emplace_back(NameOf(term.field));
    labels.push_back(term.label);
    operations.emplace_back(NameOf(term.operation));
    operands.push_back(term.value);
  }
  return {query.show_deleted, parent == nullptr, parent == nullptr ? "" : *parent, fields, labels,
          operations,         operands};
}

std::vector<absl::string_view> KeysOf(Order order) {
  switch (order) {
    case Order::kCreateTime:
      return {"create_time", "account_id"};
    case Order::kDisplayName:
      return {"display_name", "account_id"};
    case Order::kId:
      break;
  }
  return {"account_id"};
}

}  // namespace

absl::StatusOr<Page<Account>> ListAccounts(Snapshot& tx, const AccountQuery& query,
                                           const PageRequest& page) {
  return QueryPage<Account>(tx.session(), FilterSql(), FilterParams(query),
                            {.columns = KeysOf(query.order), .descending = query.descending}, page);
}

}  // namespace kam::store
