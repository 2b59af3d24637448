#include "bench/load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>

#include "absl/synchronization/blocking_counter.h"

namespace kam::bench {
namespace {

using Clock = std::chrono::steady_clock;

// A caller with the call it has under way, and the answers it got.
struct Seat {
  std::unique_ptr<Caller> caller;
  std::optional<grpc::ClientContext> context;  // gRPC wants a new one for each call
  Clock::time_point begin;
  std::map<grpc::StatusCode, int64_t> answers;
  std::vector<absl::Duration> latencies;
};

class LoadRun {
 public:
  LoadRun(std::vector<std::unique_ptr<Caller>> callers, const Bounds& bounds)
      : deadline_(absl::ToChronoNanoseconds(bounds.deadline)),
        max_calls_(bounds.calls),
        from_(Clock::now() + absl::ToChronoNanoseconds(bounds.warmup)),
        until_(from_ + absl::ToChronoNanoseconds(bounds.measured)),
        asking_(static_cast<int>(callers.size())) {
    for (std::unique_ptr<Caller>& caller : callers) {
      seats_.push_back(std::make_unique<Seat>());
      seats_.back()->caller = std::move(caller);
    }
  }

  Result Run() {
    for (const std::unique_ptr<Seat>& seat : seats_) Ask(*seat);
    asking_.Wait();
    return Sum(std::min(Clock::now(), until_));
  }

 private:
  // One seat's calls follow each other: what is written here is read in the next Answered.
  void Ask(Seat& seat) {
    seat.begin = Clock::now();
    const bool allowed =
        seat.begin < until_ && (max_calls_ == 0 || calls_.fetch_add(1) < max_calls_);
    if (!allowed) {
      asking_.DecrementCount();
      return;
    }
    seat.context.emplace();
    seat.context->set_deadline(std::chrono::system_clock::now() + deadline_);
    const bool asked = seat.caller->Begin(
        &*seat.context, [this, &seat](const grpc::Status& status) { Answered(seat, status); });
    if (!asked) asking_.DecrementCount();
  }

  void Answered(Seat& seat, const grpc::Status& status) {
    const Clock::time_point now = Clock::now();
    if (now >= from_ && now < until_) {
      ++seat.answers[status.error_code()];
      if (status.ok()) seat.latencies.push_back(absl::FromChrono(now - seat.begin));
    }
    Ask(seat);
  }

  Result Sum(Clock::time_point end) const {
    Result result{.measured = std::max(absl::FromChrono(end - from_), absl::Nanoseconds(1))};
    for (const std::unique_ptr<Seat>& seat : seats_) {
      for (const auto& [code, count] : seat->answers) result.answers[code] += count;
      result.latencies.insert(result.latencies.end(), seat->latencies.begin(),
                              seat->latencies.end());
    }
    std::sort(result.latencies.begin(), result.latencies.end());
    return result;
  }

  const std::chrono::nanoseconds deadline_;
  const int64_t max_calls_;
  const Clock::time_point from_;
  const Clock::time_point until_;
  std::atomic<int64_t> calls_ = 0;
  absl::BlockingCounter asking_;  // callers that still ask
  std::vector<std::unique_ptr<Seat>> seats_;
};

}  // namespace

Result Run(std::vector<std::unique_ptr<Caller>> callers, const Bounds& bounds) {
  return LoadRun(std::move(callers), bounds).Run();
}

}  // namespace kam::bench
