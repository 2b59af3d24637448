#include "domain/allocation/commit.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "domain/allocation/plans.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/grant_decisions.h"
#include "model/accounts/names.h"
#include "model/allocation/names.h"
#include "model/allocation/plan.h"
#include "model/benefits/names.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/accounts/accounts.h"
#include "store/allocation/allocation_items.h"
#include "store/allocation/allocation_plans.h"
#include "store/benefits/benefits.h"
#include "store/benefits/budgets.h"
#include "store/benefits/entitlements.h"
#include "store/criteria/evaluations.h"
#include "store/store.h"

namespace kam::domain {
namespace {

using Changes = std::vector<PreconditionViolation>;

absl::Status PlanStale(absl::string_view plan_id, Changes changes) {
  const std::string name = AllocationPlanName{std::string(plan_id)}.ToString();
  const size_t count = changes.size();
  if (count > limits::kMaxPlanChangesNamed) changes.resize(limits::kMaxPlanChangesNamed);
  ErrorDetails details{.reason = ErrorReason::kPlanStale, .metadata = {{"resource", name}}};
  details.resource = name;
  details.preconditions = std::move(changes);
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(name, " is stale: ", count,
                                " of the resources it stands on changed; plan again"),
                   details);
}

absl::Status CheckEvaluation(store::Transaction& tx, const AllocationPlan& plan, Changes& changes) {
  KAM_ASSIGN_OR_RETURN(const Evaluation evaluation, store::GetEvaluation(tx, plan.evaluation_id));
  KAM_ASSIGN_OR_RETURN(const std::optional<Evaluation> newest,
                       store::NewestEvaluation(tx, evaluation.scorecard_id));
  if (newest && newest->id != plan.evaluation_id) {
    changes.push_back({"EVALUATION", EvaluationName{plan.evaluation_id}.ToString(),
                       absl::StrCat("was followed by ", EvaluationName{newest->id}.ToString())});
  }
  return absl::OkStatus();
}

using Benefits = absl::flat_hash_map<std::string, Benefit>;

// Locks the plan's benefits, so that none changes before the commit.
absl::StatusOr<Benefits> LockBenefits(store::Transaction& tx, const AllocationPlan& plan,
                                      Changes& changes) {
  std::vector<std::string> ids;
  for (const auto& use : plan.summary.benefits()) ids.push_back(use.benefit_id());
  KAM_ASSIGN_OR_RETURN(std::vector<Benefit> found, store::FindBenefitsForUpdate(tx, ids));
  Benefits benefits;
  for (Benefit& benefit : found) benefits.emplace(benefit.id, std::move(benefit));
  for (const auto& use : plan.summary.benefits()) {
    const std::string name = BenefitName{use.benefit_id()}.ToString();
    const auto benefit = benefits.find(use.benefit_id());
    if (benefit == benefits.end()) return NotFound(name);
    if (benefit->second.version != use.version()) {
      changes.push_back({"BENEFIT", name, "was changed"});
    } else if (!CheckGrantable(benefit->second, nullptr, tx.now()).ok()) {
      changes.push_back({"BENEFIT", name, "cannot be granted any more"});
    }
  }
  return benefits;
}

std::vector<std::string> BudgetIdsOf(const AllocationPlan& plan) {
  std::vector<std::string> ids;
  for (const auto& use : plan.summary.budgets()) ids.push_back(use.budget_id());
  return ids;
}

// Compares the plan's budgets with what the plan saw.
void CheckBudgets(const AllocationPlan& plan, const std::vector<Budget>& budgets, absl::Time now,
                  Changes& changes) {
  for (const auto& use : plan.summary.budgets()) {
    const std::string name = BudgetName{use.budget_id()}.ToString();
    const auto budget = std::find_if(budgets.begin(), budgets.end(),
                                     [&](const Budget& one) { return one.id == use.budget_id(); });
    if (budget == budgets.end() || budget->version != use.version()) {
      changes.push_back({"BUDGET", name, "it or its ledger was changed"});
    } else if (budget->end_time <= now) {
      changes.push_back({"BUDGET", name, "its period is over"});
    }
  }
}

// Locks the accounts and looks at what has come about for them since the plan was made.
absl::Status CheckAccounts(store::Transaction& tx, const std::vector<Entitlement>& granted,
                           const Benefits& benefits, Changes& changes) {
  std::set<std::string> distinct;
  for (const Entitlement& entitlement : granted) distinct.insert(entitlement.account_id);
  if (distinct.empty()) return absl::OkStatus();
  const std::vector<std::string> ids(distinct.begin(), distinct.end());
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> accounts, store::LockAccounts(tx, ids));
  for (const Account& account : accounts) {
    if (account.delete_time) {
      changes.push_back({"ACCOUNT", AccountName{account.id}.ToString(), "was deleted"});
    }
  }
  KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> live, store::FindLive(tx, ids, tx.now()));
  absl::flat_hash_map<std::string, std::vector<const Entitlement*>> held;
  for (const Entitlement& entitlement : live) held[entitlement.account_id].push_back(&entitlement);
  for (const Entitlement& entitlement : granted) {
    const auto own = held.find(entitlement.account_id);
    if (own == held.end()) continue;
    const Entitlement* conflict = FindConflict(own->second, benefits.at(entitlement.benefit_id),
                                               entitlement.start_time, entitlement.end_time);
    if (conflict != nullptr) {
      changes.push_back({"ENTITLEMENT",
                         EntitlementName{conflict->account_id, conflict->id}.ToString(),
                         "was granted since the plan was made"});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Entitlement>> Draw(store::Transaction& tx, const AllocationPlan& plan,
                                              const Benefits& benefits,
                                              const std::string& principal) {
  KAM_ASSIGN_OR_RETURN(const std::vector<AllocationItem> items, store::GrantedItems(tx, plan.id));
  std::vector<Entitlement> entitlements;
  entitlements.reserve(items.size());
  for (const AllocationItem& item : items) {
    const auto found = benefits.find(item.benefit_id);
    if (found == benefits.end()) return Internal("a plan grants a benefit it did not plan with");
    const Benefit& benefit = found->second;
    entitlements.push_back({.id = NewTimeOrderedId(tx.now()),
                            .account_id = item.account_id,
                            .benefit_id = item.benefit_id,
                            .stacking_group = benefit.stacking_group,
                            .start_time = tx.now(),
                            .end_time = EndOf(benefit, tx.now()),
                            .budget_id = benefit.budget_id,
                            .reserved_cost = item.cost,
                            .currency = plan.currency,
                            .seats = item.seats,
                            .plan_id = plan.id,
                            .evaluation_id = plan.evaluation_id,
                            .principal = principal,
                            .reason = "allocation plan",
                            .version = 1,
                            .create_time = tx.now()});
  }
  return entitlements;
}

// What the grants do to the budgets.
absl::StatusOr<GrantEffects> Decide(std::vector<Entitlement> entitlements,
                                    const std::vector<Budget>& budgets) {
  GrantBook book;
  for (const Budget& budget : budgets) book.budgets.emplace(budget.id, budget);
  for (Entitlement& entitlement : entitlements) KAM_RETURN_IF_ERROR(book.Add(entitlement));
  return book.TakeEffects();
}

absl::Status Commit(store::Transaction& tx, const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, LockTarget(tx, operation));
  // The server died between committing the plan and finishing the operation.
  if (plan.state == PlanState::kCommitted) return absl::OkStatus();
  if (plan.state != PlanState::kCommitting) {
    return WrongState(AllocationPlanName{plan.id}.ToString(), NameOf(plan.state),
                      NameOf(PlanState::kCommitting));
  }
  Changes changes;
  KAM_RETURN_IF_ERROR(CheckEvaluation(tx, plan, changes));
  KAM_ASSIGN_OR_RETURN(const Benefits benefits, LockBenefits(tx, plan, changes));
  const std::vector<std::string> budget_ids = BudgetIdsOf(plan);
  KAM_ASSIGN_OR_RETURN(const std::vector<Budget> budgets, store::FindBudgets(tx, budget_ids));
  CheckBudgets(plan, budgets, tx.now(), changes);
  KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> entitlements,
                       Draw(tx, plan, benefits, operation.principal));
  KAM_RETURN_IF_ERROR(CheckAccounts(tx, entitlements, benefits, changes));
  if (!changes.empty()) return PlanStale(plan.id, std::move(changes));

  KAM_ASSIGN_OR_RETURN(const GrantEffects effects, Decide(entitlements, budgets));
  KAM_RETURN_IF_ERROR(store::InsertEntitlements(tx, effects.granted));
  plan.state = PlanState::kCommitted;
  plan.commit_time = tx.now();
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, ChangeKind::kPlanCommitted));

  // Budgets are locked last, so that others wait for them as shortly as can be. A grant may have
  // come between; if none has, they are as they were read.
  KAM_ASSIGN_OR_RETURN(const std::vector<Budget> locked,
                       store::FindBudgetsForUpdate(tx, budget_ids));
  CheckBudgets(plan, locked, tx.now(), changes);
  if (!changes.empty()) return PlanStale(plan.id, std::move(changes));
  KAM_RETURN_IF_ERROR(store::UpdateBudgets(tx, effects.budgets, ChangeKind::kBudgetMoved));
  return store::InsertEntries(tx, effects.lines);
}

}  // namespace

absl::Status CommitPlanJob::Run(jobs::JobContext& context) {
  const Operation& operation = context.operation();
  int64_t grants = 0;
  KAM_RETURN_IF_ERROR(context.store().Transact(
      {.read_only = true, .deadline = context.Deadline()}, [&](store::Transaction& tx) {
        KAM_ASSIGN_OR_RETURN(const AllocationPlan plan, GetTarget(tx, operation));
        grants = plan.grants;
        return absl::OkStatus();
      }));
  KAM_RETURN_IF_ERROR(context.Report("COMMITTING", 0, grants));
  return context.Step("COMMITTED", grants, grants, "",
                      [&](store::Transaction& tx) { return Commit(tx, operation); });
}

absl::StatusOr<bool> CommitPlanJob::Abandon(store::Transaction& tx, const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, LockTarget(tx, operation));
  if (plan.state != PlanState::kCommitting) return plan.state != PlanState::kCommitted;
  plan.state = PlanState::kReady;
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, ChangeKind::kPlanReady));
  return true;
}

}  // namespace kam::domain
