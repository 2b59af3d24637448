#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/benefits/entitlement.h"
#include "model/benefits/names.h"
#include "model/page.h"
#include "store/transaction.h"

// The rights of accounts to benefits.
namespace kam::store {

// Adds entitlements; the caller has locked their accounts (store/benefits/grantees.h).
absl::Status InsertEntitlements(Transaction& tx, absl::Span<const Entitlement> entitlements);
// Replaces locked entitlements by revoked ones.
absl::Status RevokeEntitlements(Transaction& tx, absl::Span<const Entitlement> entitlements);

// Those that exist, in no order.
absl::StatusOr<std::vector<Entitlement>> FindEntitlements(Snapshot& snapshot,
                                                          absl::Span<const EntitlementName> names);

// The same, locked in the order of their keys until the transaction ends.
absl::StatusOr<std::vector<Entitlement>> FindEntitlementsForUpdate(
    Transaction& tx, absl::Span<const EntitlementName> names, Locked locked);

// An account and a benefit.
struct Usage {
  std::string account_id;
  std::string benefit_id;
};

// All entitlements of these accounts for these benefits, pair by pair; newest first.
absl::StatusOr<std::vector<Entitlement>> FindByUsage(Snapshot& snapshot,
                                                     absl::Span<const Usage> usages);

// Those of these accounts that are ACTIVE and end after `now`, by account and id.
absl::StatusOr<std::vector<Entitlement>> FindLive(Snapshot& snapshot,
                                                  absl::Span<const std::string> account_ids,
                                                  absl::Time now);
// The same of all accounts.
absl::StatusOr<std::vector<Entitlement>> FindAllLive(Snapshot& snapshot, absl::Time now);

// What an account has reserved in a budget by entitlements that were not revoked, expired ones
// included; in minor units.
struct Taking {
  std::string budget_id;
  std::string account_id;
  int64_t amount = 0;
};

absl::StatusOr<std::vector<Taking>> FindTakings(Snapshot& snapshot,
                                                absl::Span<const std::string> budget_ids,
                                                absl::Span<const std::string> account_ids);
// The same of every account that has any.
absl::StatusOr<std::vector<Taking>> FindAllTakings(Snapshot& snapshot,
                                                   absl::Span<const std::string> budget_ids);

// Newest first; of all accounts when `account_id` is empty. With `live_at`: only ACTIVE ones whose
// validity contains it. INVALID_ARGUMENT (kInvalidPageToken).
absl::StatusOr<Page<Entitlement>> ListEntitlements(Snapshot& snapshot, absl::string_view account_id,
                                                   std::optional<absl::Time> live_at,
                                                   const PageRequest& page);

}  // namespace kam::store
