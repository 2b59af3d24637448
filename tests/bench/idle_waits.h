#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"

namespace kam::bench {

// Clients that each wait for an operation which does not end: WaitOperation calls that are held
// open and should cost the server nothing. A wait that comes back, refused or with the operation
// unfinished, is begun again at once.
class IdleWaits {
 public:
  IdleWaits(const std::string& operation, int count,
            const std::vector<std::shared_ptr<grpc::Channel>>& channels);
  ~IdleWaits();

  IdleWaits(const IdleWaits&) = delete;
  IdleWaits& operator=(const IdleWaits&) = delete;

  // Cancels all waits and returns when they have ended. How many came back before, when none
  // should.
  int64_t Stop();

 private:
  struct Wait;

  void Ask(Wait& wait);

  std::atomic<int64_t> came_back_ = 0;
  absl::BlockingCounter open_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Wait>> waits_;
};

}  // namespace kam::bench
