#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "base/clock.h"
#include "base/deadline.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"
#include "identity/identity.h"
#include "rpc/pipeline/call.h"
#include "rpc/pipeline/method.h"

namespace kam::rpc {

// Counts a call from when it is made to when it is gone.
class UnderWay {
 public:
  UnderWay() = default;
  explicit UnderWay(std::atomic<int>& count) : count_(&count) { ++count; }
  UnderWay(UnderWay&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  UnderWay& operator=(UnderWay&& other) noexcept {
    std::swap(count_, other.count_);
    return *this;
  }
  ~UnderWay() {
    if (count_ != nullptr) --*count_;
  }

 private:
  std::atomic<int>* count_ = nullptr;
};

// One call on its way, whatever its shape; owned by whoever answers it.
struct CallState {
  explicit CallState(const Method& method) : method(method) {}

  const Method& method;
  Call call;
  std::string log_id;
  std::string trace_parent;
  Deadline::Clock::time_point start;
  bool replayed = false;
  UnderWay under_way;
};

// The first steps: the call is counted, its caller identified and authorised.
absl::Status Arrive(const grpc::CallbackServerContext& context, const Authenticator& authenticator,
                    const Clock& clock, CallState& state);

// The last steps: the call is observed, and its status converted.
grpc::Status Depart(const CallState& state, const absl::Status& status);

}  // namespace kam::rpc
