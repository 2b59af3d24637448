#include "domain/allocation/planning.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/allocation/plan_inputs.h"
#include "domain/allocation/plans.h"
#include "domain/benefits/cost_and_value.h"
#include "domain/benefits/eligibility.h"
#include "domain/benefits/ledger.h"
#include "domain/benefits/terms.h"
#include "model/allocation/names.h"
#include "model/allocation/plan.h"
#include "model/error.h"
#include "model/money.h"
#include "optimizer/greedy.h"
#include "store/accounts/accounts.h"
#include "store/allocation/allocation_items.h"
#include "store/allocation/allocation_plans.h"
#include "store/benefits/entitlements.h"
#include "store/criteria/assessments.h"
#include "store/criteria/evaluations.h"
#include "store/store.h"

namespace kam::domain {
namespace {

constexpr size_t kAccountsPerRead = 10'000;

// The problem of one plan, put together from the store.
struct PlanProblem {
  std::vector<PlannableBenefit> plannable;  // as problem.benefits
  std::vector<Budget> budgets;              // as problem.budgets, by id
  std::vector<std::string> accounts;        // ids, ascending: the problem's indexes
  optimizer::AllocationProblem problem;
};

// Numbers for the names of stacking groups; -1 for none.
class GroupNumbers {
 public:
  int32_t Of(const std::string& group) {
    if (group.empty()) return -1;
    return numbers_.try_emplace(group, static_cast<int32_t>(numbers_.size())).first->second;
  }

 private:
  absl::flat_hash_map<std::string, int32_t> numbers_;
};

// The index of an id in an ascending list, or -1.
int32_t IndexOf(const std::vector<std::string>& ids, const std::string& id) {
  const auto found = std::lower_bound(ids.begin(), ids.end(), id);
  return found != ids.end() && *found == id ? static_cast<int32_t>(found - ids.begin()) : -1;
}

void AddBenefits(GroupNumbers& groups, PlanProblem& made) {
  absl::flat_hash_map<std::string, int32_t> indexes;
  for (const PlannableBenefit& plannable : made.plannable) {
    optimizer::BenefitOption option = {.group = groups.Of(plannable.benefit.stacking_group)};
    if (plannable.budget) {
      const Budget& budget = *plannable.budget;
      const auto [at, added] = indexes.try_emplace(budget.id, made.budgets.size());
      option.budget = at->second;
      if (added) made.budgets.push_back(budget);
    }
    made.problem.benefits.push_back(option);
  }
}

// What the budgets can give.
absl::Status AddRooms(store::Snapshot& snapshot, PlanProblem& made) {
  std::vector<std::string> limited;
  absl::flat_hash_map<std::string, optimizer::BudgetRoom*> rooms;
  made.problem.budgets.resize(made.budgets.size());
  for (size_t i = 0; i < made.budgets.size(); ++i) {
    const Budget& budget = made.budgets[i];
    optimizer::BudgetRoom& room = made.problem.budgets[i];
    room.available = AvailableOf(budget);
    room.account_limit = budget.account_limit;
    if (budget.seat_limit) room.seats = *budget.seat_limit - budget.seats_reserved;
    rooms[budget.id] = &room;
    if (budget.account_limit) limited.push_back(budget.id);
  }
  if (limited.empty()) return absl::OkStatus();
  KAM_ASSIGN_OR_RETURN(const std::vector<store::Taking> takings,
                       store::FindAllTakings(snapshot, limited));
  for (const store::Taking& taking : takings) {
    const int32_t account = IndexOf(made.accounts, taking.account_id);
    if (account >= 0) rooms[taking.budget_id]->taken_by_account[account] = taking.amount;
  }
  return absl::OkStatus();
}

// What accounts hold already.
absl::Status AddHeld(store::Snapshot& snapshot, GroupNumbers& groups, PlanProblem& made) {
  std::vector<std::string> benefits;  // by id, as the plannable ones are
  for (const PlannableBenefit& plannable : made.plannable) {
    benefits.push_back(plannable.benefit.id);
  }
  KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> live,
                       store::FindAllLive(snapshot, snapshot.now()));
  for (const Entitlement& held : live) {
    const int32_t account = IndexOf(made.accounts, held.account_id);
    if (account < 0) continue;
    made.problem.held.push_back({.account = account,
                                 .benefit = IndexOf(benefits, held.benefit_id),
                                 .group = groups.Of(held.stacking_group)});
  }
  return absl::OkStatus();
}

// Adds the pairs that an assessed account is eligible for.
absl::Status AddCandidates(const StoredAssessment& assessment, PlanProblem& made) {
  const ExpectedYear year = ExpectedYearOf(assessment);
  bool known = false;
  for (size_t i = 0; i < made.plannable.size(); ++i) {
    const Benefit& benefit = made.plannable[i].benefit;
    if (!IsEligible(benefit.terms.eligibility(), assessment)) continue;
    if (!known) made.accounts.push_back(assessment.account_id);
    known = true;
    optimizer::Candidate candidate = {.account = static_cast<int32_t>(made.accounts.size() - 1),
                                      .benefit = static_cast<int32_t>(i),
                                      .seats = SeatsOf(benefit.terms)};
    KAM_ASSIGN_OR_RETURN(candidate.cost, ExpectedCost(benefit, year));
    KAM_ASSIGN_OR_RETURN(candidate.value, ExpectedValue(benefit, year));
    made.problem.candidates.push_back(candidate);
  }
  return absl::OkStatus();
}

// Takes out accounts that were deleted since the evaluation, and those of another currency: an
// evaluation lets them pass as long as they have no orders, and a grant to them is refused.
absl::Status DropUngrantable(store::Transaction& tx, absl::string_view currency,
                             PlanProblem& made) {
  absl::flat_hash_set<std::string> live;
  const absl::Span<const std::string> ids = made.accounts;
  for (size_t at = 0; at < ids.size(); at += kAccountsPerRead) {
    KAM_ASSIGN_OR_RETURN(const std::vector<Account> found,
                         store::FindAccounts(tx, ids.subspan(at, kAccountsPerRead)));
    for (const Account& account : found) {
      if (!account.delete_time && account.content.currency == currency) live.insert(account.id);
    }
  }
  std::erase_if(made.problem.candidates, [&](const optimizer::Candidate& candidate) {
    return !live.contains(made.accounts[candidate.account]);
  });
  return absl::OkStatus();
}

absl::StatusOr<PlanProblem> Load(store::Transaction& tx, const AllocationPlan& plan) {
  PlanProblem made;
  GroupNumbers groups;
  // Budgets are read before what is held: a grant in between changes its budget's version, and the
  // commit finds the plan stale.
  KAM_ASSIGN_OR_RETURN(made.plannable, BenefitsForPlan(tx, plan.wanted_benefits, plan.currency));
  AddBenefits(groups, made);
  KAM_RETURN_IF_ERROR(store::ReadAssessments(
      tx, plan.evaluation_id,
      [&](const StoredAssessment& assessment) { return AddCandidates(assessment, made); }));
  KAM_RETURN_IF_ERROR(AddRooms(tx, made));
  KAM_RETURN_IF_ERROR(DropUngrantable(tx, plan.currency, made));
  KAM_RETURN_IF_ERROR(AddHeld(tx, groups, made));
  return made;
}

// Sums of amounts; the first that overflows is remembered.
class Sums {
 public:
  int64_t Of(int64_t sum, int64_t amount) {
    const absl::StatusOr<int64_t> both = CheckedAdd(sum, amount);
    if (both.ok()) return *both;
    status_ = both.status();
    return sum;
  }
  const absl::Status& status() const { return status_; }

