#include "rpc/operations/operations_service.h"

#include <string>

#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "model/resource_name.h"
#include "rpc/contract/page_token.h"
#include "rpc/operations/operation_convert.h"
#include "store/operations/operations.h"

namespace kam::rpc {
namespace {

// The operation's id; these requests are not ours, so that no declared rule has checked the name.
absl::StatusOr<std::string> IdOf(absl::string_view name) {
  if (!MatchesResourcePattern(name, "operations/{operation}")) {
    return InvalidField("name", "must be a resource name operations/{operation}");
  }
  return LastId(name);
}

absl::StatusOr<google::longrunning::Operation> Load(store::Snapshot& tx, absl::string_view name) {
  KAM_ASSIGN_OR_RETURN(const std::string id, IdOf(name));
  KAM_ASSIGN_OR_RETURN(const Operation operation, store::GetOperation(tx, id));
  return OperationToProto(operation, tx);
}

}  // namespace

absl::StatusOr<google::longrunning::ListOperationsResponse> OperationsService::ListOperations(
    const Call&, store::Snapshot& tx, const google::longrunning::ListOperationsRequest& request) {
  if (!request.filter().empty()) {
    return InvalidField("filter", "is not supported here");
  }
  if (!request.name().empty() && request.name() != "operations") {
    return InvalidField("name", "must be 'operations' or empty");
  }
  if (request.page_size() < 0) return InvalidField("page_size", "must be at least 0");
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const Page<Operation> found, store::ListOperations(tx, page));
  google::longrunning::ListOperationsResponse response;
  for (const Operation& operation : found.items) {
    KAM_ASSIGN_OR_RETURN(*response.add_operations(), OperationToProto(operation, tx));
  }
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

absl::StatusOr<google::longrunning::Operation> OperationsService::GetOperation(
    const Call&, store::Snapshot& tx, const google::longrunning::GetOperationRequest& request) {
  return Load(tx, request.name());
}

absl::Status OperationsService::WaitOperation(
    store::Snapshot& snapshot,
    absl::Span<
        WaitingCall<google::longrunning::WaitOperationRequest, google::longrunning::Operation>>
        calls) {
  for (auto& call : calls) {
    call.answer = Load(snapshot, call.request.name());
    if (!call.answer.ok() || call.answer->done()) continue;
    call.awaits = call.request.name();
    if (call.request.has_timeout()) {
      call.timeout = absl::Seconds(call.request.timeout().seconds()) +
                     absl::Nanoseconds(call.request.timeout().nanos());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<google::protobuf::Empty> OperationsService::DeleteOperation(
    const Call&, store::Transaction& tx,
    const google::longrunning::DeleteOperationRequest& request) {
  KAM_ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  KAM_RETURN_IF_ERROR(store::DeleteOperation(tx, id));
  return google::protobuf::Empty();
}

absl::StatusOr<google::protobuf::Empty> OperationsService::CancelOperation(
    const Call&, store::Transaction& tx,
    const google::longrunning::CancelOperationRequest& request) {
  KAM_ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  KAM_RETURN_IF_ERROR(store::RequestCancel(tx, id));
  return google::protobuf::Empty();
}

}  // namespace kam::rpc
