#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"

// A closed load: a fixed number of callers, each of which waits for its answer before it asks
// again. So never more calls are under way than there are callers, and what is measured is the
// server's rate, not the length of a queue.
namespace kam::bench {

// One caller. It is used by one thread at a time, but not always by the same.
class Caller {
 public:
  using Done = std::function<void(grpc::Status)>;

  virtual ~Caller() = default;
  // Begins the caller's next call and returns at once; a thread of gRPC's brings the answer to
  // `done`. False, without a call, when the caller has nothing left to ask.
  virtual bool Begin(grpc::ClientContext* context, Done done) = 0;
};

// A caller of one unary method: `next` writes each request, `method` is that of the stub.
template <class Request, class Response>
class UnaryCaller final : public Caller {
 public:
  using Next = std::function<bool(Request&)>;
  using Method = std::function<void(grpc::ClientContext*, const Request*, Response*, Done)>;

  UnaryCaller(Method method, Next next) : method_(std::move(method)), next_(std::move(next)) {}

  bool Begin(grpc::ClientContext* context, Done done) override {
    if (!next_(request_)) return false;
    method_(context, &request_, &response_, std::move(done));
    return true;
  }

 private:
  const Method method_;
  const Next next_;
  Request request_;
  Response response_;
};

struct Bounds {
  absl::Duration warmup;    // calls of this time are made, but not counted
  absl::Duration measured;  // the time after it, at most
  int64_t calls = 0;        // at most so many calls in all; 0: as many as fit
  absl::Duration deadline;  // of each call
};

// What was answered in the measured time.
struct Result {
  absl::Duration measured;
  std::map<grpc::StatusCode, int64_t> answers;
  std::vector<absl::Duration> latencies;  // of the answers that were OK; ascending

  int64_t ok() const { return static_cast<int64_t>(latencies.size()); }
};

// Lets all callers ask until a bound is reached, and returns when the last one has its answer.
// A call that fails is followed by the next one at once: callers do not back off.
Result Run(std::vector<std::unique_ptr<Caller>> callers, const Bounds& bounds);

}  // namespace kam::bench
