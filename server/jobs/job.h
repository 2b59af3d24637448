#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/deadline.h"
#include "model/operations/operation.h"
#include "store/store.h"

namespace kam::jobs {

// What a running job may do besides its work: read the operation it serves, and write steps that
// count only while this server holds the lease.
class JobContext {
 public:
  virtual ~JobContext() = default;

  // The operation as it was claimed, `cursor` from an earlier attempt included.
  virtual const Operation& operation() const = 0;
  virtual store::Store& store() = 0;
  // Bound for one transaction of the job.
  virtual kam::Deadline Deadline() const = 0;

  // Shows a stage and its size to whoever follows the operation. Answers CANCELLED when
  // cancellation was asked for, ABORTED when the lease is lost: return both at once.
  virtual absl::Status Report(absl::string_view stage, int64_t done, int64_t total) = 0;

  // Runs `body` in one transaction with the new progress and cursor: both or neither happen, and
  // only while the lease is held. CANCELLED and ABORTED as Report.
  virtual absl::Status Step(absl::string_view stage, int64_t done, int64_t total,
                            absl::string_view cursor,
                            absl::FunctionRef<absl::Status(store::Transaction&)> body) = 0;
};

// The work behind one kind of operation. Thread-safe.
class Job {
 public:
  virtual ~Job() = default;

  virtual OperationKind kind() const = 0;

  // Does the work, from the start or from the cursor on; it may run again after a crash at any
  // point. OK finishes the operation as succeeded. UNAVAILABLE and ABORTED (kConflict) leave it to
  // be claimed again; every other status finishes it as failed.
  virtual absl::Status Run(JobContext& context) = 0;

  // Called in the transaction that ends the operation as failed or cancelled: marks the target.
  // Answers false when there is nothing to abandon, because an earlier attempt has done all of the
  // work and was lost before it could say so: the operation then ends as succeeded.
  virtual absl::StatusOr<bool> Abandon(store::Transaction& tx, const Operation& operation) = 0;
};

}  // namespace kam::jobs
