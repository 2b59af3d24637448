#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/allocation/plan.h"
#include "model/changes/change.h"
#include "model/page.h"
#include "store/transaction.h"

namespace kam::store {

// Adds a plan with a new id.
absl::Status InsertPlan(Transaction& tx, const AllocationPlan& plan);
// Replaces a locked plan.
absl::Status UpdatePlan(Transaction& tx, const AllocationPlan& plan, ChangeKind kind);

// NOT_FOUND.
absl::StatusOr<AllocationPlan> GetPlan(Snapshot& snapshot, absl::string_view id);
// Locked until the transaction ends. NOT_FOUND.
absl::StatusOr<AllocationPlan> GetPlanForUpdate(Transaction& tx, absl::string_view id);
// Newest first. INVALID_ARGUMENT (kInvalidPageToken).
absl::StatusOr<Page<AllocationPlan>> ListPlans(Snapshot& snapshot, const PageRequest& page);

// Plans in state COMMITTING whose commit has ended, or was deleted, and RUNNING ones whose making
// has: locked, those that another transaction holds passed over.
absl::StatusOr<std::vector<AllocationPlan>> LockStrandedPlans(Transaction& tx);

}  // namespace kam::store
