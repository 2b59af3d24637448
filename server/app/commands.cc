#include "app/commands.h"

#include <pthread.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "app/server.h"
#include "app/settings.h"
#include "app/telemetry.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "domain/criteria/default_scorecard.h"
#include "google/protobuf/stubs/logging.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "health/v1/health.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "store/engine/migrate.h"
#include "store/store.h"

namespace kam::app {
namespace {

constexpr char kUsage[] = R"(Key Account Management service.

kam serve        serve gRPC until SIGTERM or SIGINT, then drain
kam migrate      bring the database's schema to this version; safe beside running servers
kam seed         create what every installation starts with: the default scorecard
kam config       show every setting in force and what it means
kam healthcheck  ask a server for its health; exit code 0 when it serves
kam version      show the version

Settings are flags, KAM_* environment variables or lines of --config; `kam config` lists them.)";

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kMisused = 2;
constexpr absl::Duration kHealthTimeout = absl::Seconds(3);
constexpr absl::Duration kSeedTimeout = absl::Seconds(30);

int Fail(const absl::Status& status) {
  std::cerr << "kam: " << status.message() << "\n";
  return absl::IsInvalidArgument(status) ? kMisused : kFailed;
}

// One event of the process itself; quoted so that a JSON log stays JSON.
void Log(spdlog::logger& logger, spdlog::level::level_enum level, const std::string& event) {
  logger.log(level, "{}",
             nlohmann::json(event).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

store::PostgresOptions DatabaseOptions(const Settings& settings,
                                       std::shared_ptr<spdlog::logger> logger) {
  store::PostgresOptions options;
  options.url = settings.database_url;
  // One connection a worker, two a job thread (its work and its lease), one for the readiness
  // check.
  options.pool_size = settings.workers + 2 * settings.job_threads + 1;
  options.log = [logger](absl::string_view event) {
    Log(*logger, spdlog::level::warn, std::string(event));
  };
  return options;
}

// Blocks the signals that end the server in every thread, so that sigwait gets them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

absl::Status Serve(const Settings& settings) {
  const sigset_t signals = BlockStopSignals();
  // It writes a line for every message that does not decode; those calls are logged as others are.
  google::protobuf::SetLogHandler(nullptr);
  const std::shared_ptr<spdlog::logger> logger =
      MakeLogger(settings.log_format, settings.log_level);
  KAM_ASSIGN_OR_RETURN(const std::unique_ptr<store::Store> store,
                       store::Store::Open(DatabaseOptions(settings, logger)));
  Telemetry telemetry(logger);
  if (!settings.metrics_listen.empty()) {
    KAM_RETURN_IF_ERROR(telemetry.Expose(settings.metrics_listen));
  }
  Server server(
      settings, *store, telemetry, [&](bool ready) { telemetry.SetReady(ready); },
      [&](const std::string& event) { Log(*logger, spdlog::level::info, event); });
  KAM_RETURN_IF_ERROR(server.Start());
  const std::string address =
      absl::StartsWith(settings.listen, "unix:")
          ? settings.listen
          : absl::StrCat(settings.listen.substr(0, settings.listen.rfind(':')), ":", server.port());
  std::cout << "listening on " << address << std::endl;
  Log(*logger, spdlog::level::info, absl::StrCat("listening on ", address));

  int signal = 0;
  sigwait(&signals, &signal);
  Log(*logger, spdlog::level::info, absl::StrCat("signal ", signal, ": draining"));
  server.Drain();
  Log(*logger, spdlog::level::info, "stopped");
  return absl::OkStatus();
}

absl::Status Seed(const Settings& settings) {
  const std::shared_ptr<spdlog::logger> logger =
      MakeLogger(settings.log_format, settings.log_level);
  KAM_ASSIGN_OR_RETURN(const std::unique_ptr<store::Store> store,
                       store::Store::Open(DatabaseOptions(settings, logger)));
  KAM_RETURN_IF_ERROR(
      store->Transact({.deadline = Deadline::After(kSeedTimeout)},
                      [](store::Transaction& tx) { return domain::SeedDefaultScorecard(tx); }));
  std::cout << "scorecards/default is there\n";
  return absl::OkStatus();
}

absl::Status Migrate(const Settings& settings) {
  KAM_ASSIGN_OR_RETURN(const std::vector<std::string> applied,
                       store::Migrate(settings.database_url));
  for (const std::string& name : applied) std::cout << "applied " << name << "\n";
  std::cout << (applied.empty() ? "the schema is up to date already\n" : "done\n");
  return absl::OkStatus();
}

absl::Status CheckHealth(const Settings& settings) {
  const auto channel = grpc::CreateChannel(settings.listen, grpc::InsecureChannelCredentials());
  const auto stub = grpc::health::v1::Health::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       absl::ToChronoNanoseconds(kHealthTimeout));
  grpc::health::v1::HealthCheckResponse response;
  const grpc::Status status =
      stub->Check(&context, grpc::health::v1::HealthCheckRequest(), &response);
  if (!status.ok()) {
    return absl::UnavailableError(
        absl::StrCat("no answer from ", settings.listen, ": ", status.error_message()));
  }
  if (response.status() != grpc::health::v1::HealthCheckResponse::SERVING) {
    return absl::UnavailableError(absl::StrCat(settings.listen, " is not serving"));
  }
  std::cout << "serving\n";
  return absl::OkStatus();
}

}  // namespace

int Main(int argc, char** argv) {
  absl::SetProgramUsageMessage(kUsage);
  absl::FlagsUsageConfig usage;
  usage.contains_help_flags = [](absl::string_view file) {
    return absl::StrContains(file, "app/settings.cc");
  };
  usage.version_string = [] { return "kam " KAM_VERSION "\n"; };
  absl::SetFlagsUsageConfig(usage);
  const absl::StatusOr<std::vector<std::string>> words = ParseCommandLine(argc, argv);
  if (!words.ok()) return Fail(words.status());
  const std::string command = words->size() == 1 ? words->front() : "";
  if (command == "version") {
    std::cout << "kam " KAM_VERSION << "\n";
    return kOk;
  }
  if (command == "config") {
    std::cout << DescribeSettings();
    return kOk;
  }
  absl::Status (*run)(const Settings&) = nullptr;
  if (command == "serve") run = Serve;
  if (command == "migrate") run = Migrate;
  if (command == "seed") run = Seed;
  if (command == "healthcheck") run = CheckHealth;
  if (run == nullptr) {
    std::cerr << kUsage << "\n";
    return kMisused;
  }
  absl::StatusOr<Settings> settings = LoadSettings(/*needs_database=*/command != "healthcheck");
  if (!settings.ok()) return Fail(settings.status());
  const absl::Status status = run(*settings);
  return status.ok() ? kOk : Fail(status);
}

}  // namespace kam::app