 private:
  absl::Status status_;
};

// Writes the sums of the items into the plan.
absl::Status Summarise(const PlanProblem& made, const std::vector<AllocationItem>& items,
                       const std::vector<const optimizer::Candidate*>& candidates,
                       AllocationPlan& plan) {
  std::vector<stored::v1::BudgetUse> budgets;
  for (const Budget& budget : made.budgets) {
    budgets.emplace_back().set_budget_id(budget.id);
    budgets.back().set_version(budget.version);
    budgets.back().set_available(AvailableOf(budget));
  }
  std::vector<stored::v1::BenefitUse> benefits;
  for (const PlannableBenefit& plannable : made.plannable) {
    benefits.emplace_back().set_benefit_id(plannable.benefit.id);
    benefits.back().set_version(plannable.benefit.version);
  }
  Sums sums;
  absl::flat_hash_set<int32_t> accounts;
  plan.grants = plan.cost = plan.value = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    const AllocationItem& item = items[i];
    stored::v1::BenefitUse& benefit = benefits[candidates[i]->benefit];
    benefit.set_candidates(benefit.candidates() + 1);
    if (item.decision != AllocationDecision::kGranted) continue;
    ++plan.grants;
    accounts.insert(candidates[i]->account);
    benefit.set_grants(benefit.grants() + 1);
    benefit.set_cost(sums.Of(benefit.cost(), item.cost));
    benefit.set_value(sums.Of(benefit.value(), item.value));
    plan.cost = sums.Of(plan.cost, item.cost);
    plan.value = sums.Of(plan.value, item.value);
    const int32_t index = made.problem.benefits[candidates[i]->benefit].budget;
    if (index < 0) continue;
    stored::v1::BudgetUse& budget = budgets[index];
    budget.set_grants(budget.grants() + 1);
    budget.set_seats(budget.seats() + item.seats);
    budget.set_reserved(sums.Of(budget.reserved(), item.cost));
  }
  plan.accounts = static_cast<int64_t>(accounts.size());
  std::sort(budgets.begin(), budgets.end(),
            [](const auto& a, const auto& b) { return a.budget_id() < b.budget_id(); });
  plan.summary.mutable_budgets()->Assign(budgets.begin(), budgets.end());
  plan.summary.mutable_benefits()->Assign(benefits.begin(), benefits.end());
  return sums.status();
}

