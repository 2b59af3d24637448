#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "absl/time/time.h"
#include "rpc/pipeline/pipeline.h"

namespace kam::rpc {

// Where the calls of one method come together. A caller alone waits for nobody: its call is a group
// of one, run at once. What arrives while a group is under way forms the next one, of up to
// limits::kMaxGroup calls; it goes when that one has ended, or beside it once `patience` has
// passed, up to limits::kGroupsAtOnce. Thread-safe.
class Lane {
 public:
  using Group = std::vector<UnaryCallPtr>;
  // Executes a group: afterwards every call has its `verdict`, or is null when it was taken away to
  // be answered by somebody else. The lane answers once the next group is on its way.
  using Execute = std::function<void(Group&)>;

  Lane(Pipeline& pipeline, const Method& method, int capacity, absl::Duration patience,
       Execute execute);

  // Takes a call, or answers it that the server is busy.
  void Add(UnaryCallPtr call);

 private:
  // Starts a group for what has lost its patience, and looks again when more may have.
  void LookAfterWaiting();
  void LookLater();  // with mutex_ held
  void RunNext();
  Group TakeGroup();

  Pipeline& pipeline_;
  const Ticket ticket_;
  const size_t capacity_;
  const absl::Duration patience_;
  const Execute execute_;
  std::mutex mutex_;
  std::deque<UnaryCallPtr> waiting_;
  int groups_ = 0;        // submitted or under way
  bool looking_ = false;  // LookAfterWaiting is due
};

}  // namespace kam::rpc
