#include "rpc/operations/operation_convert.h"

#include "base/status_macros.h"
#include "kam/v1/operation_metadata.pb.h"
#include "model/allocation/names.h"
#include "model/criteria/names.h"
#include "model/operations/names.h"
#include "rpc/allocation/allocation_convert.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/status.h"
#include "rpc/criteria/evaluation_convert.h"

namespace kam::rpc {
namespace {

v1::OperationMetadata Metadata(const Operation& operation, absl::Time now) {
  v1::OperationMetadata metadata;
  metadata.set_kind(ToProtoEnum<v1::OperationMetadata::Kind>(operation.kind));
  metadata.set_target(operation.target);
  metadata.set_stage(operation.stage);
  metadata.set_done(operation.done);
  metadata.set_total(operation.total);
  metadata.set_attempts(operation.attempts);
  metadata.set_cancel_requested(operation.cancel_requested);
  *metadata.mutable_create_time() = ToProto(operation.create_time);
  if (operation.start_time) *metadata.mutable_start_time() = ToProto(*operation.start_time);
  if (operation.end_time) *metadata.mutable_end_time() = ToProto(*operation.end_time);
  if (!operation.attempt_time) return metadata;

  const absl::Time until = operation.end_time.value_or(now);
  const double seconds = absl::ToDoubleSeconds(until - *operation.attempt_time);
  const auto steps = static_cast<double>(operation.done - operation.attempt_done);
  if (seconds <= 0 || steps <= 0) return metadata;
  metadata.set_rate(steps / seconds);
  if (!operation.end_time && operation.total >= operation.done) {
    const double left = static_cast<double>(operation.total - operation.done) / metadata.rate();
    *metadata.mutable_estimated_end_time() = ToProto(until + absl::Seconds(left));
  }
  return metadata;
}

// Packs the resource that a finished operation made.
absl::Status PackTarget(const Operation& operation, store::Snapshot& tx,
                        google::protobuf::Any& response) {
  switch (operation.kind) {
    case OperationKind::kEvaluatePortfolio: {
      KAM_ASSIGN_OR_RETURN(const EvaluationName name, EvaluationName::Parse(operation.target));
      KAM_ASSIGN_OR_RETURN(const v1::Evaluation evaluation, LoadEvaluation(tx, name.evaluation));
      response.PackFrom(evaluation);
      return absl::OkStatus();
    }
    case OperationKind::kFitLifetimeModel: {
      KAM_ASSIGN_OR_RETURN(const LifetimeModelName name,
                           LifetimeModelName::Parse(operation.target));
      KAM_ASSIGN_OR_RETURN(const v1::LifetimeModel model, LoadLifetimeModel(tx, name.number));
      response.PackFrom(model);
      return absl::OkStatus();
    }
    case OperationKind::kPlanAllocation:
    case OperationKind::kCommitPlan: {
      KAM_ASSIGN_OR_RETURN(const AllocationPlanName name,
                           AllocationPlanName::Parse(operation.target));
      KAM_ASSIGN_OR_RETURN(const v1::AllocationPlan plan, LoadPlan(tx, name.plan));
      response.PackFrom(plan);
      return absl::OkStatus();
    }
  }
  return Internal("an operation of an unknown kind");
}

}  // namespace

absl::StatusOr<google::longrunning::Operation> OperationToProto(const Operation& operation,
                                                                store::Snapshot& tx) {
  google::longrunning::Operation proto;
  proto.set_name(OperationName{operation.id}.ToString());
  proto.mutable_metadata()->PackFrom(Metadata(operation, tx.now()));
  switch (operation.state) {
    case OperationState::kPending:
    case OperationState::kRunning:
      break;
    case OperationState::kSucceeded:
      proto.set_done(true);
      KAM_RETURN_IF_ERROR(PackTarget(operation, tx, *proto.mutable_response()));
      break;
    case OperationState::kFailed:
    case OperationState::kCancelled:
      proto.set_done(true);
      *proto.mutable_error() = ToRpcStatus(operation.error);
      break;
  }
  return proto;
}

}  // namespace kam::rpc
