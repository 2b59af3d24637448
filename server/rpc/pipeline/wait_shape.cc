#include "rpc/pipeline/wait_shape.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "rpc/pipeline/call_errors.h"

namespace kam::rpc {
namespace {

constexpr absl::Duration kShortestInterval = absl::Milliseconds(25);
constexpr int kRestPerLook = 20;
constexpr absl::Duration kAnswerMargin = absl::Milliseconds(100);

}  // namespace

WaitShape::WaitShape(Pipeline& pipeline, const Method& method, GroupReadHandler handler)
    : pipeline_(pipeline),
      handler_(std::move(handler)),
      lane_(pipeline, method, limits::kMaxWaiting, /*patience=*/absl::ZeroDuration(),
            [this](Lane::Group& group) { Execute(group); }) {}

void WaitShape::Execute(Lane::Group& group) {
  std::vector<UnaryCall*> calls;
  for (const UnaryCallPtr& call : group) calls.push_back(call.get());
  const absl::Status read = ReadTogether(pipeline_.store(), handler_, calls);
  for (UnaryCallPtr& call : group) {
    if (!read.ok()) {
      call->verdict = read;
    } else if (call->verdict.ok() && !call->awaits.empty()) {
      Wait(std::move(call));
    }
  }
}

void WaitShape::Wait(UnaryCallPtr call) {
  const Deadline until =
      Earlier(Deadline::After(call->timeout), call->call().deadline + -kAnswerMargin);
  bool first = false;
  UnaryCallPtr shed;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiters_.size() < limits::kMaxWaiting) {
      std::string awaits = call->awaits;
      waiters_.emplace(std::move(awaits), Waiter{std::move(call), until});
      first = !std::exchange(looking_, true);
    } else {
      shed = std::move(call);
    }
  }
  if (shed != nullptr) return shed->Answer(Overloaded());
  if (first) LookAfter(kShortestInterval);
}

void WaitShape::LookAfter(absl::Duration delay) {
  pipeline_.workers().SubmitAfter(delay, {}, [this](bool) { Look(); });
}

std::map<std::string, UnaryCall*> WaitShape::Sweep(std::vector<UnaryCallPtr>& over) {
  std::map<std::string, UnaryCall*> looked;
  const bool all = pipeline_.refusing() || pipeline_.workers().stopping();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto it = waiters_.begin(); it != waiters_.end();) {
    Waiter& waiter = it->second;
    if (all || waiter.until.passed() || waiter.call->cancelled()) {
      if (all) waiter.call->verdict = ShuttingDown();
      over.push_back(std::move(waiter.call));
      it = waiters_.erase(it);
      continue;
    }
    looked.emplace(it->first, waiter.call.get());
    ++it;
  }
  return looked;
}

void WaitShape::Look() {
  const Deadline::Clock::time_point start = Deadline::Clock::now();
  std::vector<UnaryCallPtr> over;
  const std::map<std::string, UnaryCall*> looked = Sweep(over);
  std::vector<UnaryCall*> calls;
  for (const auto& [awaited, call] : looked) calls.push_back(call);
  // Only this task takes waiters out, so those that are looked at stay.
  absl::Status read;
  if (!calls.empty()) read = ReadTogether(pipeline_.store(), handler_, calls);
  bool more = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [awaited, call] : looked) {
      // A database that is away for a moment ends nobody's wait.
      const bool happened = read.ok() && (!call->verdict.ok() || call->awaits.empty());
      if (!happened) continue;
      const absl::Status verdict = call->verdict;
      const auto [begin, end] = waiters_.equal_range(awaited);
      for (auto it = begin; it != end; ++it) {
        UnaryCall& other = *it->second.call;
        if (&other != call) {
          other.verdict = verdict;
          other.response().CopyFrom(call->response());
        }
      }
      for (auto it = begin; it != end; ++it) over.push_back(std::move(it->second.call));
      waiters_.erase(begin, end);
    }
    more = !waiters_.empty();
    looking_ = more;
  }
  for (const UnaryCallPtr& call : over) call->Answer(call->verdict);
  if (!more) return;
  const absl::Duration spent = absl::FromChrono(Deadline::Clock::now() - start);
  LookAfter(std::max(kShortestInterval, kRestPerLook * spent));
}

}  // namespace kam::rpc
