#pragma once

#include "absl/status/statusor.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/empty.pb.h"
#include "rpc/pipeline/call.h"
#include "rpc/pipeline/wait.h"
#include "store/store.h"

namespace kam::rpc {

// google.longrunning.Operations: follows and stops the long work of all services. Names are
// `operations/{operation}`; a malformed one is INVALID_ARGUMENT, an unknown one NOT_FOUND.
class OperationsService {
 public:
  // Newest first; `filter` is not supported and must be empty.
  absl::StatusOr<google::longrunning::ListOperationsResponse> ListOperations(
      const Call& call, store::Snapshot& tx,
      const google::longrunning::ListOperationsRequest& request);
  absl::StatusOr<google::longrunning::Operation> GetOperation(
      const Call& call, store::Snapshot& tx,
      const google::longrunning::GetOperationRequest& request);
  // Waits until the operation is done.
  absl::Status WaitOperation(store::Snapshot& snapshot,
                             absl::Span<WaitingCall<google::longrunning::WaitOperationRequest,
                                                    google::longrunning::Operation>>
                                 calls);
  // FAILED_PRECONDITION (kOperationRunning) while it is not done.
  absl::StatusOr<google::protobuf::Empty> DeleteOperation(
      const Call& call, store::Transaction& tx,
      const google::longrunning::DeleteOperationRequest& request);
  absl::StatusOr<google::protobuf::Empty> CancelOperation(
      const Call& call, store::Transaction& tx,
      const google::longrunning::CancelOperationRequest& request);
};

}  // namespace kam::rpc
