#include "store/allocation/plan_table.h"

#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "store/allocation/plan_json.h"
#include "store/engine/page_of.h"
#include "store/tables.h"

// The columns that ReadPlan takes.
#define PLAN_COLUMNS                                                                          \
  "plan_id, evaluation_id, wanted_benefits, state, currency, budgets::text, benefits::text, " \
  "grants, accounts, cost, value, version, "                                                  \
  "(extract(epoch FROM create_time) * 1000000)::bigint, "                                     \
  "(extract(epoch FROM ready_time) * 1000000)::bigint, "                                      \
  "(extract(epoch FROM commit_time) * 1000000)::bigint, commit_operation_id "

// The columns that ReadItems takes.
#define ITEM_COLUMNS "position, account_id, benefit_id, decision, cost, value, seats "

namespace kam::store {
namespace {

// Rows of one statement; bounds the memory of its parameters.
constexpr size_t kRowsPerInsert = 10'000;

// Greater than every id of `[0-9a-z]`: the key before the first page.
constexpr absl::string_view kAfterAllIds = "~";

absl::StatusOr<AllocationPlan> ReadPlan(const Rows& rows, int row) {
  AllocationPlan plan = {.id = rows.Text(row, 0),
                         .evaluation_id = rows.Text(row, 1),
                         .wanted_benefits = rows.Texts(row, 2),
                         .state = static_cast<PlanState>(rows.Int(row, 3)),
                         .currency = rows.Text(row, 4),
                         .grants = rows.Int(row, 7),
                         .accounts = rows.Int(row, 8),
                         .cost = rows.Int(row, 9),
                         .value = rows.Int(row, 10),
                         .version = rows.Int(row, 11),
                         .create_time = rows.Time(row, 12),
                         .ready_time = rows.OptionalTime(row, 13),
                         .commit_time = rows.OptionalTime(row, 14),
                         .commit_operation_id = rows.Text(row, 15)};
  KAM_ASSIGN_OR_RETURN(plan.budgets, BudgetUsesFromJson(rows.Text(row, 5)));
  KAM_ASSIGN_OR_RETURN(plan.benefits, BenefitUsesFromJson(rows.Text(row, 6)));
  return plan;
}

std::vector<AllocationItem> ReadItems(const Rows& rows) {
  std::vector<AllocationItem> items;
  items.reserve(rows.size());
  for (int row = 0; row < rows.size(); ++row) {
    items.push_back({.position = rows.Int(row, 0),
                     .account_id = rows.Text(row, 1),
                     .benefit_id = rows.Text(row, 2),
                     .decision = static_cast<AllocationDecision>(rows.Int(row, 3)),
                     .cost = rows.Int(row, 4),
                     .value = rows.Int(row, 5),
                     .seats = rows.Int(row, 6)});
  }
  return items;
}

class PostgresPlanTable final : public PlanTable {
 public:
  explicit PostgresPlanTable(Session& session) : session_(session) {}

  absl::Status Insert(const AllocationPlan& plan) override;
  absl::StatusOr<AllocationPlan> Get(absl::string_view id) override;
  absl::StatusOr<AllocationPlan> GetForUpdate(absl::string_view id) override;
  absl::Status Update(const AllocationPlan& plan) override;
  absl::StatusOr<Page<AllocationPlan>> List(const PageRequest& page) override;
  absl::Status ReplaceItems(absl::string_view plan_id,
                            absl::Span<const AllocationItem> items) override;
  absl::StatusOr<Page<AllocationItem>> ListItems(absl::string_view plan_id,
                                                 absl::string_view account_id, bool granted_only,
                                                 const PageRequest& page) override;
  absl::StatusOr<std::vector<AllocationItem>> GrantedItems(absl::string_view plan_id) override;

 private:
  absl::Status InsertItems(absl::string_view plan_id, absl::Span<const AllocationItem> items);

