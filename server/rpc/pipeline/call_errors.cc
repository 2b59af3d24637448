#include "rpc/pipeline/call_errors.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "model/error.h"

namespace kam::rpc {
namespace {

constexpr absl::Duration kRetryWhenOverloaded = absl::Milliseconds(200);

}  // namespace

absl::Status Overloaded() {
  ErrorDetails details{.reason = ErrorReason::kOverloaded};
  details.retry_after = kRetryWhenOverloaded;
  return MakeError(absl::StatusCode::kResourceExhausted, "the server is busy; nothing was done",
                   details);
}

absl::Status DeadlinePassed() {
  return MakeError(absl::StatusCode::kDeadlineExceeded, "the call's time ran out before it began",
                   {.reason = ErrorReason::kDeadlineExceeded});
}

absl::Status ShuttingDown() {
  return MakeError(absl::StatusCode::kUnavailable, "this server is shutting down; nothing was done",
                   {.reason = ErrorReason::kShuttingDown});
}

absl::Status ClaimHeld() {
  ErrorDetails details{.reason = ErrorReason::kConflict};
  details.retry_after = kRetryWhenOverloaded;
  return MakeError(absl::StatusCode::kAborted, "a call with this request_id is under way", details);
}

absl::Status RequestIdReused(absl::string_view request_id) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "request_id was used before with another body",
                   {.reason = ErrorReason::kRequestIdReused,
                    .metadata = {{"request_id", std::string(request_id)}},
                    .fields = {{"request_id", "was used before with another body"}}});
}

absl::Status PermissionDenied(v1::Permission permission, const Principal& principal) {
  return MakeError(
      absl::StatusCode::kPermissionDenied,
      absl::StrCat("needs the permission ", PermissionText(permission)),
      {.reason = ErrorReason::kPermissionDenied,
       .metadata = {{"permission", PermissionText(permission)}, {"principal", principal.name}}});
}

absl::Status OutcomeUnknown(absl::string_view request_id) {
  return MakeError(absl::StatusCode::kUnavailable,
                   "the connection to the database broke while committing: repeat the "
                   "call with the same request_id to learn what happened",
                   {.reason = ErrorReason::kOutcomeUnknown,
                    .metadata = {{"request_id", std::string(request_id)}}});
}

}  // namespace kam::rpc
