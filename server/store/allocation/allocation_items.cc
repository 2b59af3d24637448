#include "store/allocation/allocation_items.h"

#include "base/status_macros.h"
#include "store/engine/keyset.h"
#include "store/engine/table.h"

namespace kam::store {

template <>
struct Columns<AllocationItem> {
  static constexpr absl::string_view kTable = "allocation_items";
  static constexpr auto kList = std::tuple(
      Key("plan_id", &AllocationItem::plan_id), Key("position", &AllocationItem::position),
      Column("account_id", &AllocationItem::account_id),
      Column("benefit_id", &AllocationItem::benefit_id),
      Column("decision", &AllocationItem::decision), Column("cost", &AllocationItem::cost),
      Column("value", &AllocationItem::value), Column("seats", &AllocationItem::seats));
};

namespace {

// Rows of one statement; bounds the memory of its parameters.
constexpr size_t kRowsPerInsert = 10'000;

std::string SelectOfPlan(bool granted_only) {
  return absl::StrCat("SELECT ", SelectList<AllocationItem>(),
                      " FROM allocation_items WHERE plan_id = :plan",
                      granted_only ? " AND decision = 1" : "");
}

}  // namespace

absl::Status ReplaceItems(Transaction& tx, absl::string_view plan_id,
                          absl::Span<const AllocationItem> items) {
  constexpr char kSql[] = "DELETE FROM allocation_items WHERE plan_id = :plan";
  KAM_RETURN_IF_ERROR(tx.session().Execute(kSql, {plan_id}).status());
  for (size_t at = 0; at < items.size(); at += kRowsPerInsert) {
    KAM_RETURN_IF_ERROR(InsertRows(tx.session(), items.subspan(at, kRowsPerInsert)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Page<AllocationItem>> ListItems(Snapshot& snapshot, absl::string_view plan_id,
                                               absl::string_view account_id, bool granted_only,
                                               const PageRequest& page) {
  std::string sql = SelectOfPlan(granted_only);
  std::vector<Param> params = {plan_id};
  if (!account_id.empty()) {
    sql += " AND account_id = :account";
    params.emplace_back(account_id);
  }
  return QueryPage<AllocationItem>(snapshot.session(), sql, std::move(params),
                                   {.columns = {"position"}}, page);
}

absl::StatusOr<std::vector<AllocationItem>> GrantedItems(Snapshot& snapshot,
                                                         absl::string_view plan_id) {
  static const std::string sql = SelectOfPlan(/*granted_only=*/true) + " ORDER BY position";
  return QueryRows<AllocationItem>(snapshot.session(), sql, {plan_id});
}

}  // namespace kam::store
