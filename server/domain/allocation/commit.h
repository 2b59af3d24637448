#pragma once

#include "jobs/job.h"

namespace kam::domain {

// Grants everything a plan grants, or nothing (kCommitPlan, target the plan): entitlements, ledger
// lines and the plan's new state are one transaction. Fails with FAILED_PRECONDITION (kPlanStale)
// when something the plan stands on has changed, naming each, and leaves the plan READY. Types of
// the violations:
//   EVALUATION   a newer one has finished for the scorecard
//   BENEFIT      it was changed, or cannot be granted any more
//   BUDGET       it or its ledger was changed, or its period is over
//   ACCOUNT      it was deleted
//   ENTITLEMENT  granted since, of the same benefit or stacking group
class CommitPlanJob final : public jobs::Job {
 public:
  OperationKind kind() const override { return OperationKind::kCommitPlan; }
  absl::Status Run(jobs::JobContext& context) override;
  absl::StatusOr<bool> Abandon(store::Transaction& tx, const Operation& operation) override;
};

}  // namespace kam::domain
