#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "identity/identity.h"
#include "kam/v1/options.pb.h"

// What the call wrapper answers by itself; nothing was done in any of these cases.
namespace kam::rpc {

// The queue is full: RESOURCE_EXHAUSTED, with the time to come back.
absl::Status Overloaded();
// The call's time ran out before it began.
absl::Status DeadlinePassed();
absl::Status ShuttingDown();
// Another call with the same request id is under way.
absl::Status ClaimHeld();
absl::Status RequestIdReused(absl::string_view request_id);
absl::Status PermissionDenied(v1::Permission permission, const Principal& principal);
// The connection broke while committing, and there was no time left to find out what happened.
absl::Status OutcomeUnknown(absl::string_view request_id);

}  // namespace kam::rpc
