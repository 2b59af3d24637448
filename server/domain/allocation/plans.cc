#include "domain/allocation/plans.h"

#include <optional>

#include "base/ids.h"
#include "base/status_macros.h"
#include "domain/allocation/plan_inputs.h"
#include "domain/operations/operations.h"
#include "model/allocation/names.h"
#include "model/error.h"
#include "model/etag.h"
#include "store/allocation/allocation_plans.h"
#include "store/operations/operations.h"

namespace kam::domain {
namespace {

absl::StatusOr<Operation> BeginCommit(store::Transaction& tx, AllocationPlan& plan,
                                      absl::string_view principal) {
  KAM_ASSIGN_OR_RETURN(Operation operation,
                       StartOperation(tx, OperationKind::kCommitPlan,
                                      AllocationPlanName{plan.id}.ToString(), principal));
  plan.commit_operation_id = operation.id;
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, ChangeKind::kPlanCommitting));
  return operation;
}

// Whether the plan waits for a commit that has ended without success.
bool IsStranded(const AllocationPlan& plan, const Operation& commit) {
  return plan.state == PlanState::kCommitting && commit.end_time.has_value() &&
         commit.state != OperationState::kSucceeded;
}

absl::Status BackToReady(store::Transaction& tx, AllocationPlan& plan) {
  plan.state = PlanState::kReady;
  return SavePlan(tx, plan, ChangeKind::kPlanReady);
}

}  // namespace

absl::StatusOr<AllocationPlan> GetTarget(store::Snapshot& tx, const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(const AllocationPlanName name, AllocationPlanName::Parse(operation.target));
  return store::GetPlan(tx, name.plan);
}

absl::StatusOr<AllocationPlan> LockTarget(store::Transaction& tx, const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(const AllocationPlanName name, AllocationPlanName::Parse(operation.target));
  return store::GetPlanForUpdate(tx, name.plan);
}

absl::Status SavePlan(store::Transaction& tx, AllocationPlan& plan, ChangeKind kind) {
  ++plan.version;
  return store::UpdatePlan(tx, plan, kind);
}

absl::StatusOr<Operation> StartPlan(store::Transaction& tx, const PlanRequest& request) {
  KAM_ASSIGN_OR_RETURN(const Evaluation evaluation, EvaluationForPlan(tx, request.evaluation_id));
  // Refused now rather than by the operation.
  KAM_RETURN_IF_ERROR(BenefitsForPlan(tx, request.benefits, evaluation.currency).status());
  AllocationPlan plan = {.id = NewTimeOrderedId(tx.now()),
                         .evaluation_id = evaluation.id,
                         .wanted_benefits = request.benefits,
                         .state = PlanState::kRunning,
                         .currency = evaluation.currency,
                         .version = 1};
  plan.create_time = tx.now();
  KAM_RETURN_IF_ERROR(store::InsertPlan(tx, plan));
  return StartOperation(tx, OperationKind::kPlanAllocation, AllocationPlanName{plan.id}.ToString(),
                        request.principal);
}

absl::StatusOr<Operation> StartCommit(store::Transaction& tx, absl::string_view plan_id,
                                      absl::string_view etag, absl::string_view principal) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, store::GetPlanForUpdate(tx, plan_id));
  const std::string name = AllocationPlanName{plan.id}.ToString();
  if (plan.state == PlanState::kCommitted || plan.state == PlanState::kCommitting) {
    // The etag is not asked for: it was right for the first commit, which this call repeats.
    absl::StatusOr<Operation> first = store::GetOperation(tx, plan.commit_operation_id);
    const bool gone = absl::IsNotFound(first.status());
    if (!gone && !(first.ok() && IsStranded(plan, *first))) return first;
    // Of one whose record was deleted, a new one finds the plan committed and answers the same.
    if (gone) return BeginCommit(tx, plan, principal);
    KAM_RETURN_IF_ERROR(BackToReady(tx, plan));
  }
  KAM_RETURN_IF_ERROR(CheckEtag(name, etag, plan.version));
  if (plan.state != PlanState::kReady) {
    return WrongState(name, NameOf(plan.state), NameOf(PlanState::kReady));
  }
  plan.state = PlanState::kCommitting;
  return BeginCommit(tx, plan, principal);
}

absl::StatusOr<AllocationPlan> DiscardPlan(store::Transaction& tx, absl::string_view plan_id,
                                           absl::string_view etag) {
  KAM_ASSIGN_OR_RETURN(AllocationPlan plan, store::GetPlanForUpdate(tx, plan_id));
  const std::string name = AllocationPlanName{plan.id}.ToString();
  KAM_RETURN_IF_ERROR(CheckEtag(name, etag, plan.version));
  if (plan.state == PlanState::kDiscarded) return plan;
  if (plan.state == PlanState::kCommitted || plan.state == PlanState::kCommitting) {
    return WrongState(name, NameOf(plan.state), "READY, RUNNING or FAILED");
  }
  plan.state = PlanState::kDiscarded;
  KAM_RETURN_IF_ERROR(SavePlan(tx, plan, ChangeKind::kPlanDiscarded));
  return plan;
}

absl::StatusOr<int64_t> SettleStrandedPlans(store::Transaction& tx) {
  KAM_ASSIGN_OR_RETURN(std::vector<AllocationPlan> stranded, store::LockStrandedPlans(tx));
  for (AllocationPlan& plan : stranded) {
    if (plan.state == PlanState::kCommitting) {
      KAM_RETURN_IF_ERROR(BackToReady(tx, plan));
    } else {
      plan.state = PlanState::kFailed;
      KAM_RETURN_IF_ERROR(SavePlan(tx, plan, ChangeKind::kPlanFailed));
    }
  }
  return static_cast<int64_t>(stranded.size());
}

}  // namespace kam::domain
