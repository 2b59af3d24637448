#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "prometheus/counter.h"
#include "prometheus/exposer.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "rpc/pipeline/call_observer.h"
#include "rpc/pipeline/flood.h"
#include "spdlog/logger.h"

namespace kam::app {

// The process's logger on standard error: `console` lines for people or one JSON object a line.
std::shared_ptr<spdlog::logger> MakeLogger(const std::string& format, const std::string& level);

// Counts and times every call under the names of go-grpc-middleware
// (`grpc_server_handled_total{grpc_service,grpc_method,grpc_type,grpc_code}`…) and writes its log
// line. Thread-safe.
class Telemetry final : public rpc::CallObserver {
 public:
  explicit Telemetry(std::shared_ptr<spdlog::logger> logger);

  // Serves the metrics on host:port.
  absl::Status Expose(const std::string& address);
  void SetReady(bool ready);

  std::unique_ptr<rpc::MethodObserver> Observe(absl::string_view method,
                                               absl::string_view type) override;
  // Tells how many lines were held back since the last time.
  void Tick() override;

 private:
  class OfMethod;

  void Log(absl::string_view method, const rpc::FinishedCall& call);

  static constexpr int kLinesEach = 20;  // of one principal, method and code, a second

  std::shared_ptr<spdlog::logger> logger_;
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>& started_;
  prometheus::Family<prometheus::Counter>& handled_;
  prometheus::Family<prometheus::Histogram>& handling_;
  prometheus::Gauge& ready_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  rpc::Flood flood_{kLinesEach};
};

}  // namespace kam::app
