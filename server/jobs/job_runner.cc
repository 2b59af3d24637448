#include "jobs/job_runner.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "jobs/running_job.h"
#include "model/error.h"
#include "store/operations/operations.h"

namespace kam::jobs {
namespace {

constexpr absl::Duration kMaxBeat = absl::Seconds(1);
constexpr absl::Duration kClaimTimeout = absl::Seconds(10);
constexpr absl::Duration kAwayPause = absl::Milliseconds(500);

// Whether another attempt may do better.
bool MayRunAgain(const absl::Status& outcome) {
  return absl::IsUnavailable(outcome) || HasReason(outcome, ErrorReason::kConflict) ||
         HasReason(outcome, ErrorReason::kShuttingDown);
}

}  // namespace

JobRunner::JobRunner(store::Store& store, const Clock& clock,
                     std::vector<std::unique_ptr<Job>> jobs, JobRunnerOptions options, Log log)
    : store_(store),
      jobs_(std::move(jobs)),
      options_(options),
      log_(std::move(log)),
      name_(NewTimeOrderedId(clock.Now())) {
  for (const std::unique_ptr<Job>& job : jobs_) kinds_.push_back(job->kind());
  if (options_.threads == 0) return;
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Work(); });
  heart_ = std::thread([this] { Beat(); });
}

JobRunner::~JobRunner() { Stop(); }

void JobRunner::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_.raised()) return;
    stopping_.Raise();
    for (const std::shared_ptr<RunningJob>& running : running_) running->Interrupt();
  }
  for (std::thread& thread : threads_) thread.join();
  // Last, so that leases are kept while jobs come to their end.
  stopped_.Raise();
  if (heart_.joinable()) heart_.join();
}

Job* JobRunner::JobFor(OperationKind kind) const {
  for (const std::unique_ptr<Job>& job : jobs_) {
    if (job->kind() == kind) return job.get();
  }
  return nullptr;
}

void JobRunner::Work() {
  while (!stopping_.raised()) {
    if (!RunNext() && Pause(options_.poll)) return;
  }
}

void JobRunner::Beat() {
  const absl::Duration period = std::min(options_.lease / 4, kMaxBeat);
  while (!stopped_.WaitFor(period)) {
    std::vector<std::shared_ptr<RunningJob>> running;
    {
      absl::MutexLock lock(&mutex_);
      running.assign(running_.begin(), running_.end());
    }
    for (const std::shared_ptr<RunningJob>& job : running) job->Beat();
  }
}

bool JobRunner::RunNext() {
  std::string owner;
  {
    absl::MutexLock lock(&mutex_);
    owner = absl::StrCat(name_, "/", ++claims_);
  }
  std::optional<Operation> operation;
  const absl::Status claimed = store_.Transact(
      {.deadline = Deadline::After(kClaimTimeout)}, [&](store::Transaction& tx) -> absl::Status {
        KAM_ASSIGN_OR_RETURN(operation, store::ClaimOperation(tx, kinds_, owner, options_.lease));
        return absl::OkStatus();
      });
  if (!claimed.ok()) {
    Pause(kAwayPause);
    return false;
  }
  if (!operation) return false;
  Job& job = *JobFor(operation->kind);
  const auto running = std::make_shared<RunningJob>(store_, *std::move(operation), owner,
                                                    options_.lease, options_.step_timeout);
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_.raised()) running->Interrupt();
    running_.insert(running);
  }
  Execute(job, *running);
  absl::MutexLock lock(&mutex_);
  running_.erase(running);
  return true;
}

void JobRunner::Execute(Job& job, RunningJob& running) {
  const Operation& operation = running.operation();
  log_(absl::StrCat("operation ", operation.id, " on ", operation.target, ": attempt ",
                    operation.attempts));
  const absl::Status outcome = RunJob(job, running);
  log_(absl::StrCat("operation ", operation.id, ": ", outcome.ok() ? "done" : outcome.ToString()));
  End(job, running, outcome);
}

absl::Status JobRunner::RunJob(Job& job, RunningJob& running) {
  if (running.cancel_requested()) {
    return MakeError(absl::StatusCode::kCancelled, "cancellation was asked for",
                     {.reason = ErrorReason::kCancelled});
  }
  // One that ends every server it runs on must not go round for ever.
  if (running.operation().attempts > options_.max_attempts) {
    return Internal(absl::StrCat("given up after ", options_.max_attempts, " attempts"));
  }
  return job.Run(running);
}

void JobRunner::End(Job& job, RunningJob& running, const absl::Status& outcome) {
  if (running.lost()) return;
  const Operation& operation = running.operation();
  if (outcome.ok()) {
    Settle(running, [&](store::Transaction& tx) -> absl::Status {
      KAM_RETURN_IF_ERROR(store::SaveProgress(tx, running.current(), running.owner()).status());
      return store::FinishOperation(tx, operation.id, running.owner(), OperationState::kSucceeded,
                                    absl::OkStatus());
    });
    return;
  }
  if (MayRunAgain(outcome) && operation.attempts < options_.max_attempts) {
    absl::Duration pause = absl::ZeroDuration();
    if (!running.interrupted()) {
      const int doublings = std::clamp(operation.attempts - 1, 0, 20);
      pause = std::min(options_.first_pause * (int64_t{1} << doublings), options_.max_pause);
    }
    Settle(running, [&](store::Transaction& tx) {
      return store::ReleaseOperation(tx, operation.id, running.owner(), pause);
    });
    return;
  }
  const OperationState state = running.cancel_requested() && absl::IsCancelled(outcome)
                                   ? OperationState::kCancelled
                                   : OperationState::kFailed;
  const auto finish = [&](store::Transaction& tx) {
    return store::FinishOperation(tx, operation.id, running.owner(), state, outcome);
  };
  const bool settled = Settle(running, [&](store::Transaction& tx) -> absl::Status {
    KAM_ASSIGN_OR_RETURN(const bool abandoned, job.Abandon(tx, running.current()));
    if (abandoned) return finish(tx);
    return store::FinishOperation(tx, operation.id, running.owner(), OperationState::kSucceeded,
                                  absl::OkStatus());
  });
  // A target that cannot be marked must not keep its operation going round for ever.
  if (!settled && operation.attempts > options_.max_attempts) Settle(running, finish);
}

bool JobRunner::Settle(RunningJob& running,
                       absl::FunctionRef<absl::Status(store::Transaction&)> body) {
  while (true) {
    const absl::Status status = store_.Transact({.deadline = running.Deadline()}, body);
    // A lost lease, also after a commit whose outcome was unknown: others settle it.
    if (status.ok() || HasReason(status, ErrorReason::kConflict)) return true;
    log_(absl::StrCat("operation ", running.operation().id,
                      " could not be ended: ", status.ToString()));
    // Its lease runs out once the heartbeat stops, and it is claimed again.
    if (!absl::IsUnavailable(status) || Pause(kAwayPause)) return false;
  }
}

}  // namespace kam::jobs
