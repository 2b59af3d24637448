#include "domain/allocation/plans.h"

#include <optional>

#include "base/ids.h"
#include "base/status_macros.h"
#include "domain/allocation/plan_inputs.h"
#include "domain/operations/operations.h"
#include "model/error.h"
#include "model/etag.h"
#include "model/names.h"
#include "store/operations/operations.h"

namespace kam::domain {
namespace {

absl::StatusOr<Operation> BeginCommit(store::Transaction& tx, AllocationPlan& plan,
                                      absl::string_view principal, absl::Time now) {
  KAM_ASSIGN_OR_RETURN(Operation operation, StartOperation(tx, OperationKind::kCommitPlan,
                                                           PlanName(plan.id), principal, now));
  plan.commit_operation_id = operation.id;
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, "plan.committing"));
  return operation;
}

}  // namespace

absl::string_view StateLabel(PlanState state) {
  switch (state) {
    case PlanState::kRunning:
      return "RUNNING";
    case PlanState::kReady:
      return "READY";
    case PlanState::kCommitting:
      return "COMMITTING";
    case PlanState::kCommitted:
      return "COMMITTED";
    case PlanState::kDiscarded:
      return "DISCARDED";
    case PlanState::kFailed:
      return "FAILED";
  }
  return "UNKNOWN";
}

absl::Status SavePlan(store::Transaction& tx, AllocationPlan& plan, absl::string_view change) {
  ++plan.version;
  KAM_RETURN_IF_ERROR(tx.plans().Update(plan));
  return tx.calls().AppendChange(change, "", PlanName(plan.id));
}

absl::StatusOr<Operation> StartPlan(store::Transaction& tx, const PlanRequest& request,
                                    absl::Time now) {
  KAM_ASSIGN_OR_RETURN(const Evaluation evaluation, EvaluationForPlan(tx, request.evaluation_id));
  // Refused now rather than by the operation.
  KAM_RETURN_IF_ERROR(BenefitsForPlan(tx, request.benefits, evaluation.currency, now).status());
  AllocationPlan plan = {.id = NewTimeOrderedId(now),
                         .evaluation_id = evaluation.id,
                         .wanted_benefits = request.benefits,
                         .state = PlanState::kRunning,
                         .currency = evaluation.currency,
                         .version = 1};
  plan.create_time = now;
  KAM_RETURN_IF_ERROR(tx.plans().Insert(plan));
  const std::string name = PlanName(plan.id);
  KAM_RETURN_IF_ERROR(tx.calls().AppendChange("plan.created", "", name));
  return StartOperation(tx, OperationKind::kPlanAllocation, name, request.principal, now);
}

absl::StatusOr<Operation> StartCommit(store::Transaction& tx, absl::string_view plan_id,
                                      absl::string_view etag, absl::string_view principal,
                                      absl::Time now) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, tx.plans().GetForUpdate(plan_id));
  const std::string name = PlanName(plan.id);
  if (plan.state == PlanState::kCommitted || plan.state == PlanState::kCommitting) {
    // The etag is not asked for: it was right for the first commit, which this call repeats.
    absl::StatusOr<Operation> first = store::GetOperation(tx, plan.commit_operation_id);
    // Its record was deleted; a new one finds the plan committed and answers the same.
    if (absl::IsNotFound(first.status())) return BeginCommit(tx, plan, principal, now);
    return first;
  }
  KAM_RETURN_IF_ERROR(CheckEtag(name, etag, plan.version));
  if (plan.state != PlanState::kReady) return WrongState(name, StateLabel(plan.state), "READY");
  plan.state = PlanState::kCommitting;
  return BeginCommit(tx, plan, principal, now);
}

absl::StatusOr<AllocationPlan> DiscardPlan(store::Transaction& tx, absl::string_view plan_id,
                                           absl::string_view etag) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, tx.plans().GetForUpdate(plan_id));
  const std::string name = PlanName(plan.id);
  KAM_RETURN_IF_ERROR(CheckEtag(name, etag, plan.version));
  if (plan.state == PlanState::kDiscarded) return plan;
  if (plan.state == PlanState::kCommitted || plan.state == PlanState::kCommitting) {
    return WrongState(name, StateLabel(plan.state), "READY, RUNNING or FAILED");
  }
  plan.state = PlanState::kDiscarded;
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, "plan.discarded"));
  return plan;
}

}  // namespace kam::domain
