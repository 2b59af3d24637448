#include "domain/allocation/planning.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/allocation/greedy.h"
#include "domain/allocation/plan_inputs.h"
#include "domain/allocation/plans.h"
#include "domain/benefits/budgets.h"
#include "domain/benefits/cost_and_value.h"
#include "domain/benefits/eligibility.h"
#include "model/allocation/plan.h"
#include "model/error.h"
#include "model/names.h"
#include "store/accounts/accounts.h"
#include "store/store.h"

namespace kam::domain {
namespace {

constexpr size_t kAccountsPerRead = 10'000;

// The problem of one plan, put together from the store.
struct PlanProblem {
  std::vector<PlannableBenefit> plannable;  // as problem.benefits
  std::vector<Budget> budgets;              // as problem.budgets, by id
  AllocationProblem problem;
};

absl::Status AddBudgets(store::Transaction& tx, PlanProblem& made) {
  absl::flat_hash_map<std::string, int> indexes;
  for (const PlannableBenefit& plannable : made.plannable) {
    BenefitOption option = {.id = plannable.benefit.id,
                            .stacking_group = plannable.benefit.stacking_group};
    if (plannable.budget) {
      const Budget& budget = *plannable.budget;
      const auto [at, added] = indexes.try_emplace(budget.id, made.budgets.size());
      option.budget = at->second;
      if (added) made.budgets.push_back(budget);
    }
    made.problem.benefits.push_back(std::move(option));
  }
  for (const Budget& budget : made.budgets) {
    BudgetRoom room = {.available = AvailableOf(budget), .account_limit = budget.account_limit};
    if (budget.seat_limit) room.seats = *budget.seat_limit - budget.seats_reserved;
    if (budget.account_limit) {
      KAM_ASSIGN_OR_RETURN(room.taken_by_account, tx.benefits().ReservedByAccounts(budget.id));
    }
    made.problem.budgets.push_back(std::move(room));
  }
  return absl::OkStatus();
}

// Adds the pairs that an assessed account is eligible for.
absl::Status AddCandidates(const StoredAssessment& assessment, PlanProblem& made) {
  const ExpectedYear year = ExpectedYearOf(assessment);
  bool known = false;
  for (size_t i = 0; i < made.plannable.size(); ++i) {
    const Benefit& benefit = made.plannable[i].benefit;
    if (!IsEligible(benefit.eligibility, assessment)) continue;
    if (!known) made.problem.accounts.push_back(assessment.account_id);
    known = true;
    Candidate candidate = {.account = static_cast<int32_t>(made.problem.accounts.size() - 1),
                           .benefit = static_cast<int32_t>(i),
                           .seats = SeatsOf(benefit)};
    KAM_ASSIGN_OR_RETURN(candidate.cost, ExpectedCost(benefit, year));
    KAM_ASSIGN_OR_RETURN(candidate.value, ExpectedValue(benefit, year));
    made.problem.candidates.push_back(candidate);
  }
  return absl::OkStatus();
}

// Takes out accounts that were deleted since the evaluation, and those of another currency: an
// evaluation lets them pass as long as they have no orders, and a grant to them is refused.
absl::Status DropUngrantable(store::Transaction& tx, absl::string_view currency,
                             AllocationProblem& problem) {
  absl::flat_hash_set<std::string> live;
  const absl::Span<const std::string> ids = problem.accounts;
  for (size_t at = 0; at < ids.size(); at += kAccountsPerRead) {
    KAM_ASSIGN_OR_RETURN(const std::vector<Account> found,
                         store::FindAccounts(tx, ids.subspan(at, kAccountsPerRead)));
    for (const Account& account : found) {
      if (!account.delete_time && account.content.currency == currency) live.insert(account.id);
    }
  }
  std::erase_if(problem.candidates, [&](const Candidate& candidate) {
    return !live.contains(problem.accounts[candidate.account]);
  });
  return absl::OkStatus();
}

absl::StatusOr<PlanProblem> Load(store::Transaction& tx, const AllocationPlan& plan,
                                 absl::Time now) {
  PlanProblem made;
  // Budgets are read before what is held: a grant in between changes its budget's version, and the
  // commit finds the plan stale.
  KAM_ASSIGN_OR_RETURN(made.plannable,
                       BenefitsForPlan(tx, plan.wanted_benefits, plan.currency, now));
  KAM_RETURN_IF_ERROR(AddBudgets(tx, made));
  KAM_RETURN_IF_ERROR(tx.criteria().ReadAssessments(
      plan.evaluation_id,
      [&](const StoredAssessment& assessment) { return AddCandidates(assessment, made); }));
  KAM_RETURN_IF_ERROR(DropUngrantable(tx, plan.currency, made.problem));
  KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> live, tx.benefits().FindLive({}, now));
  for (const Entitlement& held : live) {
    made.problem.held.push_back({held.account_id, held.benefit_id, held.stacking_group});
  }
  return made;
}

absl::Status AddTo(int64_t& sum, int64_t amount) {
  KAM_ASSIGN_OR_RETURN(sum, CheckedAdd(sum, amount));
  return absl::OkStatus();
}

// Writes the sums of the items into the plan.
absl::Status Summarise(const PlanProblem& made, const std::vector<AllocationItem>& items,
                       const std::vector<const Candidate*>& candidates, AllocationPlan& plan) {
  plan.budgets.clear();
  plan.benefits.clear();
  for (const Budget& budget : made.budgets) {
    plan.budgets.push_back({.budget_id = budget.id,
                            .version = budget.version,
                            .currency = budget.currency,
                            .available = AvailableOf(budget)});
  }
  for (const PlannableBenefit& plannable : made.plannable) {
    plan.benefits.push_back(
        {.benefit_id = plannable.benefit.id, .version = plannable.benefit.version});
  }
  absl::flat_hash_set<int32_t> accounts;
  plan.grants = plan.cost = plan.value = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    const AllocationItem& item = items[i];
    BenefitUse& benefit = plan.benefits[candidates[i]->benefit];
    ++benefit.candidates;
    if (item.decision != AllocationDecision::kGranted) continue;
    ++plan.grants;
    ++benefit.grants;
    accounts.insert(candidates[i]->account);
    KAM_RETURN_IF_ERROR(AddTo(benefit.cost, item.cost));
    KAM_RETURN_IF_ERROR(AddTo(benefit.value, item.value));
    KAM_RETURN_IF_ERROR(AddTo(plan.cost, item.cost));
    KAM_RETURN_IF_ERROR(AddTo(plan.value, item.value));
    const int budget = made.problem.benefits[candidates[i]->benefit].budget;
    if (budget < 0) continue;
    ++plan.budgets[budget].grants;
    plan.budgets[budget].seats += item.seats;
    KAM_RETURN_IF_ERROR(AddTo(plan.budgets[budget].reserved, item.cost));
  }
  plan.accounts = static_cast<int64_t>(accounts.size());
  std::sort(plan.budgets.begin(), plan.budgets.end(),
            [](const BudgetUse& a, const BudgetUse& b) { return a.budget_id < b.budget_id; });
  return absl::OkStatus();
}

