#include "store/allocation/allocation_plans.h"

#include "base/status_macros.h"
#include "model/allocation/names.h"
#include "model/error.h"
#include "store/changes/save.h"
#include "store/engine/keyset.h"

namespace kam::store {

template <>
struct Columns<AllocationPlan> {
  static constexpr absl::string_view kTable = "allocation_plans";
  static constexpr auto kList = std::tuple(
      Key("plan_id", &AllocationPlan::id), Column("evaluation_id", &AllocationPlan::evaluation_id),
      Column("wanted_benefits", &AllocationPlan::wanted_benefits),
      Column("state", &AllocationPlan::state), Column("currency", &AllocationPlan::currency),
      Column("summary", &AllocationPlan::summary), Column("grants", &AllocationPlan::grants),
      Column("accounts", &AllocationPlan::accounts), Column("cost", &AllocationPlan::cost),
      Column("value", &AllocationPlan::value), Column("version", &AllocationPlan::version),
      Column("create_time", &AllocationPlan::create_time),
      Column("ready_time", &AllocationPlan::ready_time),
      Column("commit_time", &AllocationPlan::commit_time),
      Column("commit_operation_id", &AllocationPlan::commit_operation_id));
  static Change ChangeOf(const AllocationPlan& plan) {
    return {.resource = AllocationPlanName{plan.id}.ToString(), .version = plan.version};
  }
};

namespace {

const std::string& Select() {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<AllocationPlan>("p"), " FROM allocation_plans p ");
  return sql;
}

absl::StatusOr<AllocationPlan> One(absl::StatusOr<std::optional<AllocationPlan>> found,
                                   absl::string_view id) {
  if (!found.ok()) return found.status();
  if (!*found) return NotFound(AllocationPlanName{std::string(id)}.ToString());
  return **std::move(found);
}

}  // namespace

absl::Status InsertPlan(Transaction& tx, const AllocationPlan& plan) {
  return Insert(tx, absl::Span<const AllocationPlan>(&plan, 1), ChangeKind::kPlanCreated);
}

absl::Status UpdatePlan(Transaction& tx, const AllocationPlan& plan, ChangeKind kind) {
  return Update(tx, plan, kind);
}

absl::StatusOr<AllocationPlan> GetPlan(Snapshot& snapshot, absl::string_view id) {
  static const std::string sql = absl::StrCat(Select(), "WHERE p.plan_id = :id");
  return One(QueryOptional<AllocationPlan>(snapshot.session(), sql, {id}), id);
}

absl::StatusOr<AllocationPlan> GetPlanForUpdate(Transaction& tx, absl::string_view id) {
  static const std::string sql = absl::StrCat(Select(), "WHERE p.plan_id = :id FOR UPDATE");
  return One(QueryOptional<AllocationPlan>(tx.session(), sql, {id}), id);
}

absl::StatusOr<Page<AllocationPlan>> ListPlans(Snapshot& snapshot, const PageRequest& page) {
  static const std::string sql = absl::StrCat(Select(), "WHERE true");
  return QueryPage<AllocationPlan>(snapshot.session(), sql, {},
                                   {.columns = {"plan_id"}, .descending = true, .alias = "p"},
                                   page);
}

absl::StatusOr<std::vector<AllocationPlan>> LockStrandedPlans(Transaction& tx) {
  // An operation and its plan begin in one transaction: a plan in a middle state that has none
  // under way has been left behind.
  static const std::string sql = absl::StrCat(Select(), R"(
      WHERE p.state IN (1, 3)
        AND NOT EXISTS (
          SELECT FROM operations o
          WHERE o.target = 'allocationPlans/' || p.plan_id AND o.state IN (1, 2))
      ORDER BY p.plan_id
      FOR UPDATE OF p SKIP LOCKED)");
  return QueryRows<AllocationPlan>(tx.session(), sql, {});
}

}  // namespace kam::store
