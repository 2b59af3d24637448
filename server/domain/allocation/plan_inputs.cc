#include "domain/allocation/plan_inputs.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status_macros.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/terms.h"
#include "model/benefits/errors.h"
#include "model/benefits/names.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/benefits/benefits.h"
#include "store/benefits/budgets.h"
#include "store/criteria/evaluations.h"

namespace kam::domain {
namespace {

// NOT_FOUND when one that is wanted does not exist.
absl::StatusOr<std::vector<Benefit>> Candidates(store::Snapshot& snapshot,
                                                absl::Span<const std::string> wanted) {
  if (wanted.empty()) return store::ActiveBenefits(snapshot);
  KAM_ASSIGN_OR_RETURN(std::vector<Benefit> found, store::FindBenefits(snapshot, wanted));
  for (const std::string& id : wanted) {
    const bool exists = std::any_of(found.begin(), found.end(),
                                    [&](const Benefit& benefit) { return benefit.id == id; });
    if (!exists) return NotFound(BenefitName{id}.ToString());
  }
  return found;
}

absl::StatusOr<absl::flat_hash_map<std::string, Budget>> BudgetsOf(
    store::Snapshot& snapshot, const std::vector<Benefit>& benefits) {
  std::vector<std::string> ids;
  for (const Benefit& benefit : benefits) ids.push_back(benefit.budget_id);
  KAM_ASSIGN_OR_RETURN(std::vector<Budget> found, store::FindBudgets(snapshot, ids));
  absl::flat_hash_map<std::string, Budget> budgets;
  for (Budget& budget : found) budgets.emplace(budget.id, std::move(budget));
  return budgets;
}

}  // namespace

absl::StatusOr<Evaluation> EvaluationForPlan(store::Snapshot& snapshot, absl::string_view id) {
  if (id.empty()) {
    KAM_ASSIGN_OR_RETURN(std::optional<Evaluation> newest, store::NewestEvaluation(snapshot, ""));
    if (!newest) return NotFound(EvaluationName{"-"}.ToString());
    return *std::move(newest);
  }
  KAM_ASSIGN_OR_RETURN(Evaluation evaluation, store::GetEvaluation(snapshot, id));
  if (evaluation.state != RunState::kSucceeded) {
    return WrongState(EvaluationName{std::string(id)}.ToString(), NameOf(evaluation.state),
                      NameOf(RunState::kSucceeded));
  }
  return evaluation;
}

absl::StatusOr<std::vector<PlannableBenefit>> BenefitsForPlan(store::Snapshot& snapshot,
                                                              absl::Span<const std::string> wanted,
                                                              absl::string_view currency) {
  KAM_ASSIGN_OR_RETURN(std::vector<Benefit> candidates, Candidates(snapshot, wanted));
  KAM_ASSIGN_OR_RETURN(const auto budgets, BudgetsOf(snapshot, candidates));
  std::vector<PlannableBenefit> plannable;
  for (Benefit& benefit : candidates) {
    const auto found = budgets.find(benefit.budget_id);
    const Budget* paying = found == budgets.end() ? nullptr : &found->second;
    if (absl::Status grantable = CheckGrantable(benefit, paying, snapshot.now()); !grantable.ok()) {
      if (wanted.empty()) continue;
      return grantable;
    }
    if (const std::string own = CurrencyOf(benefit, paying); own != currency) {
      if (wanted.empty()) continue;
      return FxRateMissing(own, currency,
                           paying != nullptr ? BudgetName{paying->id}.ToString()
                                             : BenefitName{benefit.id}.ToString());
    }
    plannable.push_back({std::move(benefit), {}});
    if (paying != nullptr) plannable.back().budget = *paying;
  }
  return plannable;
}

}  // namespace kam::domain
