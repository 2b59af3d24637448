#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/settings.h"
#include "base/clock.h"
#include "jobs/job_runner.h"
#include "rpc/pipeline/bindings.h"
#include "store/store.h"

namespace kam::app {

// The domain and its services, built from the settings; owned by the server. This is where a new
// part is put together with what it needs.
class Parts {
 public:
  Parts(const Settings& settings, store::Store& store, const Clock& clock);
  ~Parts();

  rpc::Services services();

  // Starts working on long-running operations; what it has to say goes to `log`.
  std::unique_ptr<jobs::JobRunner> StartJobs(std::function<void(const std::string&)> log);

 private:
  struct Owned;

  const Settings settings_;
  store::Store& store_;
  const Clock& clock_;
  std::unique_ptr<Owned> owned_;
};

}  // namespace kam::app
