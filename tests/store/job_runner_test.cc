#include "jobs/job_runner.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "domain/operations/operations.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "store/operations/operations.h"
#include "support/changes.h"
#include "support/test_database.h"

namespace kam::jobs {
namespace {

using testing::TestDatabase;

// A job that does what the test says, and appends a change when it is abandoned. One on
// `evaluations/done` has been done before.
class FakeJob final : public Job {
 public:
  explicit FakeJob(std::function<absl::Status(JobContext&)> run) : run_(std::move(run)) {}

  OperationKind kind() const override { return OperationKind::kEvaluatePortfolio; }
  absl::Status Run(JobContext& context) override { return run_(context); }
  absl::StatusOr<bool> Abandon(store::Transaction& tx, const Operation& operation) override {
    if (operation.target == "evaluations/done") return false;
    KAM_RETURN_IF_ERROR(testing::AppendChange(tx, "abandoned", "", operation.target));
    return true;
  }

 private:
  std::function<absl::Status(JobContext&)> run_;
};

class JobRunnerTest : public ::testing::Test {
 protected:
  std::unique_ptr<JobRunner> Run(std::function<absl::Status(JobContext&)> run,
                                 JobRunnerOptions options = {.lease = absl::Seconds(1),
                                                             .poll = absl::Milliseconds(10),
                                                             .first_pause = absl::Milliseconds(10)},
                                 store::Store* store = nullptr) {
    std::vector<std::unique_ptr<Job>> jobs;
    jobs.push_back(std::make_unique<FakeJob>(std::move(run)));
    return std::make_unique<JobRunner>(store == nullptr ? *store_ : *store, clock_, std::move(jobs),
                                       options, [](const std::string&) {});
  }
  std::string Start(const std::string& target = "evaluations/e") {
    std::string id;
    EXPECT_TRUE(store_
                    ->Transact({},
                               [&](store::Transaction& tx) -> absl::Status {
                                 KAM_ASSIGN_OR_RETURN(
                                     const Operation operation,
                                     domain::StartOperation(tx, OperationKind::kEvaluatePortfolio,
                                                            target, "p"));
                                 id = operation.id;
                                 return absl::OkStatus();
                               })
                    .ok());
    return id;
  }
  Operation Get(const std::string& id) {
    Operation operation;
    EXPECT_TRUE(store_
                    ->Transact({.read_only = true},
                               [&](store::Transaction& tx) -> absl::Status {
                                 KAM_ASSIGN_OR_RETURN(operation, store::GetOperation(tx, id));
                                 return absl::OkStatus();
                               })
                    .ok());
    return operation;
  }
  // Waits until the operation has ended, or until `until` holds.
  Operation Await(const std::string& id, const std::function<bool()>& until = nullptr) {
    for (int i = 0; i < 2000; ++i) {
      Operation operation = Get(id);
      if (until != nullptr ? until() : operation.end_time.has_value()) return operation;
      absl::SleepFor(absl::Milliseconds(5));
    }
    ADD_FAILURE() << "the operation does not get there";
    return Get(id);
  }
  void Cancel(const std::string& id) {
    EXPECT_TRUE(
        store_->Transact({}, [&](store::Transaction& tx) { return store::RequestCancel(tx, id); })
            .ok());
  }
  std::string Abandoned() {
    return database_.Sql("SELECT count(*) FROM changes WHERE kind = 'abandoned'");
  }

  TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open(8);
  SystemClock clock_;
};

TEST_F(JobRunnerTest, RunsAndFinishes) {
  const auto runner = Run([](JobContext& context) {
    EXPECT_EQ(context.operation().target, "evaluations/e");
    return context.Report("LOADING", 3, 7);
  });
  const Operation operation = Await(Start());
  EXPECT_EQ(operation.state, OperationState::kSucceeded);
  EXPECT_EQ(operation.stage, "LOADING");
  EXPECT_EQ(operation.done, 3);
  EXPECT_EQ(operation.total, 7);
  EXPECT_EQ(operation.attempts, 1);
  EXPECT_EQ(Abandoned(), "0");
}

TEST_F(JobRunnerTest, AFailureIsKeptWithItsDetailsAndTheTargetMarked) {
  const auto runner = Run([](JobContext&) { return Deleted("evaluations/e"); });
  const Operation operation = Await(Start());
  EXPECT_EQ(operation.state, OperationState::kFailed);
  EXPECT_TRUE(HasReason(operation.error, ErrorReason::kResourceDeleted)) << operation.error;
  EXPECT_EQ(Abandoned(), "1");
}

TEST_F(JobRunnerTest, GoesOnFromTheCursorAfterATransientFailure) {
  std::atomic<int> runs = 0;
  const auto runner = Run([&](JobContext& context) -> absl::Status {
    const int run = ++runs;
    const std::string& cursor = context.operation().cursor;
    const int done = cursor.empty() ? 0 : std::stoi(cursor);
    EXPECT_EQ(done, run - 1) << "what was done is done again";
    if (done == 3) return absl::OkStatus();
    KAM_RETURN_IF_ERROR(context.Step("STEP", run, 3, absl::StrCat(run), [](store::Transaction& tx) {
      return testing::AppendChange(tx, "step", "", "evaluations/e");
    }));
    return run == 1 ? absl::UnavailableError("away")
                    : MakeError(absl::StatusCode::kAborted, "conflict",
                                {.reason = ErrorReason::kConflict});
  });
  const Operation operation = Await(Start());
  EXPECT_EQ(operation.state, OperationState::kSucceeded);
  EXPECT_EQ(operation.attempts, 4);
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM changes WHERE kind = 'step'"), "3");
}

TEST_F(JobRunnerTest, GivesUpAfterTooManyAttempts) {
  const auto runner = Run([](JobContext&) { return absl::UnavailableError("always"); },
                          {.poll = absl::Milliseconds(5),
                           .first_pause = absl::Milliseconds(1),
                           .max_pause = absl::Milliseconds(2),
                           .max_attempts = 3});
  const Operation operation = Await(Start());
  EXPECT_EQ(operation.state, OperationState::kFailed);
  EXPECT_EQ(operation.attempts, 3);
  EXPECT_EQ(Abandoned(), "1");
}

TEST_F(JobRunnerTest, ARunningOneIsCancelled) {
  std::atomic<bool> begun = false;
  const auto runner = Run([&](JobContext& context) -> absl::Status {
    for (int i = 0;; ++i) {
      begun = true;
      KAM_RETURN_IF_ERROR(context.Report("WAITING", i, 0));
      absl::SleepFor(absl::Milliseconds(5));
    }
  });
  const std::string id = Start();
  Await(id, [&] { return begun.load(); });
  Cancel(id);
  const Operation operation = Await(id);
  EXPECT_EQ(operation.state, OperationState::kCancelled);
  EXPECT_TRUE(HasReason(operation.error, ErrorReason::kCancelled));
  EXPECT_EQ(Abandoned(), "1");
}

TEST_F(JobRunnerTest, APendingOneIsCancelledWithoutARun) {
  const std::string id = Start();
  Cancel(id);
  std::atomic<int> runs = 0;
  const auto runner = Run([&](JobContext&) {
    ++runs;
    return absl::OkStatus();
  });
  EXPECT_EQ(Await(id).state, OperationState::kCancelled);
  EXPECT_EQ(runs, 0);
  EXPECT_EQ(Abandoned(), "1") << "its target stays as if it were still being made";
}

TEST_F(JobRunnerTest, WhatAnEarlierAttemptHasDoneIsNotCancelledAfterwards) {
  const std::string id = Start("evaluations/done");
  Cancel(id);
  const auto runner = Run([](JobContext&) { return absl::OkStatus(); });
  const Operation operation = Await(id);
  EXPECT_EQ(operation.state, OperationState::kSucceeded);
  EXPECT_TRUE(operation.error.ok()) << operation.error;
}

TEST_F(JobRunnerTest, StopReturnsSoonAndTheWorkMayBeClaimedAtOnce) {
  std::atomic<bool> begun = false;
  const auto endless = [&](JobContext& context) -> absl::Status {
    while (true) {
      begun = true;
      KAM_RETURN_IF_ERROR(context.Report("WAITING", 0, 0));
      absl::SleepFor(absl::Milliseconds(5));
    }
  };
  auto runner = Run(endless, {.lease = absl::Minutes(10), .poll = absl::Milliseconds(10)});
  const std::string id = Start();
  Await(id, [&] { return begun.load(); });
  const absl::Time start = absl::Now();
  runner->Stop();
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  EXPECT_EQ(Get(id).state, OperationState::kRunning);
  EXPECT_EQ(Abandoned(), "0");
  const auto next = Run([](JobContext&) { return absl::OkStatus(); });
  EXPECT_EQ(Await(id).attempts, 2);
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST_F(JobRunnerTest, KeepsItsLeaseByHeartbeat) {
  std::atomic<int> runs = 0;
  const auto slow = [&](JobContext&) {
    ++runs;
    absl::SleepFor(absl::Milliseconds(1500));
    return absl::OkStatus();
  };
  const JobRunnerOptions options = {.lease = absl::Milliseconds(400),
                                    .poll = absl::Milliseconds(10)};
  const auto one = Run(slow, options);
  const auto two = Run(slow, options);
  EXPECT_EQ(Await(Start()).attempts, 1);
  EXPECT_EQ(runs, 1);
}

TEST_F(JobRunnerTest, WhoLostTheLeaseIsStoppedAndWritesNothing) {
  std::atomic<bool> begun = false;
  std::atomic<bool> taken = false;
  absl::Status told;
  auto runner = Run([&](JobContext& context) {
    begun = true;
    while (!taken) absl::SleepFor(absl::Milliseconds(5));
    told = context.Step("STEP", 1, 1, "mine", [](store::Transaction& tx) {
      return testing::AppendChange(tx, "step", "", "evaluations/e");
    });
    return told;
  });
  const std::string id = Start();
  Await(id, [&] { return begun.load(); });
  database_.Sql("UPDATE operations SET lease_owner = 'another', lease_until = now() + '1 hour'");
  taken = true;
  runner.reset();
  EXPECT_EQ(told.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM changes"), "0");
  EXPECT_EQ(Get(id).state, OperationState::kRunning);
  EXPECT_EQ(Get(id).cursor, "");
}

TEST_F(JobRunnerTest, SurvivesTheLossOfAllConnections) {
  std::atomic<int> steps = 0;
  const auto runner = Run([&](JobContext& context) -> absl::Status {
    const std::string& cursor = context.operation().cursor;
    for (int i = cursor.empty() ? 0 : std::stoi(cursor); i < 20; ++i) {
      KAM_RETURN_IF_ERROR(
          context.Step("STEP", i + 1, 20, absl::StrCat(i + 1), [&](store::Transaction& tx) {
            return testing::AppendChange(tx, "step", "", absl::StrCat(i));
          }));
      ++steps;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return absl::OkStatus();
  });
  const std::string id = Start();
  for (int i = 0; i < 5; ++i) {
    absl::SleepFor(absl::Milliseconds(20));
    database_.Sql(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }
  EXPECT_EQ(Await(id).state, OperationState::kSucceeded);
  EXPECT_EQ(database_.Sql("SELECT count(*) || ' ' || count(DISTINCT resource) FROM changes "
                          "WHERE kind = 'step'"),
            "20 20");
}

}  // namespace
}  // namespace kam::jobs
