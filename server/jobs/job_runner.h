#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/signal.h"
#include "jobs/job.h"
#include "model/operations/operation.h"
#include "store/store.h"

namespace kam::jobs {

class RunningJob;

struct JobRunnerOptions {
  int threads = 1;                                 // operations worked on at once; 0 works on none
  absl::Duration lease = absl::Seconds(5);         // others take over so long after a server died
  absl::Duration poll = absl::Milliseconds(100);   // how often new work is looked for
  absl::Duration step_timeout = absl::Minutes(2);  // of one transaction of a job
  // Of an operation that cannot be finished: it is tried again after `first_pause`, doubled up to
  // `max_pause`, and failed after `max_attempts`.
  absl::Duration first_pause = absl::Milliseconds(500);
  absl::Duration max_pause = absl::Seconds(30);
  int max_attempts = 50;
};

// Works on operations: claims them, keeps the lease by a heartbeat, runs the job of their kind and
// ends them. Any number of runners, also in other processes, share the work. Thread-safe.
class JobRunner {
 public:
  // Takes a line for people, in any thread.
  using Log = std::function<void(const std::string&)>;

  // Starts at once. `store` and `clock` must outlive the runner. Operations of kinds without a job
  // here are left to other servers.
  JobRunner(store::Store& store, const Clock& clock, std::vector<std::unique_ptr<Job>> jobs,
            JobRunnerOptions options, Log log);
  ~JobRunner();

  // Claims no more, lets running jobs end at their next Report or Step (they are told ABORTED and
  // may be claimed again at once), and returns when they have.
  void Stop();

 private:
  void Work();
  void Beat();
  // Runs one operation, if there is one that may be claimed.
  bool RunNext();
  void Execute(Job& job, RunningJob& running);
  absl::Status RunJob(Job& job, RunningJob& running);
  void End(Job& job, RunningJob& running, const absl::Status& outcome);
  // Runs a transaction that ends an attempt, again while the database is away; false when it
  // cannot be ended so.
  bool Settle(RunningJob& running, absl::FunctionRef<absl::Status(store::Transaction&)> body);
  Job* JobFor(OperationKind kind) const;
  // Waits; true when the runner stops.
  bool Pause(absl::Duration duration) { return stopping_.WaitFor(duration); }

  store::Store& store_;
  const std::vector<std::unique_ptr<Job>> jobs_;
  const JobRunnerOptions options_;
  const Log log_;
  const std::string name_;
  std::vector<OperationKind> kinds_;

  Signal stopping_;  // claims no more
  Signal stopped_;   // no job is running any more
  mutable absl::Mutex mutex_;
  int64_t claims_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_set<std::shared_ptr<RunningJob>> running_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
  std::thread heart_;
};

}  // namespace kam::jobs
