#include "rpc/pipeline/worker_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <vector>

namespace kam::rpc {
namespace {

// Tasks that wait until they are let go.
class Gate {
 public:
  WorkerPool::Task Task() {
    return [this, gate = gate_](bool) {
      ++waiting_;
      gate.wait();
      ++passed_;
    };
  }
  void Open() { promise_.set_value(); }
  void AwaitWaiting(int count) const {
    while (waiting_ < count) std::this_thread::yield();
  }
  int passed() const { return passed_; }

 private:
  std::promise<void> promise_;
  std::shared_future<void> gate_ = promise_.get_future().share();
  std::atomic<int> waiting_ = 0;
  std::atomic<int> passed_ = 0;
};

TEST(WorkerPoolTest, AFullShareLeavesTheOtherWorkersToOthers) {
  Gate gate;
  Share locked(2, 100);
  std::promise<void> other;
  {
    WorkerPool pool(4, 100);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(pool.Submit({.shares = {&locked}}, gate.Task()));
    gate.AwaitWaiting(2);
    ASSERT_TRUE(pool.Submit({}, [&](bool) { other.set_value(); }));
    other.get_future().wait();
    EXPECT_EQ(gate.passed(), 0);
    gate.Open();
  }
  EXPECT_EQ(gate.passed(), 20) << "what waited for room in the share has run";
}

TEST(WorkerPoolTest, AShareHoldsOnlyItsPartOfTheQueue) {
  Gate gate;
  Share share(1, 3);
  {
    WorkerPool pool(2, 100);
    ASSERT_TRUE(pool.Submit({.shares = {&share}}, gate.Task()));
    gate.AwaitWaiting(1);
    int taken = 0;
    for (int i = 0; i < 10; ++i) taken += pool.Submit({.shares = {&share}}, gate.Task()) ? 1 : 0;
    EXPECT_EQ(taken, 3);
    EXPECT_TRUE(pool.Submit({}, [](bool) {}));
    gate.Open();
  }
  EXPECT_EQ(gate.passed(), 4);
}

TEST(WorkerPoolTest, TasksOfCrossedSharesAllRunAndNeverExceedThem) {
  constexpr int kTasks = 20'000;
  std::vector<std::unique_ptr<Share>> shares;
  std::vector<std::atomic<int>> running(6);
  std::atomic<int> most = 0;
  std::atomic<int> ran = 0;
  for (int i = 0; i < 6; ++i) shares.push_back(std::make_unique<Share>(2, kTasks));
  {
    WorkerPool pool(6, kTasks);
    for (int i = 0; i < kTasks; ++i) {
      const int a = i % 3;
      const int b = 3 + i / 3 % 3;
      ASSERT_TRUE(pool.Submit({.shares = {shares[a].get(), shares[b].get()}}, [&, a, b](bool) {
        most = std::max<int>(most, std::max(++running[a], ++running[b]));
        std::this_thread::yield();
        --running[a];
        --running[b];
        ++ran;
      }));
    }
  }
  EXPECT_EQ(ran, kTasks);
  EXPECT_LE(most, 2);
}

TEST(WorkerPoolTest, ATaskWhoseTimeIsOverIsToldSo) {
  Gate gate;
  std::atomic<int> late = 0;
  {
    WorkerPool pool(1, 10);
    ASSERT_TRUE(pool.Submit({}, gate.Task()));
    gate.AwaitWaiting(1);
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(pool.Submit({.deadline = Deadline::After(absl::Milliseconds(1))},
                              [&](bool in_time) { late += in_time ? 0 : 1; }));
    }
    while (!Deadline::After(absl::ZeroDuration()).passed()) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    gate.Open();
  }
  EXPECT_EQ(late, 3);
}

TEST(WorkerPoolTest, WhatIsDueLaterRunsLaterAndAtTheEndAtOnce) {
  std::promise<Deadline::Clock::time_point> ran;
  std::atomic<bool> at_the_end = false;
  const auto start = Deadline::Clock::now();
  {
    WorkerPool pool(1, 1);
    pool.SubmitAfter(absl::Milliseconds(30), {},
                     [&](bool) { ran.set_value(Deadline::Clock::now()); });
    EXPECT_GE(ran.get_future().get() - start, std::chrono::milliseconds(30));
    pool.SubmitAfter(absl::Hours(1), {}, [&](bool) { at_the_end = true; });
  }
  EXPECT_TRUE(at_the_end);
}

}  // namespace
}  // namespace kam::rpc
