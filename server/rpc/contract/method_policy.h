#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "kam/v1/options.pb.h"

namespace kam::rpc {

// The policy a method declares in the contract; for the methods of google.longrunning, which we
// cannot annotate, the policy set here. FAILED_PRECONDITION when there is none, or when permission
// or audit level are not declared: the server does not start then.
absl::StatusOr<v1::MethodPolicy> PolicyOf(const google::protobuf::MethodDescriptor& method);

}  // namespace kam::rpc
