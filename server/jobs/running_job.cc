#include "jobs/running_job.h"

#include <utility>

#include "base/status_macros.h"
#include "model/error.h"
#include "store/operations/operations.h"

namespace kam::jobs {
namespace {

// Reports of one stage that follow closer are shown with the next one.
constexpr absl::Duration kReportInterval = absl::Milliseconds(100);

}  // namespace

RunningJob::RunningJob(store::Store& store, Operation operation, std::string owner,
                       absl::Duration lease, absl::Duration step_timeout)
    : store_(store),
      claimed_(std::move(operation)),
      owner_(std::move(owner)),
      lease_(lease),
      step_timeout_(step_timeout),
      current_(claimed_),
      cancel_requested_(claimed_.cancel_requested) {}

kam::Deadline RunningJob::Deadline() const { return kam::Deadline::After(step_timeout_); }

absl::Status RunningJob::Standing() const {
  if (lost_) {
    return MakeError(absl::StatusCode::kAborted, "another server has taken the operation over",
                     {.reason = ErrorReason::kConflict});
  }
  if (interrupted_) {
    return MakeError(absl::StatusCode::kAborted, "the server is shutting down",
                     {.reason = ErrorReason::kShuttingDown});
  }
  if (cancel_requested_) {
    return MakeError(absl::StatusCode::kCancelled, "cancellation was asked for",
                     {.reason = ErrorReason::kCancelled});
  }
  return absl::OkStatus();
}

absl::Status RunningJob::Save(const Operation& progress, store::Transaction& tx) {
  const absl::StatusOr<bool> cancel = store::SaveProgress(tx, progress, owner_);
  if (HasReason(cancel.status(), ErrorReason::kConflict)) lost_ = true;
  KAM_RETURN_IF_ERROR(cancel.status());
  if (*cancel) cancel_requested_ = true;
  return absl::OkStatus();
}

absl::Status RunningJob::Report(absl::string_view stage, int64_t done, int64_t total) {
  KAM_RETURN_IF_ERROR(Standing());
  const bool soon = !quiet_until_.passed() && stage == current_.stage;
  Operation progress = current_;
  progress.stage = std::string(stage);
  progress.done = done;
  progress.total = total;
  if (!soon) {
    KAM_RETURN_IF_ERROR(store_.Transact(
        {.deadline = Deadline()}, [&](store::Transaction& tx) { return Save(progress, tx); }));
    quiet_until_ = kam::Deadline::After(kReportInterval);
  }
  current_ = std::move(progress);
  return Standing();
}

absl::Status RunningJob::Step(absl::string_view stage, int64_t done, int64_t total,
                              absl::string_view cursor,
                              absl::FunctionRef<absl::Status(store::Transaction&)> body) {
  KAM_RETURN_IF_ERROR(Standing());
  Operation progress = current_;
  progress.stage = std::string(stage);
  progress.done = done;
  progress.total = total;
  progress.cursor = std::string(cursor);
  KAM_RETURN_IF_ERROR(store_.Transact({.deadline = Deadline()}, [&](store::Transaction& tx) {
    KAM_RETURN_IF_ERROR(body(tx));
    // Last, so that the heartbeat and those who ask to cancel do not wait for the body.
    return Save(progress, tx);
  }));
  quiet_until_ = kam::Deadline::After(kReportInterval);
  current_ = std::move(progress);
  return absl::OkStatus();
}

void RunningJob::Beat() {
  absl::StatusOr<bool> cancel = false;
  const absl::Status status =
      store_.Transact({.deadline = kam::Deadline::After(lease_)}, [&](store::Transaction& tx) {
        cancel = store::ExtendLease(tx, claimed_.id, owner_, lease_);
        return cancel.status();
      });
  if (HasReason(status, ErrorReason::kConflict)) lost_ = true;
  if (status.ok() && *cancel) cancel_requested_ = true;
}

}  // namespace kam::jobs
