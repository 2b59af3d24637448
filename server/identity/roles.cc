#include "identity/roles.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace kam::rpc {
namespace {

bool IsRead(v1::Permission permission) {
  switch (permission) {
    case v1::PERMISSION_ACCOUNTS_READ:
    case v1::PERMISSION_HISTORY_READ:
    case v1::PERMISSION_CRITERIA_READ:
    case v1::PERMISSION_BENEFITS_READ:
    case v1::PERMISSION_USAGE_READ:
    case v1::PERMISSION_OPERATIONS_READ:
      return true;
    default:
      return false;
  }
}

bool Among(v1::Permission permission, std::initializer_list<v1::Permission> permissions) {
  return std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
}

}  // namespace

absl::StatusOr<Role> ParseRole(absl::string_view name) {
  if (name == "viewer") return Role::kViewer;
  if (name == "recorder") return Role::kRecorder;
  if (name == "account_manager") return Role::kAccountManager;
  if (name == "benefits_admin") return Role::kBenefitsAdmin;
  if (name == "admin") return Role::kAdmin;
  return absl::InvalidArgumentError(absl::StrCat(
      "unknown role '", name, "': use viewer, recorder, account_manager, benefits_admin or admin"));
}

bool Allows(Role role, v1::Permission permission) {
  if (permission == v1::PERMISSION_UNSPECIFIED) return false;
  switch (role) {
    case Role::kAdmin:
      return true;
    case Role::kViewer:
      return IsRead(permission);
    case Role::kRecorder:
      return Among(permission, {v1::PERMISSION_ACCOUNTS_READ, v1::PERMISSION_ACCOUNTS_WRITE,
                                v1::PERMISSION_HISTORY_READ, v1::PERMISSION_HISTORY_WRITE});
    case Role::kAccountManager:
      return IsRead(permission) ||
             Among(permission, {v1::PERMISSION_ACCOUNTS_WRITE, v1::PERMISSION_ENTITLEMENTS_WRITE});
    case Role::kBenefitsAdmin:
      return IsRead(permission) ||
             Among(permission, {v1::PERMISSION_BENEFITS_WRITE, v1::PERMISSION_BUDGETS_WRITE,
                                v1::PERMISSION_ENTITLEMENTS_WRITE, v1::PERMISSION_ALLOCATION_WRITE,
                                v1::PERMISSION_OPERATIONS_WRITE});
  }
  return false;
}

std::string PermissionText(v1::Permission permission) {
  constexpr size_t kPrefix = sizeof("PERMISSION_") - 1;
  return absl::AsciiStrToLower(v1::Permission_Name(permission).substr(kPrefix));
}

}  // namespace kam::rpc
