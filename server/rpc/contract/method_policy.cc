#include "rpc/contract/method_policy.h"

#include "absl/strings/str_cat.h"

namespace kam::rpc {
namespace {

v1::MethodPolicy Policy(v1::Permission permission, v1::AuditLevel audit, bool idempotent) {
  v1::MethodPolicy policy;
  policy.set_permission(permission);
  policy.set_audit(audit);
  policy.set_idempotent(idempotent);
  return policy;
}

// google.longrunning.Operations is published by others: its policies stand here.
v1::MethodPolicy OperationsPolicy(absl::string_view method) {
  if (method == "GetOperation" || method == "ListOperations" || method == "WaitOperation") {
    return Policy(v1::PERMISSION_OPERATIONS_READ, v1::AUDIT_LEVEL_NONE, true);
  }
  if (method == "CancelOperation" || method == "DeleteOperation") {
    return Policy(v1::PERMISSION_OPERATIONS_WRITE, v1::AUDIT_LEVEL_WRITE, true);
  }
  return {};
}

}  // namespace

absl::StatusOr<v1::MethodPolicy> PolicyOf(const google::protobuf::MethodDescriptor& method) {
  v1::MethodPolicy policy = method.service()->full_name() == "google.longrunning.Operations"
                                ? OperationsPolicy(method.name())
                                : method.options().GetExtension(v1::policy);
  if (policy.permission() == v1::PERMISSION_UNSPECIFIED) {
    return absl::FailedPreconditionError(
        absl::StrCat("the contract declares no permission for ", method.full_name()));
  }
  if (policy.audit() == v1::AUDIT_LEVEL_UNSPECIFIED) {
    return absl::FailedPreconditionError(
        absl::StrCat("the contract declares no audit level for ", method.full_name()));
  }
  return policy;
}

}  // namespace kam::rpc
