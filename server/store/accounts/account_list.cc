#include "store/accounts/account_list.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "store/accounts/account_rows.h"

namespace kam::store {
namespace {

using Order = AccountQuery::Order;
using Term = AccountFilterTerm;

// All conditions of a filter hold when there is none that does not. `terms` are the rows of the
// parameters: field 0 industry, 1 currency, 2 parent, 3 label (one that is not there is ''), 4
// display name; operation 0 =, 1 <>, 2 contains, ignoring case. The parent is asked for apart, so
// that the members of a group are found by their index.
#define KAM_LIST_ACCOUNTS                                                                   \
  "SELECT " KAM_ACCOUNT_COLUMNS                                                             \
  " FROM accounts"                                                                          \
  " WHERE (CAST(:show_deleted AS boolean) OR delete_time IS NULL)"                          \
  " AND (CAST(:any_parent AS boolean) OR parent_id = :parent)"                              \
  " AND NOT EXISTS ("                                                                       \
  "   SELECT FROM unnest(CAST(:fields AS integer[]), CAST(:labels AS text[]),"              \
  "                      CAST(:operations AS integer[]), CAST(:operands AS text[]))"        \
  "     AS term (field, label, operation, operand)"                                         \
  "   CROSS JOIN LATERAL (SELECT CASE term.field WHEN 0 THEN industry WHEN 1 THEN currency" \
  "     WHEN 2 THEN parent_id WHEN 3 THEN coalesce(labels ->> term.label, '')"              \
  "     ELSE display_name END AS value) AS actual"                                          \
  "   WHERE NOT CASE term.operation WHEN 0 THEN actual.value = term.operand"                \
  "     WHEN 1 THEN actual.value <> term.operand"                                           \
  "     ELSE position(lower(term.operand COLLATE \"default\")"                              \
  "                   IN lower(actual.value COLLATE \"default\")) > 0 END)"

constexpr char kByIdUp[] = KAM_LIST_ACCOUNTS
    " AND account_id > :after_id"
    " ORDER BY account_id LIMIT CAST(:size AS bigint)";
constexpr char kByIdDown[] = KAM_LIST_ACCOUNTS
    " AND account_id < :after_id"
    " ORDER BY account_id DESC LIMIT CAST(:size AS bigint)";
constexpr char kByTimeUp[] = KAM_LIST_ACCOUNTS
    " AND (create_time, account_id) >"
    " (timestamptz 'epoch' + CAST(:after_time AS bigint) * interval '1 microsecond', :after_id)"
    " ORDER BY create_time, account_id LIMIT CAST(:size AS bigint)";
constexpr char kByTimeDown[] = KAM_LIST_ACCOUNTS
    " AND (create_time, account_id) <"
    " (timestamptz 'epoch' + CAST(:after_time AS bigint) * interval '1 microsecond', :after_id)"
    " ORDER BY create_time DESC, account_id DESC LIMIT CAST(:size AS bigint)";
constexpr char kByNameUp[] = KAM_LIST_ACCOUNTS
    " AND (display_name, account_id) > (:after_name, :after_id)"
    " ORDER BY display_name, account_id LIMIT CAST(:size AS bigint)";
constexpr char kByNameDown[] = KAM_LIST_ACCOUNTS
    " AND (display_name, account_id) < (:after_name, :after_id)"
    " ORDER BY display_name DESC, account_id DESC LIMIT CAST(:size AS bigint)";

// Where a page begins: after this key. The first page begins at a key beyond all that can be.
struct After {
  std::string id;
  int64_t time_us = 0;
  std::string name;
};

After Beyond(bool descending) {
  if (!descending) return {};
  constexpr int64_t kLastMicrosecond = 253'402'300'799'999'999;  // of the year 9999
  constexpr int kLongerThanAnyName = 257;
  After after{.id = "~", .time_us = kLastMicrosecond};
  for (int i = 0; i < kLongerThanAnyName; ++i) after.name += "\U0010FFFF";
  return after;
}

std::string KeyOf(const Account& account, Order order) {
  switch (order) {
    case Order::kId:
      return account.id;
    case Order::kCreateTime:
      return absl::StrCat(account.id, " ", absl::ToUnixMicros(account.create_time));
    case Order::kDisplayName:
      return absl::StrCat(account.id, " ", account.content.display_name);
  }
  return "";
}

absl::StatusOr<After> ReadKey(const std::string& key, Order order, bool descending) {
  if (key.empty()) return Beyond(descending);
  const std::pair<std::string, std::string> parts = absl::StrSplit(key, absl::MaxSplits(' ', 1));
  After after{.id = parts.first};
  if (order == Order::kDisplayName) after.name = parts.second;
  if (order == Order::kCreateTime && !absl::SimpleAtoi(parts.second, &after.time_us)) {
    return InvalidPageToken();
  }
  return after;
}

// The parameters of KAM_LIST_ACCOUNTS.
std::vector<Param> FilterParams(const AccountQuery& query) {
  std::vector<int32_t> fields, operations;
  std::vector<std::string> labels, operands;
  const std::string* parent = nullptr;
  for (const Term& term : query.filter) {
    if (term.field == Term::Field::kParent && term.operation == Term::Operation::kEquals &&
        parent == nullptr) {
      parent = &term.value;
      continue;
    }
    fields.push_back(static_cast<int32_t>(term.field));
    labels.push_back(term.label);
    operations.push_back(static_cast<int32_t>(term.operation));
    operands.push_back(term.value);
  }
  // Numbers that the statement knows.
  static_assert(static_cast<int>(Term::Field::kIndustry) == 0 &&
                static_cast<int>(Term::Field::kCurrency) == 1 &&
                static_cast<int>(Term::Field::kParent) == 2 &&
                static_cast<int>(Term::Field::kLabel) == 3 &&
                static_cast<int>(Term::Operation::kEquals) == 0 &&
                static_cast<int>(Term::Operation::kNotEquals) == 1);
  return {query.show_deleted, parent == nullptr, parent == nullptr ? "" : *parent, fields, labels,
          operations,         operands};
}

}  // namespace

absl::StatusOr<Page<Account>> ListAccounts(Session& session, const AccountQuery& query,
                                           const PageRequest& page) {
  const bool down = query.descending;
  KAM_ASSIGN_OR_RETURN(const After after, ReadKey(page.after, query.order, down));
  std::vector<Param> params = FilterParams(query);
  absl::string_view sql = down ? kByIdDown : kByIdUp;
  if (query.order == Order::kCreateTime) {
    sql = down ? kByTimeDown : kByTimeUp;
    params.emplace_back(after.time_us);
  } else if (query.order == Order::kDisplayName) {
    sql = down ? kByNameDown : kByNameUp;
    params.emplace_back(after.name);
  }
  params.emplace_back(after.id);
  params.emplace_back(static_cast<int64_t>(page.size) + 1);
  KAM_ASSIGN_OR_RETURN(const Rows rows, session.Query(sql, params));
  Page<Account> result{.items = ReadAccounts(rows), .next = ""};
  if (static_cast<int>(result.items.size()) > page.size) {
    result.items.pop_back();
    result.next = KeyOf(result.items.back(), query.order);
  }
  return result;
}

}  // namespace kam::store
