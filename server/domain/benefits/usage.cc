#include "domain/benefits/usage.h"

namespace kam::domain {
namespace {

UsageDecision DecideByEntitlements(absl::Span<const Entitlement> entitlements, absl::Time now) {
  const Entitlement* soonest = nullptr;
  for (const Entitlement& entitlement : entitlements) {
    if (StateAt(entitlement, now) != EntitlementState::kActive) continue;
    if (entitlement.start_time <= now) return {Denial::kNone, entitlement};
    if (soonest == nullptr || entitlement.start_time < soonest->start_time) soonest = &entitlement;
  }
  if (soonest != nullptr) return {Denial::kNotStarted, *soonest};
  if (entitlements.empty()) return {Denial::kNotEntitled, std::nullopt};
  const Entitlement& newest = entitlements.front();
  return {newest.state == EntitlementState::kRevoked ? Denial::kRevoked : Denial::kExpired, newest};
}

}  // namespace

UsageDecision DecideUsage(const Account& account, absl::Span<const Entitlement> entitlements,
                          absl::Time now) {
  UsageDecision decision = DecideByEntitlements(entitlements, now);
  if (account.delete_time) decision.denial = Denial::kAccountDeleted;
  return decision;
}

}  // namespace kam::domain
