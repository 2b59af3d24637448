#pragma once

// Runs the jobs of allocation plans to their end.

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "base/clock.h"
#include "domain/allocation/commit.h"
#include "domain/allocation/planning.h"
#include "jobs/job_runner.h"
#include "store/operations/operations.h"
#include "store/store.h"
#include "support/benefits.h"

namespace kam::testing {

inline Operation GetOperation(store::Store& store, const std::string& id) {
  return *store::TransactFor<Operation>(
      store, {}, [&](store::Transaction& tx) { return store::GetOperation(tx, id); });
}

// Runs all that is to be run until operation `id` has ended, and answers it.
inline Operation RunToEnd(store::Store& store, const Clock& clock, const std::string& id) {
  std::vector<std::unique_ptr<jobs::Job>> jobs;
  jobs.push_back(std::make_unique<domain::PlanAllocationJob>());
  jobs.push_back(std::make_unique<domain::CommitPlanJob>());
  jobs::JobRunner runner(store, clock, std::move(jobs), {.poll = absl::Milliseconds(5)},
                         [](const std::string&) {});
  Operation operation = GetOperation(store, id);
  for (int i = 0; i < 6000 && !operation.end_time; ++i) {
    absl::SleepFor(absl::Milliseconds(5));
    operation = GetOperation(store, id);
  }
  return operation;
}

}  // namespace kam::testing
