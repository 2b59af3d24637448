#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace kam::rpc {

// A call that has been answered.
struct FinishedCall {
  absl::string_view method;     // `/kam.v1.AccountService/GetAccount`
  absl::string_view type;       // `unary` or `client_stream`
  absl::string_view principal;  // empty when nobody could be told
  absl::string_view peer;
  absl::string_view log_id;
  absl::string_view trace_parent;  // W3C traceparent of the caller, or empty
  const absl::Status& status;      // as the service meant it, with the text that stays here
  absl::Duration duration;
  bool replayed = false;  // answered from the record of an earlier call
};

// Told of every call: metrics and log line. Thread-safe.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void Started(absl::string_view method, absl::string_view type) = 0;
  virtual void Finished(const FinishedCall& call) = 0;
};

}  // namespace kam::rpc