absl::Status MakePlan(store::Transaction& tx, const std::string& plan_id, absl::Time now) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, tx.plans().Get(plan_id));
  KAM_RETURN_IF_ERROR(EvaluationForPlan(tx, plan.evaluation_id).status());
  KAM_ASSIGN_OR_RETURN(const PlanProblem made, Load(tx, plan, now));

  std::vector<AllocationItem> items;
  std::vector<const Candidate*> candidates;
  for (const auto& [index, decision] : AllocateGreedily(made.problem)) {
    const Candidate& candidate = made.problem.candidates[index];
    candidates.push_back(&candidate);
    items.push_back({.position = static_cast<int64_t>(items.size()) + 1,
                     .account_id = made.problem.accounts[candidate.account],
                     .benefit_id = made.problem.benefits[candidate.benefit].id,
                     .decision = decision,
                     .cost = candidate.cost,
                     .value = candidate.value,
                     .seats = candidate.seats});
  }
  // Locked only now, so that it can be read and discarded while it is made.
  KAM_ASSIGN_OR_RETURN(plan, tx.plans().GetForUpdate(plan_id));
  if (plan.state != PlanState::kRunning) {
    return WrongState(PlanName(plan_id), StateLabel(plan.state), "RUNNING");
  }
  KAM_RETURN_IF_ERROR(Summarise(made, items, candidates, plan));
  KAM_RETURN_IF_ERROR(tx.plans().ReplaceItems(plan_id, items));
  plan.state = PlanState::kReady;
  plan.ready_time = now;
  return SavePlan(tx, plan, "plan.ready");
}

}  // namespace

absl::Status PlanAllocationJob::Run(jobs::JobContext& context) {
  const std::string plan_id = LastId(context.operation().target);
  int64_t accounts = 0;
  bool is_made = false;
  KAM_RETURN_IF_ERROR(context.store().Transact(
      {.read_only = true, .deadline = context.Deadline()}, [&](store::Transaction& tx) {
        KAM_ASSIGN_OR_RETURN(const AllocationPlan plan, tx.plans().Get(plan_id));
        is_made = plan.state == PlanState::kReady;
        KAM_ASSIGN_OR_RETURN(const Evaluation evaluation,
                             tx.criteria().GetEvaluation(plan.evaluation_id));
        accounts = evaluation.accounts;
        return absl::OkStatus();
      }));
  // The server died between making the plan and finishing the operation.
  if (is_made) return absl::OkStatus();
  KAM_RETURN_IF_ERROR(context.Report("PLANNING", 0, accounts));
  return context.Step("PLANNED", accounts, accounts, "",
                      [&](store::Transaction& tx) { return MakePlan(tx, plan_id, context.Now()); });
}

absl::StatusOr<bool> PlanAllocationJob::Abandon(store::Transaction& tx,
                                                const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, tx.plans().GetForUpdate(LastId(operation.target)));
  const bool unmade = plan.state == PlanState::kDiscarded || plan.state == PlanState::kFailed;
  if (plan.state != PlanState::kRunning) return unmade;
  plan.state = PlanState::kFailed;
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, "plan.failed"));
  return true;
}

}  // namespace kam::domain
