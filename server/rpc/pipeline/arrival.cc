#include "rpc/pipeline/arrival.h"

#include <algorithm>
#include <chrono>

#include "base/ids.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "identity/roles.h"
#include "rpc/contract/status.h"
#include "rpc/pipeline/call_errors.h"

namespace kam::rpc {
namespace {

std::string Metadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  return found == metadata.end() ? "" : std::string(found->second.data(), found->second.size());
}

// gRPC says it by the wall clock; what is left of it is the same on every clock.
Deadline DeadlineOf(const grpc::CallbackServerContext& context, absl::Duration longest) {
  const absl::Duration left =
      absl::FromChrono(context.deadline() - std::chrono::system_clock::now());
  return Deadline::After(std::min(left, longest));
}

}  // namespace

absl::Status Arrive(const grpc::CallbackServerContext& context, const Authenticator& authenticator,
                    const Clock& clock, CallState& state) {
  const Method& method = state.method;
  state.start = Deadline::Clock::now();
  state.log_id = NewTimeOrderedId(clock.Now());
  state.trace_parent = Metadata(context, "traceparent");
  state.call.method = method.path;
  state.call.peer = context.peer();
  state.call.request_id = state.log_id;
  state.call.deadline = DeadlineOf(context, method.type == "unary" ? limits::kDefaultCallTimeout
                                                                   : limits::kDefaultStreamTimeout);
  method.observer->Started();
  KAM_ASSIGN_OR_RETURN(Principal principal, authenticator.Identify(context, state.call.peer));
  state.call.principal = principal.name;
  if (!Allows(principal.role, method.policy.permission())) {
    return PermissionDenied(method.policy.permission(), principal);
  }
  return absl::OkStatus();
}

grpc::Status Depart(const CallState& state, const absl::Status& status) {
  state.method.observer->Finished(
      {.principal = state.call.principal,
       .peer = state.call.peer,
       .log_id = state.log_id,
       .trace_parent = state.trace_parent,
       .status = status,
       .duration = absl::FromChrono(Deadline::Clock::now() - state.start),
       .replayed = state.replayed});
  return ToGrpcStatus(status, state.log_id);
}

}  // namespace kam::rpc
