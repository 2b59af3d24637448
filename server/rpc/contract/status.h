#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace kam::rpc {

// The wire's form of a status: canonical code, message and typed details, all together under
// limits::kMaxErrorDetailBytes; what does not fit is cut from the lists and counted in the metadata
// key `omitted`. A status without details of ours is a defect: it becomes INTERNAL, its text stays
// here.
google::rpc::Status ToRpcStatus(const absl::Status& status);

// The same for gRPC, details in `grpc-status-details-bin`. `log_id` names the log line of an
// INTERNAL error to the caller.
grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view log_id);

}  // namespace kam::rpc
