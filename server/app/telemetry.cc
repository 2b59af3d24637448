#include "app/telemetry.h"

#include <array>
#include <atomic>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "spdlog/sinks/stdout_sinks.h"

namespace kam::app {
namespace {

// The default buckets of go-grpc-middleware, in seconds.
const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const prometheus::Histogram::BucketBoundaries buckets = {
      0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  return buckets;
}

prometheus::Labels LabelsOf(absl::string_view path, absl::string_view type) {
  const std::pair<std::string, std::string> names =
      absl::StrSplit(path.substr(1), absl::MaxSplits('/', 1));
  return {{"grpc_service", names.first},
          {"grpc_method", names.second},
          {"grpc_type", std::string(type)}};
}

// Canonical codes as go-grpc-middleware writes them: `NotFound`.
std::string CodeText(absl::StatusCode code) {
  std::string text;
  for (const absl::string_view word : absl::StrSplit(absl::StatusCodeToString(code), '_')) {
    if (word == "OK") return "OK";
    text.push_back(word[0]);
    for (const char letter : word.substr(1)) text.push_back(static_cast<char>(letter | 0x20));
  }
  return text;
}

// A caller's fault is worth a line at info, ours at error.
spdlog::level::level_enum LevelOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return spdlog::level::err;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
      return spdlog::level::warn;
    case absl::StatusCode::kOk:
      return spdlog::level::debug;
    default:
      return spdlog::level::info;
  }
}

}  // namespace

std::shared_ptr<spdlog::logger> MakeLogger(const std::string& format, const std::string& level) {
  auto logger =
      std::make_shared<spdlog::logger>("kam", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::info);
  // In JSON the message is an object already.
  logger->set_pattern(format == "json" ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","kam":%v})"
                                       : "%Y-%m-%dT%H:%M:%S.%eZ %-5l %v",
                      spdlog::pattern_time_type::utc);
  return logger;
}

Telemetry::Telemetry(std::shared_ptr<spdlog::logger> logger)
    : logger_(std::move(logger)),
      registry_(std::make_shared<prometheus::Registry>()),
      started_(prometheus::BuildCounter()
                   .Name("grpc_server_started_total")
                   .Help("Calls started")
                   .Register(*registry_)),
      handled_(prometheus::BuildCounter()
                   .Name("grpc_server_handled_total")
                   .Help("Calls answered, by code")
                   .Register(*registry_)),
      handling_(prometheus::BuildHistogram()
                    .Name("grpc_server_handling_seconds")
                    .Help("Time from a call's start to its answer")
                    .Register(*registry_)),
      ready_(prometheus::BuildGauge()
                 .Name("kam_ready")
                 .Help("1 while the server is ready to serve")
                 .Register(*registry_)
                 .Add({})) {}

absl::Status Telemetry::Expose(const std::string& address) {
  try {
    exposer_ = std::make_unique<prometheus::Exposer>(address);
    exposer_->RegisterCollectable(registry_);
  } catch (const std::exception& error) {
    return absl::UnavailableError(
        absl::StrCat("cannot serve metrics on ", address, ": ", error.what()));
  }
  return absl::OkStatus();
}

void Telemetry::SetReady(bool ready) { ready_.Set(ready ? 1 : 0); }

// The series of one method, looked up once.
class Telemetry::OfMethod final : public rpc::MethodObserver {
 public:
  OfMethod(Telemetry& telemetry, absl::string_view method, absl::string_view type)
      : telemetry_(telemetry),
        method_(method),
        labels_(LabelsOf(method, type)),
        started_(telemetry.started_.Add(labels_)),
        handling_(telemetry.handling_.Add(labels_, Buckets())) {}

  void Started() override { started_.Increment(); }
  void Finished(const rpc::FinishedCall& call) override {
    handling_.Observe(absl::ToDoubleSeconds(call.duration));
    Handled(call.status.code()).Increment();
    telemetry_.Log(method_, call);
  }

 private:
  // A series appears with the first call that ends so.
  prometheus::Counter& Handled(absl::StatusCode code) {
    std::atomic<prometheus::Counter*>& known = handled_[static_cast<size_t>(code) % kCodes];
    prometheus::Counter* counter = known.load(std::memory_order_acquire);
    if (counter == nullptr) {
      prometheus::Labels labels = labels_;
      labels.emplace("grpc_code", CodeText(code));
      counter = &telemetry_.handled_.Add(labels);
      known.store(counter, std::memory_order_release);
    }
    return *counter;
  }

  static constexpr size_t kCodes = 17;

  Telemetry& telemetry_;
  const absl::string_view method_;
  const prometheus::Labels labels_;
  prometheus::Counter& started_;
  prometheus::Histogram& handling_;
  std::array<std::atomic<prometheus::Counter*>, kCodes> handled_ = {};
};

std::unique_ptr<rpc::MethodObserver> Telemetry::Observe(absl::string_view method,
                                                        absl::string_view type) {
  return std::make_unique<OfMethod>(*this, method, type);
}

void Telemetry::Tick() {
  for (const rpc::Flood::HeldBack& held : flood_.Take()) {
    const nlohmann::json line = {{"call", held.key.method},
                                 {"code", absl::StatusCodeToString(held.key.code)},
                                 {"principal", held.key.principal},
                                 {"more", held.calls}};
    logger_->log(LevelOf(held.key.code), "{}",
                 line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
}

void Telemetry::Log(absl::string_view method, const rpc::FinishedCall& call) {
  const spdlog::level::level_enum level = LevelOf(call.status.code());
  if (!logger_->should_log(level)) return;
  if (!flood_.Tell(call.principal, method, call.status.code())) return;
  nlohmann::json line = {{"call", std::string(method)},
                         {"code", absl::StatusCodeToString(call.status.code())},
                         {"ms", absl::ToDoubleMilliseconds(call.duration)},
                         {"principal", std::string(call.principal)},
                         {"peer", std::string(call.peer)},
                         {"request", std::string(call.log_id)}};
  if (!call.status.ok()) line["message"] = std::string(call.status.message());
  if (!call.trace_parent.empty()) line["traceparent"] = std::string(call.trace_parent);
  if (call.replayed) line["replayed"] = true;
  // Messages may quote a caller's bytes; what is not UTF-8 is replaced.
  logger_->log(level, "{}", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace kam::app
