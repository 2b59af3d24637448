#pragma once

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "jobs/job.h"
#include "model/operations/operation.h"
#include "store/store.h"

namespace kam::jobs {

// One attempt at an operation: what its job sees. Used by the job's thread; the flags and Beat by
// others as well.
class RunningJob final : public JobContext {
 public:
  RunningJob(store::Store& store, Operation operation, std::string owner, absl::Duration lease,
             absl::Duration step_timeout);

  const Operation& operation() const override { return claimed_; }
  store::Store& store() override { return store_; }
  kam::Deadline Deadline() const override;
  absl::Status Report(absl::string_view stage, int64_t done, int64_t total) override;
  absl::Status Step(absl::string_view stage, int64_t done, int64_t total, absl::string_view cursor,
                    absl::FunctionRef<absl::Status(store::Transaction&)> body) override;

  // Extends the lease, and learns whether it is lost or cancellation was asked for. Thread-safe.
  void Beat();
  // Tells the job to end, because the server does. Thread-safe.
  void Interrupt() { interrupted_ = true; }

  const std::string& owner() const { return owner_; }
  // With the newest progress.
  const Operation& current() const { return current_; }
  bool cancel_requested() const { return cancel_requested_; }
  bool interrupted() const { return interrupted_; }
  bool lost() const { return lost_; }

 private:
  // Why the job must end now, if it must.
  absl::Status Standing() const;
  absl::Status Save(const Operation& progress, store::Transaction& tx);

  store::Store& store_;
  const Operation claimed_;
  const std::string owner_;
  const absl::Duration lease_;
  const absl::Duration step_timeout_;
  Operation current_;
  kam::Deadline quiet_until_ = kam::Deadline::After(absl::ZeroDuration());
  std::atomic<bool> cancel_requested_;
  std::atomic<bool> interrupted_ = false;
  std::atomic<bool> lost_ = false;
};

}  // namespace kam::jobs
