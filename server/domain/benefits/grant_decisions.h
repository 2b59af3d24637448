#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/benefits/benefit.h"
#include "model/benefits/budget.h"
#include "model/benefits/entitlement.h"
#include "model/benefits/grantee.h"
#include "model/benefits/names.h"

// What grants and revocations do, decided in memory on what was loaded; each decision sees the
// effects of those before it. No store, no clock, no randomness: times and ids are handed in.
// grants.h loads and saves around it.
namespace kam::domain {

// Who should get what, from when, and why.
struct GrantRequest {
  std::string account_id;
  std::string benefit_id;
  std::optional<absl::Time> start_time;  // default: now
  std::string reason;
  std::string principal;
};

// What takes an entitlement back.
struct RevokeRequest {
  EntitlementName name;
  std::string etag;  // or empty
  std::string reason;
  std::string principal;
};

// What is known of an account.
struct GrantedAccount {
  Grantee grantee;
  // Entitlements by id: for a grant at least all live ones, for a revocation the one it names.
  absl::flat_hash_map<std::string, Entitlement> held;
  // By budget id: what it has reserved there by entitlements that were not revoked. Needed for
  // budgets with a limit per account.
  absl::flat_hash_map<std::string, int64_t> taken;
};

// What decisions have changed and what is to be saved.
struct GrantEffects {
  std::vector<Entitlement> granted;
  std::vector<Entitlement> revoked;
  std::vector<BudgetEntry> lines;  // numbered
  std::vector<Budget> budgets;     // moved, each one version on; by id
};

// The state that decisions read and change.
class GrantBook {
 public:
  absl::flat_hash_map<std::string, GrantedAccount> accounts;  // by id
  absl::flat_hash_map<std::string, Benefit> benefits;         // by id
  absl::flat_hash_map<std::string, Budget> budgets;           // by id

  // Grants a benefit to an account and reserves its expected cost, by the account's newest
  // assessment, in the benefit's budget. A refusal changes nothing: NOT_FOUND (account, benefit);
  // INVALID_ARGUMENT; FAILED_PRECONDITION (kResourceDeleted, kWrongState, kNotEligible,
  // kAlreadyEntitled, kFxRateMissing, kAccountLimitExceeded, kBudgetExceeded, kSeatsExceeded);
  // OUT_OF_RANGE (kAmountOverflow).
  absl::StatusOr<Entitlement> Grant(const GrantRequest& request, absl::string_view id,
                                    absl::Time now);

  // Takes an entitlement back and releases exactly what was reserved for it, once. A refusal
  // changes nothing: NOT_FOUND; ABORTED (kEtagMismatch); FAILED_PRECONDITION (kWrongState).
  absl::StatusOr<Entitlement> Revoke(const RevokeRequest& request, absl::Time now);

  // Adds an entitlement that was drawn and checked elsewhere, and its line. FAILED_PRECONDITION
  // (kBudgetExceeded, kSeatsExceeded).
  absl::Status Add(Entitlement& entitlement);

  // The effects since the last call, to be saved. Budgets that moved are one version on.
  GrantEffects TakeEffects();

 private:
  absl::StatusOr<Entitlement> Draw(const GrantRequest& request, const GrantedAccount& account,
                                   absl::string_view id, absl::Time now) const;
  absl::Status CheckAccountLimit(const GrantedAccount& account,
                                 const Entitlement& entitlement) const;
  // Posts a line about an entitlement to its budget, if it has one.
  absl::Status PostLine(BudgetEntry line);
  const Budget* BudgetOf(absl::string_view id) const;

  GrantEffects effects_;
  absl::flat_hash_set<std::string> moved_;
};

// The entitlement among `held` that a grant of `benefit` for [start_time, end_time) would meet: of
// the same benefit or stacking group, at a common time. Null when there is none.
const Entitlement* FindConflict(absl::Span<const Entitlement* const> held, const Benefit& benefit,
                                absl::Time start_time, absl::Time end_time);

// When a grant that begins at `start_time` ends.
inline absl::Time EndOf(const Benefit& benefit, absl::Time start_time) {
  return start_time + absl::Hours(24) * benefit.validity_days;
}

}  // namespace kam::domain
