#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/changes/change.h"
#include "model/criteria/lifetime_model.h"
#include "model/page.h"
#include "store/transaction.h"

// Fitted lifetime models.
namespace kam::store {

// The number of the next model; numbers of transactions that roll back are left out.
absl::StatusOr<int32_t> NextModelNumber(Transaction& tx);
absl::Status InsertModel(Transaction& tx, const LifetimeModel& model);
// Of one that GetModelForUpdate locked.
absl::Status UpdateModel(Transaction& tx, const LifetimeModel& model, ChangeKind kind);
// NOT_FOUND.
absl::StatusOr<LifetimeModel> GetModel(Snapshot& tx, int32_t number);
// The same, locked until the transaction ends.
absl::StatusOr<LifetimeModel> GetModelForUpdate(Transaction& tx, int32_t number);
// The one with the greatest number that succeeded and converged, if any.
absl::StatusOr<std::optional<LifetimeModel>> NewestModel(Snapshot& tx);
// Newest first.
absl::StatusOr<Page<LifetimeModel>> ListModels(Snapshot& tx, const PageRequest& page);

}  // namespace kam::store
