#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "model/error.h"

// Why a grant or a change of a budget is refused; all FAILED_PRECONDITION. Amounts are minor units.
namespace kam {

absl::Status BudgetExceeded(absl::string_view budget_id, int64_t available, int64_t wanted,
                            absl::string_view currency);
absl::Status SeatsExceeded(absl::string_view budget_id, int64_t available, int64_t wanted);
absl::Status AccountLimitExceeded(absl::string_view budget_id, absl::string_view account_id,
                                  int64_t available, int64_t wanted, absl::string_view currency);
absl::Status NotEligible(absl::string_view benefit_id, absl::string_view account_id,
                         std::vector<PreconditionViolation> lacking);
// `entitlement` is the name of the one that is held.
absl::Status AlreadyEntitled(absl::string_view entitlement);
// `resource` holds an amount in `from` that is needed in `to`.
absl::Status FxRateMissing(absl::string_view from, absl::string_view to,
                           absl::string_view resource);

}  // namespace kam
