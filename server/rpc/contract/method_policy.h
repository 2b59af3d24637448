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

// What callers are allowed to do. Each role includes what it needs to be useful alone.
enum class Role { kViewer, kRecorder, kAccountManager, kBenefitsAdmin, kAdmin };

// From `viewer`, `recorder`, `account_manager`, `benefits_admin`, `admin`.
absl::StatusOr<Role> ParseRole(absl::string_view name);

// Whether a role holds a permission. Denied unless it is listed.
bool Allows(Role role, v1::Permission permission);

// `PERMISSION_ACCOUNTS_READ` → `accounts_read`, for error metadata.
std::string PermissionText(v1::Permission permission);

}  // namespace kam::rpc
