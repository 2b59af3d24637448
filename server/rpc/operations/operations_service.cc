#include "rpc/operations/operations_service.h"

#include <string>

#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "model/operations/names.h"
#include "rpc/contract/page_token.h"
#include "rpc/operations/operation_convert.h"
#include "store/operations/operations.h"

namespace kam::rpc {
namespace {

// These requests are not ours, so that no declared rule has checked the name.
absl::StatusOr<OperationName> NameIn(absl::string_view text) {
  absl::StatusOr<OperationName> name = OperationName::Parse(text);
  if (!name.ok()) return InvalidField("name", "must be a resource name operations/{operation}");
  return name;
}

absl::StatusOr<google::longrunning::Operation> Load(store::Snapshot& tx, absl::string_view text) {
  KAM_ASSIGN_OR_RETURN(const OperationName name, NameIn(text));
  KAM_ASSIGN_OR_RETURN(const Operation operation, store::GetOperation(tx, name.operation));
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
  response.set_next_page_token(found.next);
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
  KAM_ASSIGN_OR_RETURN(const OperationName name, NameIn(request.name()));
  KAM_RETURN_IF_ERROR(store::DeleteOperation(tx, name.operation));
  return google::protobuf::Empty();
}

absl::StatusOr<google::protobuf::Empty> OperationsService::CancelOperation(
    const Call&, store::Transaction& tx,
    const google::longrunning::CancelOperationRequest& request) {
  KAM_ASSIGN_OR_RETURN(const OperationName name, NameIn(request.name()));
  KAM_RETURN_IF_ERROR(store::RequestCancel(tx, name.operation));
  return google::protobuf::Empty();
}

}  // namespace kam::rpc