  Session& session_;
};

absl::StatusOr<AllocationPlan> One(const Rows& rows, absl::string_view id) {
  if (rows.empty()) return NotFound(PlanName(id));
  return ReadPlan(rows, 0);
}

absl::Status PostgresPlanTable::Insert(const AllocationPlan& plan) {
  constexpr char kSql[] = R"(
      INSERT INTO allocation_plans (plan_id, evaluation_id, wanted_benefits, state, currency,
                                    budgets, benefits, grants, accounts, cost, value, version,
                                    create_time, ready_time, commit_time, commit_operation_id)
      VALUES (:id, :evaluation, CAST(:wanted AS text[]), :state, :currency,
              CAST(:budgets AS jsonb), CAST(:benefits AS jsonb), :grants, :accounts, :cost, :value,
              :version, 'epoch'::timestamptz + CAST(:created AS bigint) * interval '1 microsecond',
              'epoch'::timestamptz + CAST(:ready AS bigint) * interval '1 microsecond',
              'epoch'::timestamptz + CAST(:committed AS bigint) * interval '1 microsecond',
              :commit_operation)
      ON CONFLICT (plan_id) DO NOTHING)";
  KAM_ASSIGN_OR_RETURN(
      const int64_t inserted,
      session_.Execute(kSql, {plan.id, plan.evaluation_id, plan.wanted_benefits,
                              static_cast<int32_t>(plan.state), plan.currency, ToJson(plan.budgets),
                              ToJson(plan.benefits), plan.grants, plan.accounts, plan.cost,
                              plan.value, plan.version, plan.create_time, plan.ready_time,
                              plan.commit_time, plan.commit_operation_id}));
  if (inserted == 0) return AlreadyExists(PlanName(plan.id));
  return absl::OkStatus();
}

absl::StatusOr<AllocationPlan> PostgresPlanTable::Get(absl::string_view id) {
  constexpr char kSql[] = "SELECT " PLAN_COLUMNS "FROM allocation_plans WHERE plan_id = :id";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {id}));
  return One(rows, id);
}

absl::StatusOr<AllocationPlan> PostgresPlanTable::GetForUpdate(absl::string_view id) {
  constexpr char kSql[] =
      "SELECT " PLAN_COLUMNS "FROM allocation_plans WHERE plan_id = :id FOR UPDATE";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {id}));
  return One(rows, id);
}

absl::Status PostgresPlanTable::Update(const AllocationPlan& plan) {
  constexpr char kSql[] = R"(
      UPDATE allocation_plans
      SET state = :state, budgets = CAST(:budgets AS jsonb), benefits = CAST(:benefits AS jsonb),
          grants = :grants, accounts = :accounts, cost = :cost, value = :value, version = :version,
          ready_time = 'epoch'::timestamptz + CAST(:ready AS bigint) * interval '1 microsecond',
          commit_time = 'epoch'::timestamptz
                        + CAST(:committed AS bigint) * interval '1 microsecond',
          commit_operation_id = :commit_operation
      WHERE plan_id = :id)";
  KAM_ASSIGN_OR_RETURN(
      const int64_t updated,
      session_.Execute(
          kSql, {static_cast<int32_t>(plan.state), ToJson(plan.budgets), ToJson(plan.benefits),
                 plan.grants, plan.accounts, plan.cost, plan.value, plan.version, plan.ready_time,
                 plan.commit_time, plan.commit_operation_id, plan.id}));
  if (updated == 0) return NotFound(PlanName(plan.id));
  return absl::OkStatus();
}

absl::StatusOr<Page<AllocationPlan>> PostgresPlanTable::List(const PageRequest& page) {
  constexpr char kSql[] = "SELECT " PLAN_COLUMNS
                          "FROM allocation_plans WHERE plan_id < :before "
                          "ORDER BY plan_id DESC LIMIT :size";
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query(
          kSql, {page.after.empty() ? Param(kAfterAllIds) : Param(page.after), page.size + 1}));
  std::vector<AllocationPlan> plans;
  for (int row = 0; row < rows.size(); ++row) {
    KAM_ASSIGN_OR_RETURN(AllocationPlan plan, ReadPlan(rows, row));
    plans.push_back(std::move(plan));
  }
  return PageOf(std::move(plans), page, [](const AllocationPlan& plan) { return plan.id; });
}

