#pragma once

#include "jobs/job.h"

namespace kam::domain {

// Makes a plan (kPlanAllocation, target the plan): the pairs of an evaluated account and a benefit
// it is eligible for, allocated greedily (optimizer/greedy.h) within what the budgets can give now.
// The plan and its items appear in one transaction; it records the versions it saw, so that a
// commit can tell whether it still holds. Accounts that were deleted since the evaluation or have
// another currency than the plan are left out.
class PlanAllocationJob final : public jobs::Job {
 public:
  OperationKind kind() const override { return OperationKind::kPlanAllocation; }
  absl::Status Run(jobs::JobContext& context) override;
  absl::StatusOr<bool> Abandon(store::Transaction& tx, const Operation& operation) override;
};

}  // namespace kam::domain
