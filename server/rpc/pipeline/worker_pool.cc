#include "rpc/pipeline/worker_pool.h"

#include <utility>

#include "absl/time/clock.h"

namespace kam::rpc {

WorkerPool::WorkerPool(int threads, int queue_capacity) : queue_capacity_(queue_capacity) {
  threads_.reserve(threads + 1);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
  threads_.emplace_back([this] { KeepTime(); });
}

WorkerPool::~WorkerPool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    for (auto& [when, task] : later_) queue_.push_back(std::move(task));
    later_.clear();
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::Submit(Task task) {
  absl::MutexLock lock(&mutex_);
  if (static_cast<int>(queue_.size()) >= queue_capacity_) return false;
  queue_.push_back(std::move(task));
  return true;
}

void WorkerPool::SubmitAfter(absl::Duration delay, Task task) {
  absl::MutexLock lock(&mutex_);
  later_.emplace(absl::Now() + delay, std::move(task));
}

int WorkerPool::queued() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(queue_.size());
}

void WorkerPool::Work() {
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  while (true) {
    Task task;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

void WorkerPool::KeepTime() {
  const auto stopped = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_; };
  constexpr absl::Duration kTick = absl::Milliseconds(20);
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopped), kTick)) {
    const absl::Time now = absl::Now();
    while (!later_.empty() && later_.begin()->first <= now) {
      queue_.push_back(std::move(later_.begin()->second));
      later_.erase(later_.begin());
    }
  }
}

}  // namespace kam::rpc