// What an outcome is called.
AllocationDecision DecisionOf(optimizer::Outcome outcome) {
  using optimizer::Outcome;
  switch (outcome) {
    case Outcome::kTaken:
      return AllocationDecision::kGranted;
    case Outcome::kBudgetExhausted:
      return AllocationDecision::kBudgetExhausted;
    case Outcome::kSeatsExhausted:
      return AllocationDecision::kSeatsExhausted;
    case Outcome::kAccountLimit:
      return AllocationDecision::kAccountLimit;
    case Outcome::kGroupTaken:
      return AllocationDecision::kStackingGroupTaken;
    case Outcome::kHeld:
      return AllocationDecision::kAlreadyEntitled;
    case Outcome::kNotWorthwhile:
      break;
  }
  return AllocationDecision::kNotWorthwhile;
}

absl::Status MakePlan(store::Transaction& tx, const std::string& plan_id) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, store::GetPlan(tx, plan_id));
  KAM_RETURN_IF_ERROR(EvaluationForPlan(tx, plan.evaluation_id).status());
  KAM_ASSIGN_OR_RETURN(const PlanProblem made, Load(tx, plan));

  std::vector<AllocationItem> items;
  std::vector<const optimizer::Candidate*> candidates;
  for (const auto& [index, outcome] : optimizer::AllocateGreedily(made.problem)) {
    const optimizer::Candidate& candidate = made.problem.candidates[index];
    candidates.push_back(&candidate);
    items.push_back({.plan_id = plan_id,
                     .position = static_cast<int64_t>(items.size()) + 1,
                     .account_id = made.accounts[candidate.account],
                     .benefit_id = made.plannable[candidate.benefit].benefit.id,
                     .decision = DecisionOf(outcome),
                     .cost = candidate.cost,
                     .value = candidate.value,
                     .seats = candidate.seats});
  }
  // Locked only now, so that it can be read and discarded while it is made.
  KAM_ASSIGN_OR_RETURN(plan, store::GetPlanForUpdate(tx, plan_id));
  if (plan.state != PlanState::kRunning) {
    return WrongState(AllocationPlanName{plan_id}.ToString(), NameOf(plan.state),
                      NameOf(PlanState::kRunning));
  }
  KAM_RETURN_IF_ERROR(Summarise(made, items, candidates, plan));
  KAM_RETURN_IF_ERROR(store::ReplaceItems(tx, plan_id, items));
  plan.state = PlanState::kReady;
  plan.ready_time = tx.now();
  return SavePlan(tx, plan, ChangeKind::kPlanReady);
}

}  // namespace

absl::Status PlanAllocationJob::Run(jobs::JobContext& context) {
  KAM_ASSIGN_OR_RETURN(const AllocationPlanName name,
                       AllocationPlanName::Parse(context.operation().target));
  const std::string& plan_id = name.plan;
  int64_t accounts = 0;
  bool is_made = false;
  KAM_RETURN_IF_ERROR(context.store().Transact(
      {.read_only = true, .deadline = context.Deadline()}, [&](store::Transaction& tx) {
        KAM_ASSIGN_OR_RETURN(const AllocationPlan plan, store::GetPlan(tx, plan_id));
        is_made = plan.state == PlanState::kReady;
        KAM_ASSIGN_OR_RETURN(const Evaluation evaluation,
                             store::GetEvaluation(tx, plan.evaluation_id));
        accounts = evaluation.accounts;
        return absl::OkStatus();
      }));
  // The server died between making the plan and finishing the operation.
  if (is_made) return absl::OkStatus();
  KAM_RETURN_IF_ERROR(context.Report("PLANNING", 0, accounts));
  return context.Step("PLANNED", accounts, accounts, "",
                      [&](store::Transaction& tx) { return MakePlan(tx, plan_id); });
}

absl::StatusOr<bool> PlanAllocationJob::Abandon(store::Transaction& tx,
                                                const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, LockTarget(tx, operation));
  const bool unmade = plan.state == PlanState::kDiscarded || plan.state == PlanState::kFailed;
  if (plan.state != PlanState::kRunning) return unmade;
  plan.state = PlanState::kFailed;
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, ChangeKind::kPlanFailed));
  return true;
}

}  // namespace kam::domain
