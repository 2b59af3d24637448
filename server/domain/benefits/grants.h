#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "domain/benefits/grant_decisions.h"
#include "model/benefits/entitlement.h"
#include "store/transaction.h"

// Grants and revocations: loaded together, decided one after the other (grant_decisions.h), saved
// together. Locks are taken on accounts (of grants) or entitlements (of revocations) in the order
// of their keys, then on budgets.
namespace kam::domain {

// What became of a request: the entitlement or why it was refused. Nothing when another transaction
// holds the row it is about: it left no trace, and is to be asked again alone. A request alone
// waits for the row instead, so that it always has its verdict.
using GrantVerdict = std::optional<absl::StatusOr<Entitlement>>;

// One verdict a request, in their order. Refusals are those of GrantBook::Grant and of
// GrantBook::Revoke; any other status ends the transaction.
absl::StatusOr<std::vector<GrantVerdict>> GrantEntitlements(
    store::Transaction& tx, absl::Span<const GrantRequest> requests);
absl::StatusOr<std::vector<GrantVerdict>> RevokeEntitlements(
    store::Transaction& tx, absl::Span<const RevokeRequest> requests);

// Writes what decisions have changed.
absl::Status SaveEffects(store::Transaction& tx, const GrantEffects& effects);

}  // namespace kam::domain
