#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/signal.h"
#include "grpcpp/server.h"
#include "identity/identity.h"
#include "jobs/job_runner.h"
#include "rpc/pipeline/call_observer.h"
#include "rpc/pipeline/pipeline.h"
#include "store/store.h"

namespace kam::app {

class Parts;

// A running server: owns every part, watches its own readiness, drains when told to. Starts nothing
// before Start; everything is stopped when it is destroyed.
class Server {
 public:
  // `store` and `observer` must outlive the server. `on_ready` is told how
  // ready the server is at every look, `log` takes lines for people; both in any thread.
  Server(const Settings& settings, store::Store& store, rpc::CallObserver& observer,
         std::function<void(bool)> on_ready, std::function<void(const std::string&)> log);
  ~Server();

  // Serves; afterwards port() is the one in use. FAILED_PRECONDITION when the contract and the
  // bindings do not fit, INVALID_ARGUMENT when the address is not allowed, UNAVAILABLE when it
  // cannot be listened on.
  absl::Status Start();
  int port() const { return port_; }

  // Turns NOT_SERVING, waits, lets calls under way finish, stops. Once.
  void Drain();

 private:
  void WatchReadiness();
  void KeepHouse();
  void SetReady(bool ready);  // not any more once the server is stopping
  // Ends what is under way when the time given to it is over.
  void CutAt(Deadline limit, const Signal& done);

  const Settings settings_;
  store::Store& store_;
  std::function<void(bool)> on_ready_;
  std::mutex ready_mutex_;  // for one order of what is said
  std::function<void(const std::string&)> log_;
  SystemClock clock_;
  rpc::LoopbackAuthenticator authenticator_;
  std::unique_ptr<Parts> parts_;
  std::unique_ptr<rpc::Pipeline> pipeline_;
  std::vector<std::string> served_;  // names of services
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<jobs::JobRunner> jobs_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  Signal stopping_;
  std::thread readiness_;
  std::thread housekeeping_;
  std::atomic<bool> drained_ = false;
};

}  // namespace kam::app
