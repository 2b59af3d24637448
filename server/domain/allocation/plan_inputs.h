#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "model/benefits/benefit.h"
#include "model/benefits/budget.h"
#include "model/criteria/evaluation.h"
#include "store/store.h"

// What a plan stands on; used when it is asked for and again when it is made.
namespace kam::domain {

// A benefit that can be granted, with the budget that pays for it.
struct PlannableBenefit {
  Benefit benefit;
  std::optional<Budget> budget;
};

// The evaluation of this id, or the newest finished one for an empty id. NOT_FOUND;
// FAILED_PRECONDITION (kWrongState) unless it succeeded.
absl::StatusOr<Evaluation> EvaluationForPlan(store::Snapshot& snapshot, absl::string_view id);

// The wanted benefits by id, or for none wanted all that can be granted now. NOT_FOUND;
// FAILED_PRECONDITION (kWrongState) when a wanted one cannot be granted, (kFxRateMissing) when one
// is not in `currency`.
absl::StatusOr<std::vector<PlannableBenefit>> BenefitsForPlan(store::Snapshot& snapshot,
                                                              absl::Span<const std::string> wanted,
                                                              absl::string_view currency);

}  // namespace kam::domain
