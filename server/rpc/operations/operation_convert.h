#pragma once

#include "absl/status/statusor.h"
#include "google/longrunning/operations.pb.h"
#include "model/operations/operation.h"
#include "store/store.h"

namespace kam::rpc {

// An operation on the wire: OperationMetadata, and once it is done its error or the resource it
// made (read in `tx`) as response.
absl::StatusOr<google::longrunning::Operation> OperationToProto(const Operation& operation,
                                                                store::Snapshot& tx);

}  // namespace kam::rpc
