#pragma once

#include <optional>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/enum_map.h"
#include "model/accounts/account.h"
#include "model/benefits/entitlement.h"

namespace kam::domain {

// Why an account may not use a benefit. Numbers are those of the contract's
// CheckBenefitResponse.Denial.
enum class Denial {
  kNone = 0,
  kNotEntitled = 1,
  kNotStarted = 2,
  kExpired = 3,
  kRevoked = 4,
  kAccountDeleted = 5,
};

}  // namespace kam::domain

namespace kam {

template <>
inline constexpr auto kEnumNames<domain::Denial> = EnumMap<domain::Denial, 6>{{{
    {domain::Denial::kNone, "UNSPECIFIED"},
    {domain::Denial::kNotEntitled, "NOT_ENTITLED"},
    {domain::Denial::kNotStarted, "NOT_STARTED"},
    {domain::Denial::kExpired, "EXPIRED"},
    {domain::Denial::kRevoked, "REVOKED"},
    {domain::Denial::kAccountDeleted, "ACCOUNT_DELETED"},
}}};

}  // namespace kam

namespace kam::domain {

// Whether an account may use a benefit at a moment.
struct UsageDecision {
  Denial denial = Denial::kNone;           // kNone: it may
  std::optional<Entitlement> entitlement;  // that allows it or came nearest
};

// Decides by the entitlements of `account` for one benefit, newest first. One that is valid now
// allows it; else the one that begins soonest, else the newest says why not. A deleted account may
// use nothing.
UsageDecision DecideUsage(const Account& account, absl::Span<const Entitlement> entitlements,
                          absl::Time now);

}  // namespace kam::domain
