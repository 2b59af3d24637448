#include "rpc/pipeline/lane.h"

#include <utility>

#include "base/limits.h"
#include "rpc/pipeline/call_errors.h"

namespace kam::rpc {

Lane::Lane(Pipeline& pipeline, const Method& method, int capacity, Execute execute)
    : pipeline_(pipeline),
      ticket_(pipeline.admission().GroupTicket(method)),
      capacity_(capacity),
      execute_(std::move(execute)) {}

void Lane::Add(UnaryCallPtr call) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.size() < capacity_) {
      waiting_.push_back(std::move(call));
      if (groups_ >= limits::kGroupsAtOnce) return;
      ++groups_;
    }
  }
  if (call != nullptr) {
    call->Answer(Overloaded());
    return;
  }
  // The calls of a lane were let in by its own bound; a group is one task.
  pipeline_.workers().SubmitAdmitted(ticket_, [this](bool) { RunNext(); });
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
