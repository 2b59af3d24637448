#pragma once

#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"
#include "base/deadline.h"

namespace kam {

// Something that happens once, and that threads wait for with a limit of time; the limit is kept on
// the monotonic clock. Thread-safe.
class Signal {
 public:
  void Raise() {
    const std::lock_guard<std::mutex> lock(mutex_);
    raised_ = true;
    condition_.notify_all();
  }
  bool raised() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return raised_;
  }
  // Waits until it is raised; false when `timeout` passed before.
  bool WaitFor(absl::Duration timeout) const { return WaitUntil(Deadline::After(timeout)); }
  bool WaitUntil(Deadline deadline) const {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto raised = [this] { return raised_; };
    if (deadline.never()) {
      condition_.wait(lock, raised);
      return true;
    }
    return condition_.wait_until(lock, deadline.at(), raised);
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable condition_;
  bool raised_ = false;
};

}  // namespace kam
