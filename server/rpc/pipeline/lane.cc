#include "rpc/pipeline/lane.h"

#include <utility>

#include "base/limits.h"
#include "rpc/pipeline/call_errors.h"

namespace kam::rpc {

Lane::Lane(Pipeline& pipeline, const Method& method, int capacity, absl::Duration patience,
           Execute execute)
    : pipeline_(pipeline),
      ticket_(pipeline.admission().GroupTicket(method)),
      capacity_(capacity),
      patience_(patience),
      execute_(std::move(execute)) {}

void Lane::Add(UnaryCallPtr call) {
  UnaryCallPtr shed;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.size() < capacity_) {
      waiting_.push_back(std::move(call));
      if (groups_ >= limits::kGroupsAtOnce) return;
      if (groups_ > 0 && patience_ > absl::ZeroDuration()) return LookLater();
      ++groups_;
    } else {
      shed = std::move(call);
    }
  }
  if (shed != nullptr) {
    shed->Answer(Overloaded());
    return;
  }
  // The calls of a lane were let in by its own bound; a group is one task.
  pipeline_.workers().SubmitAdmitted(ticket_, [this](bool) { RunNext(); });
}

void Lane::LookLater() {
  if (looking_) return;
  looking_ = true;
  pipeline_.workers().SubmitAfter(patience_, ticket_, [this](bool) { LookAfterWaiting(); });
}

void Lane::LookAfterWaiting() {
  const bool stopping = pipeline_.workers().stopping();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    looking_ = false;
    if (waiting_.empty() || groups_ >= limits::kGroupsAtOnce) return;
    const auto waited = Deadline::Clock::now() - waiting_.front()->state().start;
    if (!stopping && absl::FromChrono(waited) < patience_) return LookLater();
    ++groups_;
  }
  RunNext();
}

Lane::Group Lane::TakeGroup() {
  Group group;
  const std::lock_guard<std::mutex> lock(mutex_);
  while (!waiting_.empty() && group.size() < static_cast<size_t>(limits::kMaxGroup)) {
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return group;
}

void Lane::RunNext() {
  Group all = TakeGroup();
  Group group;
  for (UnaryCallPtr& call : all) {
    if (call->cancelled() || call->call().deadline.passed()) {
      call->Answer(DeadlinePassed());
    } else {
      group.push_back(std::move(call));
    }
  }
  if (!group.empty()) execute_(group);
  bool more = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    more = !waiting_.empty();
    if (!more) --groups_;
  }
  // Behind what others have queued meanwhile.
  if (more) pipeline_.workers().SubmitAdmitted(ticket_, [this](bool) { RunNext(); });
  for (const UnaryCallPtr& call : group) {
    if (call != nullptr) call->Answer(call->verdict);
  }
}

}  // namespace kam::rpc
