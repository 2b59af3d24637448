#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kam::rpc {

// A call that has been answered.
struct FinishedCall {
  absl::string_view principal;  // empty when nobody could be told
  absl::string_view peer;
  absl::string_view log_id;
  absl::string_view trace_parent;  // W3C traceparent of the caller, or empty
  const absl::Status& status;      // as the service meant it, with the text that stays here
  absl::Duration duration;
  bool replayed = false;  // answered from the record of an earlier call
};

// Told of every call of one method: metrics and log line. Thread-safe.
class MethodObserver {
 public:
  virtual ~MethodObserver() = default;
  virtual void Started() = 0;
  virtual void Finished(const FinishedCall& call) = 0;
};

// Thread-safe.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  // Asked once for each method, `/kam.v1.AccountService/GetAccount`; `type` is `unary` or
  // `client_stream`. Both views stay valid as long as what is answered.
  virtual std::unique_ptr<MethodObserver> Observe(absl::string_view method,
                                                  absl::string_view type) = 0;
  // Called about once a second: what was held back may be told now.
  virtual void Tick() {}
};

}  // namespace kam::rpc
