#pragma once

#include <deque>
#include <map>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace kam::rpc {

// As many threads as the store has connections, and a bounded queue before them: work that needs
// the store waits here or is shed at once, before anything was done for it. Thread-safe.
class WorkerPool {
 public:
  using Task = absl::AnyInvocable<void()>;

  WorkerPool(int threads, int queue_capacity);
  // Runs what is queued, then joins. Nothing may submit any more.
  ~WorkerPool();

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Queues `task`; false, without taking it, when the queue is full.
  bool Submit(Task task);
  // Queues `task` once `delay` has passed, past the capacity if need be: it is work admitted
  // before.
  void SubmitAfter(absl::Duration delay, Task task);

  int queued() const;

 private:
  void Work();
  void KeepTime();

  const int queue_capacity_;
  mutable absl::Mutex mutex_;
  std::deque<Task> queue_ ABSL_GUARDED_BY(mutex_);
  std::multimap<absl::Time, Task> later_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace kam::rpc