absl::Status PostgresPlanTable::InsertItems(absl::string_view plan_id,
                                            absl::Span<const AllocationItem> items) {
  std::vector<int64_t> positions, costs, values, seats;
  std::vector<std::string> accounts, benefits;
  std::vector<int32_t> decisions;
  for (const AllocationItem& item : items) {
    positions.push_back(item.position);
    accounts.push_back(item.account_id);
    benefits.push_back(item.benefit_id);
    decisions.push_back(static_cast<int32_t>(item.decision));
    costs.push_back(item.cost);
    values.push_back(item.value);
    seats.push_back(item.seats);
  }
  constexpr char kSql[] = R"(
      INSERT INTO allocation_items (plan_id, position, account_id, benefit_id, decision, cost,
                                    value, seats)
      SELECT CAST(:plan AS text), position, account_id, benefit_id, decision, cost, value, seats
      FROM unnest(CAST(:positions AS bigint[]), CAST(:accounts AS text[]),
                  CAST(:benefits AS text[]), CAST(:decisions AS smallint[]),
                  CAST(:costs AS bigint[]), CAST(:values AS bigint[]), CAST(:seats AS bigint[]))
        AS item (position, account_id, benefit_id, decision, cost, value, seats))";
  return session_
      .Execute(kSql, {plan_id, positions, accounts, benefits, decisions, costs, values, seats})
      .status();
}

absl::Status PostgresPlanTable::ReplaceItems(absl::string_view plan_id,
                                             absl::Span<const AllocationItem> items) {
  constexpr char kSql[] = "DELETE FROM allocation_items WHERE plan_id = :plan";
  KAM_RETURN_IF_ERROR(session_.Execute(kSql, {plan_id}).status());
  for (size_t at = 0; at < items.size(); at += kRowsPerInsert) {
    KAM_RETURN_IF_ERROR(InsertItems(plan_id, items.subspan(at, kRowsPerInsert)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Page<AllocationItem>> PostgresPlanTable::ListItems(absl::string_view plan_id,
                                                                  absl::string_view account_id,
                                                                  bool granted_only,
                                                                  const PageRequest& page) {
  constexpr char kAll[] = "SELECT " ITEM_COLUMNS
                          "FROM allocation_items "
                          "WHERE plan_id = :plan AND position > CAST(:after AS bigint) "
                          "ORDER BY position LIMIT :size";
  constexpr char kGranted[] = "SELECT " ITEM_COLUMNS
                              "FROM allocation_items "
                              "WHERE plan_id = :plan AND position > CAST(:after AS bigint) "
                              "AND decision = 1 ORDER BY position LIMIT :size";
  constexpr char kOfAccount[] =
      "SELECT " ITEM_COLUMNS
      "FROM allocation_items "
      "WHERE plan_id = :plan AND position > CAST(:after AS bigint) AND account_id = :account "
      "ORDER BY position LIMIT :size";
  constexpr char kOfAccountGranted[] =
      "SELECT " ITEM_COLUMNS
      "FROM allocation_items "
      "WHERE plan_id = :plan AND position > CAST(:after AS bigint) AND account_id = :account "
      "AND decision = 1 ORDER BY position LIMIT :size";
  int64_t after = 0;
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &after)) {
    return InvalidPageToken();
  }
  std::vector<Param> params = {plan_id, after};
  if (!account_id.empty()) params.push_back(account_id);
  params.push_back(page.size + 1);
  const char* sql = account_id.empty() ? (granted_only ? kGranted : kAll)
                                       : (granted_only ? kOfAccountGranted : kOfAccount);
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(sql, params));
  return PageOf(ReadItems(rows), page,
                [](const AllocationItem& item) { return absl::StrCat(item.position); });
}

absl::StatusOr<std::vector<AllocationItem>> PostgresPlanTable::GrantedItems(
    absl::string_view plan_id) {
  constexpr char kSql[] = "SELECT " ITEM_COLUMNS
                          "FROM allocation_items WHERE plan_id = :plan AND decision = 1 "
                          "ORDER BY position";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {plan_id}));
  return ReadItems(rows);
}

}  // namespace

std::unique_ptr<PlanTable> MakePlanTable(Session& session) {
  return std::make_unique<PostgresPlanTable>(session);
}

}  // namespace kam::store
