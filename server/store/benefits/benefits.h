#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "model/benefits/benefit.h"
#include "model/changes/change.h"
#include "model/page.h"
#include "store/transaction.h"

// The catalogue.
namespace kam::store {

// ALREADY_EXISTS.
absl::Status InsertBenefit(Transaction& tx, const Benefit& benefit);
// Replaces a locked benefit.
absl::Status UpdateBenefit(Transaction& tx, const Benefit& benefit, ChangeKind kind);

// NOT_FOUND.
absl::StatusOr<Benefit> GetBenefit(Snapshot& snapshot, absl::string_view id);
// Locked until the transaction ends. NOT_FOUND.
absl::StatusOr<Benefit> GetBenefitForUpdate(Transaction& tx, absl::string_view id);
// Those that exist, by id.
absl::StatusOr<std::vector<Benefit>> FindBenefits(Snapshot& snapshot,
                                                  absl::Span<const std::string> ids);
// The same, locked in the order of their ids until the transaction ends.
absl::StatusOr<std::vector<Benefit>> FindBenefitsForUpdate(Transaction& tx,
                                                           absl::Span<const std::string> ids);
// All in state ACTIVE, by id.
absl::StatusOr<std::vector<Benefit>> ActiveBenefits(Snapshot& snapshot);
// By id. INVALID_ARGUMENT (kInvalidPageToken).
absl::StatusOr<Page<Benefit>> ListBenefits(Snapshot& snapshot, const PageRequest& page);

}  // namespace kam::store
