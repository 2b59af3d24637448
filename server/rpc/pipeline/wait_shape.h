#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "rpc/pipeline/lane.h"
#include "rpc/pipeline/read.h"

namespace kam::rpc {

// Calls that wait for something (wait.h). What they await is looked at by one task for all of them,
// of each awaited thing with one call, as often as costs at most a twentieth of a worker's time.
class WaitShape final : public Shape {
 public:
  WaitShape(Pipeline& pipeline, const Method& method, GroupReadHandler handler);
  void Run(UnaryCallPtr call) override { lane_.Add(std::move(call)); }

 private:
  struct Waiter {
    UnaryCallPtr call;
    Deadline until;
  };

  void Execute(Lane::Group& group);
  void Wait(UnaryCallPtr call);
  void LookAfter(absl::Duration delay);
  void Look();
  // Takes those out whose wait is over; answers one call for each thing that is still awaited.
  std::map<std::string, UnaryCall*> Sweep(std::vector<UnaryCallPtr>& over);

  Pipeline& pipeline_;
  const GroupReadHandler handler_;
  std::mutex mutex_;  // guards all below but the lane; calls are answered outside of it
  std::multimap<std::string, Waiter> waiters_;
  bool looking_ = false;
  Lane lane_;
};

}  // namespace kam::rpc
