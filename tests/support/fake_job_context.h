#pragma once

#include <string>
#include <utility>

#include "jobs/job.h"
#include "model/operations/operation.h"
#include "store/store.h"

namespace kam::testing {

// Runs a job on a real store without a runner: progress and cursor are kept here. Can be told to
// die after a step, as a server that is killed between two transactions.
class FakeJobContext final : public jobs::JobContext {
 public:
  FakeJobContext(store::Store& store, Operation operation)
      : store_(store), claimed_(operation), current_(std::move(operation)) {}

  // The attempt ends with UNAVAILABLE when this many steps are committed.
  void DieAfterSteps(int steps) { steps_left_ = steps; }
  // From now on every report and step answers CANCELLED.
  void Cancel() { cancelled_ = true; }
  // What the next attempt is given.
  const Operation& current() const { return current_; }
  int steps() const { return steps_; }

  const Operation& operation() const override { return claimed_; }
  store::Store& store() override { return store_; }
  kam::Deadline Deadline() const override { return kam::Deadline::After(absl::Minutes(1)); }

  absl::Status Report(absl::string_view stage, int64_t done, int64_t total) override {
    if (cancelled_) return absl::CancelledError("cancelled");
    current_.stage = std::string(stage);
    current_.done = done;
    current_.total = total;
    return absl::OkStatus();
  }

  absl::Status Step(absl::string_view stage, int64_t done, int64_t total, absl::string_view cursor,
                    absl::FunctionRef<absl::Status(store::Transaction&)> body) override {
    if (cancelled_) return absl::CancelledError("cancelled");
    if (steps_left_ == 0) return absl::UnavailableError("the server died");
    absl::Status status = store_.Transact({}, body);
    if (!status.ok()) return status;
    current_.stage = std::string(stage);
    current_.done = done;
    current_.total = total;
    current_.cursor = std::string(cursor);
    ++steps_;
    return --steps_left_ == 0 ? absl::UnavailableError("the server died") : absl::OkStatus();
  }

 private:
  store::Store& store_;
  const Operation claimed_;
  Operation current_;
  int steps_left_ = -1;
  int steps_ = 0;
  bool cancelled_ = false;
};

}  // namespace kam::testing
