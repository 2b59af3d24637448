#pragma once

#include "absl/status/statusor.h"
#include "google/longrunning/operations.pb.h"
#include "kam/v1/allocation_service.pb.h"
#include "rpc/pipeline/call.h"
#include "store/store.h"

namespace kam::rpc {

// Allocation plans; each method is documented in the contract. Thread-safe.
class AllocationService {
 public:
  absl::StatusOr<google::longrunning::Operation> PlanAllocation(
      const Call& call, store::Transaction& tx, const v1::PlanAllocationRequest& request);
  absl::StatusOr<v1::AllocationPlan> GetAllocationPlan(const Call& call, store::Snapshot& tx,
                                                       const v1::GetAllocationPlanRequest& request);
  absl::StatusOr<v1::ListAllocationPlansResponse> ListAllocationPlans(
      const Call& call, store::Snapshot& tx, const v1::ListAllocationPlansRequest& request);
  absl::StatusOr<v1::ListAllocationItemsResponse> ListAllocationItems(
      const Call& call, store::Snapshot& tx, const v1::ListAllocationItemsRequest& request);
  absl::StatusOr<google::longrunning::Operation> CommitPlan(const Call& call,
                                                            store::Transaction& tx,
                                                            const v1::CommitPlanRequest& request);
  absl::StatusOr<v1::AllocationPlan> DiscardPlan(const Call& call, store::Transaction& tx,
                                                 const v1::DiscardPlanRequest& request);
};

}  // namespace kam::rpc
