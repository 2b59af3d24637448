#include "domain/allocation/commit.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "domain/allocation/plans.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/entitlements.h"
#include "model/accounts/names.h"
#include "model/allocation/plan.h"
#include "model/error.h"
#include "model/names.h"
#include "store/accounts/accounts.h"
#include "store/store.h"

namespace kam::domain {
namespace {

// Enough to see what is wrong; the rest is counted.
constexpr size_t kMaxChangesNamed = 50;

using Changes = std::vector<PreconditionViolation>;

absl::Status PlanStale(absl::string_view plan_id, Changes changes) {
  const std::string name = PlanName(plan_id);
  const size_t count = changes.size();
  if (count > kMaxChangesNamed) changes.resize(kMaxChangesNamed);
  ErrorDetails details{.reason = ErrorReason::kPlanStale, .metadata = {{"resource", name}}};
  details.resource = name;
  details.preconditions = std::move(changes);
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(name, " is stale: ", count,
                                " of the resources it stands on changed; plan again"),
                   details);
}

absl::Status CheckEvaluation(store::Transaction& tx, const AllocationPlan& plan, Changes& changes) {
  KAM_ASSIGN_OR_RETURN(const Evaluation evaluation,
                       tx.criteria().GetEvaluation(plan.evaluation_id));
  KAM_ASSIGN_OR_RETURN(const std::optional<Evaluation> newest,
                       tx.criteria().NewestEvaluation(evaluation.scorecard_id));
  if (newest && newest->id != plan.evaluation_id) {
    changes.push_back({"EVALUATION", EvaluationName(plan.evaluation_id),
                       absl::StrCat("was followed by ", EvaluationName(newest->id))});
  }
  return absl::OkStatus();
}

// Locks the plan's benefits, so that none changes before the commit.
absl::StatusOr<absl::flat_hash_map<std::string, Benefit>> LockBenefits(store::Transaction& tx,
                                                                       const AllocationPlan& plan,
                                                                       absl::Time now,
                                                                       Changes& changes) {
  absl::flat_hash_map<std::string, Benefit> benefits;
  for (const BenefitUse& use : plan.benefits) {
    KAM_ASSIGN_OR_RETURN(Benefit benefit, tx.benefits().GetBenefitForUpdate(use.benefit_id));
    if (benefit.version != use.version) {
      changes.push_back({"BENEFIT", BenefitName(benefit.id), "was changed"});
    } else if (!CheckGrantable(benefit, nullptr, now).ok()) {
      changes.push_back({"BENEFIT", BenefitName(benefit.id), "cannot be granted any more"});
    }
    benefits.emplace(use.benefit_id, std::move(benefit));
  }
  return benefits;
}

enum class BudgetLock { kNone, kForUpdate };

absl::Status CheckBudgets(store::Transaction& tx, const AllocationPlan& plan, absl::Time now,
                          BudgetLock lock, Changes& changes) {
  for (const BudgetUse& use : plan.budgets) {
    KAM_ASSIGN_OR_RETURN(const Budget budget, lock == BudgetLock::kForUpdate
                                                  ? tx.benefits().GetBudgetForUpdate(use.budget_id)
                                                  : tx.benefits().GetBudget(use.budget_id));
    if (budget.version != use.version) {
      changes.push_back({"BUDGET", BudgetName(budget.id), "it or its ledger was changed"});
    } else if (budget.end_time <= now) {
      changes.push_back({"BUDGET", BudgetName(budget.id), "its period is over"});
    }
  }
  return absl::OkStatus();
}

// Locks the accounts and looks at what has come about for them since the plan was made.
absl::Status CheckAccounts(store::Transaction& tx, const std::vector<Entitlement>& granted,
                           const absl::flat_hash_map<std::string, Benefit>& benefits,
                           absl::Time now, Changes& changes) {
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
  KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> live, tx.benefits().FindLive(ids, now));
  absl::flat_hash_map<std::string, std::vector<Entitlement>> held;
  for (const Entitlement& entitlement : live) held[entitlement.account_id].push_back(entitlement);
  for (const Entitlement& entitlement : granted) {
    const auto own = held.find(entitlement.account_id);
    if (own == held.end()) continue;
    const Entitlement* conflict = FindConflict(own->second, benefits.at(entitlement.benefit_id),
                                               entitlement.start_time, entitlement.end_time);
    if (conflict != nullptr) {
      changes.push_back({"ENTITLEMENT", EntitlementName(conflict->account_id, conflict->id),
                         "was granted since the plan was made"});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Entitlement>> Draw(
    store::Transaction& tx, const AllocationPlan& plan,
    const absl::flat_hash_map<std::string, Benefit>& benefits, absl::string_view principal,
    absl::Time now) {
  KAM_ASSIGN_OR_RETURN(const std::vector<AllocationItem> items, tx.plans().GrantedItems(plan.id));
  std::vector<Entitlement> entitlements;
  entitlements.reserve(items.size());
  for (const AllocationItem& item : items) {
    const Benefit& benefit = benefits.at(item.benefit_id);
    Entitlement entitlement = {.id = NewTimeOrderedId(now),
                               .account_id = item.account_id,
                               .benefit_id = item.benefit_id,
                               .stacking_group = benefit.stacking_group,
                               .budget_id = benefit.budget_id,
                               .reserved_cost = item.cost,
                               .currency = plan.currency,
                               .seats = item.seats,
                               .plan_id = plan.id,
                               .evaluation_id = plan.evaluation_id,
                               .principal = std::string(principal),
                               .reason = "allocation plan",
                               .version = 1};
    entitlement.start_time = now;
    entitlement.end_time = EndOf(benefit, now);
    entitlement.create_time = now;
    entitlements.push_back(std::move(entitlement));
  }
  return entitlements;
}

absl::Status Grant(store::Transaction& tx, const std::vector<Entitlement>& entitlements) {
  KAM_RETURN_IF_ERROR(tx.benefits().InsertEntitlements(entitlements));
  std::set<std::string> accounts;
  for (const Entitlement& entitlement : entitlements) accounts.insert(entitlement.account_id);
  return tx.calls().AppendAccountChanges(
      "entitlement.granted", std::vector<std::string>(accounts.begin(), accounts.end()));
}

absl::Status Reserve(store::Transaction& tx, const std::vector<Entitlement>& entitlements) {
  std::map<std::string, std::vector<BudgetEntry>> lines;  // in the order of budget ids
  for (const Entitlement& entitlement : entitlements) {
    if (!entitlement.budget_id.empty()) {
      lines[entitlement.budget_id].push_back(ReserveLine(entitlement));
    }
  }
  for (const auto& [budget_id, entries] : lines) {
    KAM_RETURN_IF_ERROR(tx.benefits().ApplyEntries(budget_id, entries));
  }
  return absl::OkStatus();
}

absl::Status Commit(store::Transaction& tx, const Operation& operation, absl::Time now) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, tx.plans().GetForUpdate(LastId(operation.target)));
  // The server died between committing the plan and finishing the operation.
  if (plan.state == PlanState::kCommitted) return absl::OkStatus();
  if (plan.state != PlanState::kCommitting) {
    return WrongState(PlanName(plan.id), StateLabel(plan.state), "COMMITTING");
  }
  Changes changes;
  KAM_RETURN_IF_ERROR(CheckEvaluation(tx, plan, changes));
  KAM_ASSIGN_OR_RETURN(const auto benefits, LockBenefits(tx, plan, now, changes));
  KAM_RETURN_IF_ERROR(CheckBudgets(tx, plan, now, BudgetLock::kNone, changes));
  KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> entitlements,
                       Draw(tx, plan, benefits, operation.principal, now));
  KAM_RETURN_IF_ERROR(CheckAccounts(tx, entitlements, benefits, now, changes));
  if (!changes.empty()) return PlanStale(plan.id, std::move(changes));
  KAM_RETURN_IF_ERROR(Grant(tx, entitlements));
  plan.state = PlanState::kCommitted;
  plan.commit_time = now;
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, "plan.committed"));

  // Budgets last, so that others wait for them as shortly as can be; a grant may have come between.
  KAM_RETURN_IF_ERROR(CheckBudgets(tx, plan, now, BudgetLock::kForUpdate, changes));
  if (!changes.empty()) return PlanStale(plan.id, std::move(changes));
  return Reserve(tx, entitlements);
}

}  // namespace

absl::Status CommitPlanJob::Run(jobs::JobContext& context) {
  const Operation& operation = context.operation();
  int64_t grants = 0;
  KAM_RETURN_IF_ERROR(context.store().Transact(
      {.read_only = true, .deadline = context.Deadline()}, [&](store::Transaction& tx) {
        KAM_ASSIGN_OR_RETURN(const AllocationPlan plan, tx.plans().Get(LastId(operation.target)));
        grants = plan.grants;
        return absl::OkStatus();
      }));
  KAM_RETURN_IF_ERROR(context.Report("COMMITTING", 0, grants));
  return context.Step("COMMITTED", grants, grants, "",
                      [&](store::Transaction& tx) { return Commit(tx, operation, context.Now()); });
}

absl::StatusOr<bool> CommitPlanJob::Abandon(store::Transaction& tx, const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, tx.plans().GetForUpdate(LastId(operation.target)));
  if (plan.state != PlanState::kCommitting) return plan.state != PlanState::kCommitted;
  plan.state = PlanState::kReady;
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, "plan.ready"));
  return true;
}

}  // namespace kam::domain
