#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "model/allocation/plan.h"
#include "model/operations/operation.h"
#include "store/store.h"

// The life of a plan: RUNNING → READY (or FAILED) → COMMITTING → COMMITTED, and back to READY when
// a commit fails; anything not committed can be DISCARDED.
namespace kam::domain {

// `RUNNING`, `READY`…
absl::string_view StateLabel(PlanState state);

// What is to be planned.
struct PlanRequest {
  std::string evaluation_id;          // or empty: the newest finished one
  std::vector<std::string> benefits;  // ids; empty: all that can be granted
  std::string principal;
};

// Adds a plan and starts the operation that makes it. NOT_FOUND; FAILED_PRECONDITION (kWrongState,
// kFxRateMissing).
absl::StatusOr<Operation> StartPlan(store::Transaction& tx, const PlanRequest& request,
                                    absl::Time now);

// Starts the operation that commits a READY plan; for one that is being committed, or was, answers
// the operation that does or did it. NOT_FOUND; ABORTED (kEtagMismatch); FAILED_PRECONDITION
// (kWrongState).
absl::StatusOr<Operation> StartCommit(store::Transaction& tx, absl::string_view plan_id,
                                      absl::string_view etag, absl::string_view principal,
                                      absl::Time now);

// Throws a plan away; one that was thrown away stays as it is. NOT_FOUND; ABORTED (kEtagMismatch);
// FAILED_PRECONDITION (kWrongState).
absl::StatusOr<AllocationPlan> DiscardPlan(store::Transaction& tx, absl::string_view plan_id,
                                           absl::string_view etag);

// Writes a plan that has changed, under its next version.
absl::Status SavePlan(store::Transaction& tx, AllocationPlan& plan, absl::string_view change);

}  // namespace kam::domain
