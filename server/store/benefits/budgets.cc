#include "store/benefits/budgets.h"

#include "base/status_macros.h"
#include "model/benefits/names.h"
#include "model/error.h"
#include "store/changes/save.h"
#include "store/engine/keyset.h"

namespace kam::store {

template <>
struct Columns<Budget> {
  static constexpr absl::string_view kTable = "budgets";
  static constexpr auto kList = std::tuple(
      Key("budget_id", &Budget::id), Column("display_name", &Budget::display_name),
      Column("currency", &Budget::currency), Column("money_limit", &Budget::limit),
      Column("account_limit", &Budget::account_limit), Column("seat_limit", &Budget::seat_limit),
      Column("start_time", &Budget::start_time), Column("end_time", &Budget::end_time),
      Column("reserved", &Budget::reserved), Column("spent", &Budget::spent),
      Column("seats_reserved", &Budget::seats_reserved), Column("entries", &Budget::entries),
      Column("version", &Budget::version), Column("create_time", &Budget::create_time),
      Column("update_time", &Budget::update_time));
  static Change ChangeOf(const Budget& budget) {
    return {.resource = BudgetName{budget.id}.ToString(), .version = budget.version};
  }
};

template <>
struct Columns<BudgetEntry> {
  static constexpr absl::string_view kTable = "budget_entries";
  static constexpr auto kList = std::tuple(
      Key("budget_id", &BudgetEntry::budget_id), Key("number", &BudgetEntry::number),
      Column("kind", &BudgetEntry::kind), Column("amount", &BudgetEntry::amount),
      Column("seats", &BudgetEntry::seats), Column("account_id", &BudgetEntry::account_id),
      Column("entitlement_id", &BudgetEntry::entitlement_id),
      Column("reason", &BudgetEntry::reason), Column("principal", &BudgetEntry::principal),
      Column("create_time", &BudgetEntry::create_time));
};

namespace {

const std::string& SelectByIds() {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Budget>(),
                   " FROM budgets WHERE budget_id = ANY(CAST(:ids AS text[])) ORDER BY budget_id");
  return sql;
}

absl::StatusOr<Budget> One(absl::StatusOr<std::vector<Budget>> found, absl::string_view id) {
  if (!found.ok()) return found.status();
  if (found->empty()) return NotFound(BudgetName{std::string(id)}.ToString());
  return std::move(found->front());
}

}  // namespace

absl::Status InsertBudget(Transaction& tx, const Budget& budget) {
  KAM_ASSIGN_OR_RETURN(const bool is_new, InsertIfNew(tx, budget, ChangeKind::kBudgetCreated));
  if (!is_new) return AlreadyExists(BudgetName{budget.id}.ToString());
  return absl::OkStatus();
}

absl::Status UpdateBudgets(Transaction& tx, absl::Span<const Budget> budgets, ChangeKind kind) {
  if (budgets.empty()) return absl::OkStatus();
  static const std::string sql =
      absl::StrCat(table::UpdateSql<Budget>(), " AND t.version = r.version - 1");
  KAM_ASSIGN_OR_RETURN(const int64_t updated, tx.session().Execute(sql, ArraysOf(budgets)));
  if (updated != static_cast<int64_t>(budgets.size())) return Internal("a locked budget changed");
  return save::Log(tx, budgets, kind);
}

absl::StatusOr<Budget> GetBudget(Snapshot& snapshot, absl::string_view id) {
  const std::string wanted(id);
  return One(FindBudgets(snapshot, {&wanted, 1}), id);
}

absl::StatusOr<Budget> GetBudgetForUpdate(Transaction& tx, absl::string_view id) {
  const std::string wanted(id);
  return One(FindBudgetsForUpdate(tx, {&wanted, 1}), id);
}

absl::StatusOr<std::vector<Budget>> FindBudgets(Snapshot& snapshot,
                                                absl::Span<const std::string> ids) {
  return QueryRows<Budget>(snapshot.session(), SelectByIds(), {ids});
}

absl::StatusOr<std::vector<Budget>> FindBudgetsForUpdate(Transaction& tx,
                                                         absl::Span<const std::string> ids) {
  static const std::string sql = absl::StrCat(SelectByIds(), " FOR UPDATE");
  return QueryRows<Budget>(tx.session(), sql, {ids});
}

absl::StatusOr<Page<Budget>> ListBudgets(Snapshot& snapshot, const PageRequest& page) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Budget>(), " FROM budgets WHERE true");
  return QueryPage<Budget>(snapshot.session(), sql, {}, {.columns = {"budget_id"}}, page);
}

absl::Status InsertEntries(Transaction& tx, absl::Span<const BudgetEntry> entries) {
  return InsertRows(tx.session(), entries).status();
}

absl::StatusOr<Page<BudgetEntry>> ListEntries(Snapshot& snapshot, absl::string_view budget_id,
                                              const PageRequest& page) {
  static const std::string sql = absl::StrCat("SELECT ", SelectList<BudgetEntry>(),
                                              " FROM budget_entries WHERE budget_id = :budget");
  return QueryPage<BudgetEntry>(snapshot.session(), sql, {budget_id},
                                {.columns = {"number"}, .descending = true}, page);
}

}  // namespace kam::store
