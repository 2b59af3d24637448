#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/allocation/plan.h"
#include "model/changes/change.h"
#include "model/operations/operation.h"
#include "store/store.h"

// The life of a plan: RUNNING → READY (or FAILED) → COMMITTING → COMMITTED, and back to READY when
// a commit fails; anything not committed can be DISCARDED.
namespace kam::domain {

// What is to be planned.
struct PlanRequest {
  std::string evaluation_id;          // or empty: the newest finished one
  std::vector<std::string> benefits;  // ids; empty: all that can be granted
  std::string principal;
};

// Adds a plan and starts the operation that makes it. NOT_FOUND; FAILED_PRECONDITION (kWrongState,
// kFxRateMissing).
absl::StatusOr<Operation> StartPlan(store::Transaction& tx, const PlanRequest& request);

// Starts the operation that commits a READY plan; for one that is being committed, or was, answers
// the operation that does or did it. One whose commit has ended without success is READY, whatever
// its row says. NOT_FOUND; ABORTED (kEtagMismatch); FAILED_PRECONDITION
// (kWrongState).
absl::StatusOr<Operation> StartCommit(store::Transaction& tx, absl::string_view plan_id,
                                      absl::string_view etag, absl::string_view principal);

// Throws a plan away; one that was thrown away stays as it is. NOT_FOUND; ABORTED (kEtagMismatch);
// FAILED_PRECONDITION (kWrongState).
absl::StatusOr<AllocationPlan> DiscardPlan(store::Transaction& tx, absl::string_view plan_id,
                                           absl::string_view etag);

// The plan that an operation is about; LockTarget locks it.
absl::StatusOr<AllocationPlan> GetTarget(store::Snapshot& tx, const Operation& operation);
absl::StatusOr<AllocationPlan> LockTarget(store::Transaction& tx, const Operation& operation);

// Writes a plan that has changed, under its next version.
absl::Status SavePlan(store::Transaction& tx, AllocationPlan& plan, ChangeKind kind);

// Brings plans in a middle state back whose operation has ended without saying so: COMMITTING to
// READY, RUNNING to FAILED. Answers how many there were. Run at the start of a server and now and
// then: an operation that is given up may fail to mark its plan. In a REPEATABLE READ transaction.
absl::StatusOr<int64_t> SettleStrandedPlans(store::Transaction& tx);

}  // namespace kam::domain
