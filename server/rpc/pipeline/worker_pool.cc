#include "rpc/pipeline/worker_pool.h"

#include <utility>

namespace kam::rpc {

Share* Job::Obstacle() const {
  for (Share* share : ticket.shares) {
    if (share != nullptr && share->full()) return share;
  }
  return nullptr;
}

WorkerPool::WorkerPool(int threads, int queue_capacity) : queue_capacity_(queue_capacity) {
  threads_.reserve(threads + 1);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
  threads_.emplace_back([this] { KeepTime(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    for (auto& [when, job] : later_) Push(std::move(job));
    later_.clear();
  }
  ready_changed_.notify_all();
  later_changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::Submit(const Ticket& ticket, Task task) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (queued_ >= queue_capacity_) return false;
    for (const Share* share : ticket.shares) {
      // Queued behind a share that has workers left is waiting for a worker, like everybody.
      if (share != nullptr && share->full() && share->queued_ >= share->queued_limit_) return false;
    }
    Push(std::make_unique<Job>(Job{ticket, std::move(task)}));
  }
  ready_changed_.notify_one();
  return true;
}

void WorkerPool::SubmitAdmitted(const Ticket& ticket, Task task) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    Push(std::make_unique<Job>(Job{ticket, std::move(task)}));
  }
  ready_changed_.notify_one();
}

void WorkerPool::SubmitAfter(absl::Duration delay, const Ticket& ticket, Task task) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!stopping_) {
      later_.emplace(Deadline::After(delay), std::make_unique<Job>(Job{ticket, std::move(task)}));
      later_changed_.notify_one();
      return;
    }
  }
  SubmitAdmitted(ticket, std::move(task));
}

bool WorkerPool::stopping() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return stopping_;
}

void WorkerPool::Push(JobPtr job) {
  ++queued_;
  for (Share* share : job->ticket.shares) {
    if (share != nullptr) ++share->queued_;
  }
  ready_.push_back(std::move(job));
}

void WorkerPool::WakeOne(Share& share) {
  if (share.parked_.empty() || share.full()) return;
  ready_.push_front(std::move(share.parked_.front()));
  ready_.front()->parked_at = &share;
  share.parked_.pop_front();
}

WorkerPool::JobPtr WorkerPool::Take() {
  while (!ready_.empty()) {
    JobPtr job = std::move(ready_.front());
    ready_.pop_front();
    Share* const from = std::exchange(job->parked_at, nullptr);
    job->in_time = !job->ticket.deadline.passed();
    Share* const obstacle = job->in_time ? job->Obstacle() : nullptr;
    if (obstacle == nullptr) {
      --queued_;
      ++working_;
      for (Share* share : job->ticket.shares) {
        if (share == nullptr) continue;
        --share->queued_;
        if (job->in_time) ++share->running_;
      }
    } else if (from != nullptr) {
      // It has waited elsewhere: not behind those that came after it.
      obstacle->parked_.push_front(std::move(job));
    } else {
      obstacle->parked_.push_back(std::move(job));
    }
    // A share whose room this job did not take has it for the next one.
    if (from != nullptr && from != obstacle) WakeOne(*from);
    if (job != nullptr) return job;
  }
  return nullptr;
}

void WorkerPool::Release(Job& job) {
  --working_;
  if (!job.in_time) return;
  for (Share* share : job.ticket.shares) {
    if (share == nullptr) continue;
    --share->running_;
    WakeOne(*share);
  }
}

void WorkerPool::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    JobPtr job = Take();
    if (job == nullptr) {
      // What runs may still queue more.
      if (stopping_ && queued_ == 0 && working_ == 0) {
        ready_changed_.notify_all();
        return;
      }
      ready_changed_.wait(lock);
      continue;
    }
    if (!ready_.empty()) ready_changed_.notify_one();
    lock.unlock();
    job->task(job->in_time);
    job->task = nullptr;
    lock.lock();
    Release(*job);
  }
}

void WorkerPool::KeepTime() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    if (later_.empty()) {
      later_changed_.wait(lock);
    } else if (!later_.begin()->first.passed()) {
      later_changed_.wait_until(lock, later_.begin()->first.at());
    } else {
      Push(std::move(later_.begin()->second));
      later_.erase(later_.begin());
      ready_changed_.notify_one();
    }
  }
}

}  // namespace kam::rpc
