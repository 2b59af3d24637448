#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/benefits/benefit.h"
#include "model/benefits/budget.h"
#include "model/benefits/entitlement.h"
#include "store/store.h"

namespace kam::domain {

// Who should get what, from when, and why.
struct GrantRequest {
  std::string account_id;
  std::string benefit_id;
  std::optional<absl::Time> start_time;  // default: now
  std::string reason;
  std::string principal;
};

// Grants a benefit to an account and reserves its expected cost, by the account's newest
// assessment, in the benefit's budget. NOT_FOUND (account, benefit); INVALID_ARGUMENT;
// FAILED_PRECONDITION (kResourceDeleted, kWrongState, kNotEligible, kAlreadyEntitled,
// kFxRateMissing, kAccountLimitExceeded, kBudgetExceeded, kSeatsExceeded).
absl::StatusOr<Entitlement> GrantEntitlement(store::Transaction& tx, const GrantRequest& request,
                                             absl::Time now);

// What takes an entitlement back.
struct RevokeRequest {
  std::string account_id;
  std::string entitlement_id;
  std::string etag;  // or empty
  std::string reason;
  std::string principal;
};

// Takes an entitlement back and releases exactly what was reserved for it, once. NOT_FOUND; ABORTED
// (kEtagMismatch); FAILED_PRECONDITION (kWrongState).
absl::StatusOr<Entitlement> RevokeEntitlement(store::Transaction& tx, const RevokeRequest& request,
                                              absl::Time now);

// The entitlement among `held`, all live ones of the account, that a grant of `benefit` for
// [start_time, end_time) would meet: of the same benefit or stacking group, at a common time. Null
// when there is none.
const Entitlement* FindConflict(absl::Span<const Entitlement> held, const Benefit& benefit,
                                absl::Time start_time, absl::Time end_time);

// The ledger line that sets aside what an entitlement takes.
BudgetEntry ReserveLine(const Entitlement& entitlement);

// When a grant that begins at `start_time` ends.
inline absl::Time EndOf(const Benefit& benefit, absl::Time start_time) {
  return start_time + absl::Hours(24) * benefit.validity_days;
}

}  // namespace kam::domain
