#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "base/enum_map.h"

namespace kam {

enum class EntitlementState { kActive = 1, kExpired = 2, kRevoked = 3 };

template <>
inline constexpr auto kEnumNames<EntitlementState> = EnumMap<EntitlementState, 3>{{{
    {EntitlementState::kActive, "ACTIVE"},
    {EntitlementState::kExpired, "EXPIRED"},
    {EntitlementState::kRevoked, "REVOKED"},
}}};

// An account's right to a benefit. Stored as ACTIVE or REVOKED; EXPIRED follows from the time.
struct Entitlement {
  std::string id;  // time-ordered
  std::string account_id;
  std::string benefit_id;
  std::string stacking_group;  // of the benefit, at the grant
  EntitlementState state = EntitlementState::kActive;
  absl::Time start_time;
  absl::Time end_time;
  std::string budget_id;  // or empty
  int64_t reserved_cost = 0;
  std::string currency;  // of the reserved cost
  int64_t seats = 0;
  std::string plan_id;        // or empty
  std::string evaluation_id;  // of the assessment it stands on, or empty
  std::string principal;
  std::string reason;
  int64_t version = 0;
  absl::Time create_time;
  std::optional<absl::Time> revoke_time;
  std::string revoke_reason;  // empty while it was not revoked
};

// The state at a moment.
inline EntitlementState StateAt(const Entitlement& entitlement, absl::Time now) {
  if (entitlement.state == EntitlementState::kActive && entitlement.end_time <= now) {
    return EntitlementState::kExpired;
  }
  return entitlement.state;
}

}  // namespace kam
