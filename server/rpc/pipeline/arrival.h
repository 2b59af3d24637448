#pragma once

#include <string>

#include "absl/status/status.h"
#include "base/clock.h"
#include "base/deadline.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"
#include "identity/identity.h"
#include "rpc/pipeline/call.h"
#include "rpc/pipeline/method.h"

namespace kam::rpc {

// One call on its way, whatever its shape; owned by whoever answers it.
struct CallState {
  explicit CallState(const Method& method) : method(method) {}

  const Method& method;
  Call call;
  std::string log_id;
  std::string trace_parent;
  Deadline::Clock::time_point start;
  bool replayed = false;
};

// The first steps: the call is counted, its caller identified and authorised.
absl::Status Arrive(const grpc::CallbackServerContext& context, const Authenticator& authenticator,
                    const Clock& clock, CallState& state);

// The last steps: the call is observed, and its status converted.
grpc::Status Depart(const CallState& state, const absl::Status& status);

}  // namespace kam::rpc
