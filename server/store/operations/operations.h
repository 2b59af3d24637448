#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/operations/operation.h"
#include "model/page.h"
#include "store/transaction.h"

// Long-running operations and the leases on them. Lease times are measured by the database's clock.
namespace kam::store {

// Adds a pending one; `seq` is given here.
absl::Status InsertOperation(Transaction& tx, const Operation& operation);
// NOT_FOUND.
absl::StatusOr<Operation> GetOperation(Snapshot& tx, absl::string_view id);
// Newest first.
absl::StatusOr<Page<Operation>> ListOperations(Snapshot& tx, const PageRequest& page);
// Asks a pending or running operation to stop: whoever runs it, or claims it next, ends it as
// cancelled. A finished one stays as it is. NOT_FOUND.
absl::Status RequestCancel(Transaction& tx, absl::string_view id);
// Removes a finished operation. NOT_FOUND; FAILED_PRECONDITION (kOperationRunning).
absl::Status DeleteOperation(Transaction& tx, absl::string_view id);

// Leases the oldest operation of these kinds that is pending, or running with an expired lease, to
// `owner`; those to be cancelled first; nothing when there is none. Other owners' transactions skip
// it. Counts the attempt. `owner` is a name never used before.
absl::StatusOr<std::optional<Operation>> ClaimOperation(Transaction& tx,
                                                        absl::Span<const OperationKind> kinds,
                                                        absl::string_view owner,
                                                        absl::Duration lease);
// Extends the lease and answers whether cancellation was asked for. ABORTED (kConflict) when
// `owner` has lost the lease.
absl::StatusOr<bool> ExtendLease(Transaction& tx, absl::string_view id, absl::string_view owner,
                                 absl::Duration lease);
// Gives the lease back: the operation may be claimed again after `pause`. ABORTED (kConflict) when
// `owner` has lost the lease.
absl::Status ReleaseOperation(Transaction& tx, absl::string_view id, absl::string_view owner,
                              absl::Duration pause);
// Writes stage, done, total and cursor of `operation`, and answers whether cancellation was asked
// for. In the transaction of a step's effect it makes the two one: ABORTED (kConflict) when `owner`
// has lost the lease.
absl::StatusOr<bool> SaveProgress(Transaction& tx, const Operation& operation,
                                  absl::string_view owner);
// Ends the operation with `state` and `error`. ABORTED (kConflict) when `owner` has lost the lease.
absl::Status FinishOperation(Transaction& tx, absl::string_view id, absl::string_view owner,
                             OperationState state, const absl::Status& error);

}  // namespace kam::store
