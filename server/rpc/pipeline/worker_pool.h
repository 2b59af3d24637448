#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"
#include "base/deadline.h"

namespace kam::rpc {

class Share;

// What a task needs to be let in.
struct Ticket {
  Deadline deadline;
  std::array<Share*, 5> shares = {};  // null where there is none
};

// A task in the queue.
struct Job {
  Ticket ticket;
  absl::AnyInvocable<void(bool in_time)> task;
  bool in_time = true;
  Share* parked_at = nullptr;  // where it came from when it is ready again

  // The first of its shares that has no room; null when it may run.
  Share* Obstacle() const;
};

// How many workers, and how much of the queue, tasks of one kind may hold at the same time: those
// of one method, one account, one principal, or all that write. A bulkhead: whatever such tasks
// wait for, the other workers stay free for others. Guarded by the pool's mutex.
class Share {
 public:
  Share(int running, int queued) : running_limit_(running), queued_limit_(queued) {}

 private:
  friend class WorkerPool;
  friend struct Job;

  bool full() const { return running_ >= running_limit_; }

  const int running_limit_;
  const int queued_limit_;
  int running_ = 0;
  int queued_ = 0;
  std::deque<std::unique_ptr<Job>> parked_;  // would run, but the share is full
};

// As many threads as the store has connections for calls, and a bounded queue before them: work
// that needs the store waits here or is shed at once, before anything was done for it. A task runs
// when a worker is free and none of its shares is full; one whose deadline passed before is told
// so, to answer without work. Waits on the monotonic clock. Thread-safe.
class WorkerPool {
 public:
  // `in_time` is false when the deadline passed in the queue.
  using Task = absl::AnyInvocable<void(bool in_time)>;

  WorkerPool(int threads, int queue_capacity);
  // Runs what is queued and what is due later, then joins.
  ~WorkerPool();

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Queues `task`; false when the queue, or the part of it that one of its shares has, is full. The
  // task is destroyed then.
  bool Submit(const Ticket& ticket, Task task);
  // Queues work that was admitted before: never shed.
  void SubmitAdmitted(const Ticket& ticket, Task task);
  // The same once `delay` has passed; at once while the pool stops.
  void SubmitAfter(absl::Duration delay, const Ticket& ticket, Task task);

  // Whether the pool is being destroyed: nothing may be put off any more.
  bool stopping() const;

 private:
  using JobPtr = std::unique_ptr<Job>;

  // Under the mutex.
  void Push(JobPtr job);
  JobPtr Take();
  void WakeOne(Share& share);
  void Release(Job& job);

  void Work();
  void KeepTime();

  const int queue_capacity_;
  mutable std::mutex mutex_;  // guards all below but the threads
  std::condition_variable ready_changed_;
  std::condition_variable later_changed_;
  std::deque<JobPtr> ready_;
  std::multimap<Deadline, JobPtr> later_;
  int queued_ = 0;   // ready or parked
  int working_ = 0;  // tasks that run
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace kam::rpc
