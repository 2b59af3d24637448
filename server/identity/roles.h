#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kam/v1/options.pb.h"

namespace kam::rpc {

// What callers are allowed to do. Each role includes what it needs to be useful alone.
enum class Role { kViewer, kRecorder, kAccountManager, kBenefitsAdmin, kAdmin };

// From `viewer`, `recorder`, `account_manager`, `benefits_admin`, `admin`.
absl::StatusOr<Role> ParseRole(absl::string_view name);

// Whether a role holds a permission. Denied unless it is listed.
bool Allows(Role role, v1::Permission permission);

// `PERMISSION_ACCOUNTS_READ` → `accounts_read`, for error metadata.
std::string PermissionText(v1::Permission permission);

}  // namespace kam::rpc
