#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/operations/operation.h"
#include "model/page.h"

namespace kam::store {

// Long-running operations and the leases on them. Part of a Transaction. Lease times are measured
// by the database's clock.
class OperationTable {
 public:
  virtual ~OperationTable() = default;

  virtual absl::Status Insert(const Operation& operation) = 0;
  // NOT_FOUND.
  virtual absl::StatusOr<Operation> Get(absl::string_view id) = 0;
  // Newest first.
  virtual absl::StatusOr<Page<Operation>> List(const PageRequest& page) = 0;
  // The newest operation on a target, if any.
  virtual absl::StatusOr<std::optional<Operation>> FindByTarget(absl::string_view target) = 0;
  // Asks a pending or running operation to stop: whoever runs it, or claims it next, ends it as
  // cancelled. A finished one stays as it is. NOT_FOUND.
  virtual absl::Status RequestCancel(absl::string_view id) = 0;
  // Removes a finished operation. NOT_FOUND; FAILED_PRECONDITION (kOperationRunning).
  virtual absl::Status Delete(absl::string_view id) = 0;

  // Leases the oldest operation of these kinds that is pending, or running with an expired lease,
  // to `owner`; those to be cancelled first; nothing when there is none. Other owners'
  // transactions skip it. Counts the attempt. `owner` is a name never used before.
  virtual absl::StatusOr<std::optional<Operation>> Claim(absl::Span<const OperationKind> kinds,
                                                         absl::string_view owner,
                                                         absl::Duration lease) = 0;
  // Extends the lease and answers whether cancellation was asked for. ABORTED (kConflict) when
  // `owner` has lost the lease.
  virtual absl::StatusOr<bool> Heartbeat(absl::string_view id, absl::string_view owner,
                                         absl::Duration lease) = 0;
  // Gives the lease back: the operation may be claimed again after `pause`. ABORTED (kConflict)
  // when `owner` has lost the lease.
  virtual absl::Status Release(absl::string_view id, absl::string_view owner,
                               absl::Duration pause) = 0;
  // Writes stage, done, total and cursor of `operation`, and answers whether cancellation was asked
  // for. In the transaction of a step's effect it makes the two one: ABORTED (kConflict) when
  // `owner` has lost the lease.
  virtual absl::StatusOr<bool> SaveProgress(const Operation& operation,
                                            absl::string_view owner) = 0;
  // Ends the operation with `state` and `error`. ABORTED (kConflict) when `owner` has lost the
  // lease.
  virtual absl::Status Finish(absl::string_view id, absl::string_view owner, OperationState state,
                              const absl::Status& error) = 0;
};

}  // namespace kam::store
