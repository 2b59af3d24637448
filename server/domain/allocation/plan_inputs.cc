#include "domain/allocation/plan_inputs.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "domain/benefits/catalogue.h"
#include "model/benefits/errors.h"
#include "model/error.h"
#include "model/names.h"

namespace kam::domain {
namespace {

absl::string_view StateLabel(RunState state) {
  switch (state) {
    case RunState::kRunning:
      return "RUNNING";
    case RunState::kSucceeded:
      return "SUCCEEDED";
    case RunState::kFailed:
      return "FAILED";
  }
  return "UNKNOWN";
}

absl::StatusOr<std::vector<Benefit>> Candidates(store::Transaction& tx,
                                                absl::Span<const std::string> wanted) {
  if (wanted.empty()) return tx.benefits().ActiveBenefits();
  std::vector<std::string> ids(wanted.begin(), wanted.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<Benefit> benefits;
  for (const std::string& id : ids) {
    KAM_ASSIGN_OR_RETURN(Benefit benefit, tx.benefits().GetBenefit(id));
    benefits.push_back(std::move(benefit));
  }
  return benefits;
}

}  // namespace

absl::StatusOr<Evaluation> EvaluationForPlan(store::Transaction& tx, absl::string_view id) {
  if (id.empty()) {
    KAM_ASSIGN_OR_RETURN(std::optional<Evaluation> newest, tx.criteria().NewestEvaluation(""));
    if (!newest) return NotFound(EvaluationName("-"));
    return *std::move(newest);
  }
  KAM_ASSIGN_OR_RETURN(Evaluation evaluation, tx.criteria().GetEvaluation(id));
  if (evaluation.state != RunState::kSucceeded) {
    return WrongState(EvaluationName(id), StateLabel(evaluation.state), "SUCCEEDED");
  }
  return evaluation;
}

absl::StatusOr<std::vector<PlannableBenefit>> BenefitsForPlan(store::Transaction& tx,
                                                              absl::Span<const std::string> wanted,
                                                              absl::string_view currency,
                                                              absl::Time now) {
  KAM_ASSIGN_OR_RETURN(std::vector<Benefit> candidates, Candidates(tx, wanted));
  std::vector<PlannableBenefit> plannable;
  for (Benefit& benefit : candidates) {
    KAM_ASSIGN_OR_RETURN(std::optional<Budget> budget, BudgetOf(tx, benefit));
    const Budget* paying = budget ? &*budget : nullptr;
    if (absl::Status grantable = CheckGrantable(benefit, paying, now); !grantable.ok()) {
      if (wanted.empty()) continue;
      return grantable;
    }
    if (const std::string own = CurrencyOf(benefit, paying); own != currency) {
      if (wanted.empty()) continue;
      return FxRateMissing(own, currency,
                           paying != nullptr ? BudgetName(paying->id) : BenefitName(benefit.id));
    }
    plannable.push_back({std::move(benefit), std::move(budget)});
  }
  return plannable;
}

}  // namespace kam::domain
