#include "app/server.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "app/parts.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "grpcpp/ext/channelz_service_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "rpc/contract/reflection_service.h"
#include "rpc/pipeline/bindings.h"

namespace kam::app {
namespace {

constexpr absl::Duration kReadinessInterval = absl::Milliseconds(250);
constexpr absl::Duration kReadinessTimeout = absl::Seconds(2);
constexpr absl::Duration kHouseKeepingInterval = absl::Minutes(10);
constexpr absl::Duration kHouseKeepingTimeout = absl::Seconds(20);
constexpr absl::Duration kRefusalTime = absl::Milliseconds(250);
constexpr size_t kMemoryQuotaBytes = size_t{2} << 30;
constexpr int kMaxConcurrentStreams = 1024;
constexpr int kMaxMetadataBytes = 16 << 10;

absl::Status CheckAddress(const Settings& settings) {
  const absl::string_view listen = settings.listen;
  if (!settings.insecure_local) {
    return absl::InvalidArgumentError(
        "only plain text on this machine is served so far: pass --insecure-local to allow it");
  }
  for (const absl::string_view local : {"127.", "localhost:", "[::1]:", "unix:"}) {
    if (absl::StartsWith(listen, local)) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--insecure-local serves loopback and unix sockets only, not ", listen));
}

std::vector<std::string> ListedServices(const std::vector<std::string>& own) {
  std::vector<std::string> listed = own;
  for (const char* published :
       {"google.longrunning.Operations", "grpc.channelz.v1.Channelz", "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"}) {
    listed.emplace_back(published);
  }
  return listed;
}

}  // namespace

Server::Server(const Settings& settings, store::Store& store, rpc::CallObserver& observer,
               std::function<void(bool)> on_ready, std::function<void(const std::string&)> log)
    : settings_(settings),
      store_(store),
      on_ready_(std::move(on_ready)),
      log_(std::move(log)),
      authenticator_(settings.local_role),
      workers_(std::make_unique<rpc::WorkerPool>(settings.workers, settings.queue_capacity)),
      runner_(store, *workers_, authenticator_, clock_, observer),
      parts_(std::make_unique<Parts>(settings, store, clock_)) {}

Server::~Server() { Drain(); }

absl::Status Server::Start() {
  KAM_RETURN_IF_ERROR(CheckAddress(settings_));
  services_ = rpc::BindServices(runner_, parts_->services());
  KAM_RETURN_IF_ERROR(runner_.Verify());

  for (auto& reflection : rpc::MakeReflectionServices(ListedServices(
           {"kam.v1.AccountService", "kam.v1.AllocationService", "kam.v1.BenefitService",
            "kam.v1.CriteriaService", "kam.v1.HistoryService", "kam.v1.UsageService"}))) {
    services_.push_back(std::move(reflection));
  }
  grpc::EnableDefaultHealthCheckService(true);
  grpc::channelz::experimental::InitChannelzService();

  grpc::ServerBuilder builder;
  builder.AddListeningPort(settings_.listen, grpc::InsecureServerCredentials(), &port_);
  for (const auto& service : services_) builder.RegisterService(service.get());
  builder.SetMaxReceiveMessageSize(limits::kMaxReceiveMessageBytes);
  builder.SetDefaultCompressionAlgorithm(GRPC_COMPRESS_NONE);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentStreams);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a taken port is an error
  builder.SetResourceQuota(grpc::ResourceQuota("kam").Resize(kMemoryQuotaBytes));
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || (port_ == 0 && !absl::StartsWith(settings_.listen, "unix:"))) {
    return absl::UnavailableError(absl::StrCat("cannot listen on ", settings_.listen,
                                               ": it is taken, or not an address of this host"));
  }
  SetReady(store_.Check(Deadline::After(kReadinessTimeout)).ok());
  readiness_ = std::thread([this] { WatchReadiness(); });
  housekeeping_ = std::thread([this] { KeepHouse(); });
  jobs_ = parts_->StartJobs(log_);
  return absl::OkStatus();
}

void Server::SetReady(bool ready) {
  server_->GetHealthCheckService()->SetServingStatus(ready);
  on_ready_(ready);
}

void Server::WatchReadiness() {
  while (!stopping_.WaitForNotificationWithTimeout(kReadinessInterval)) {
    SetReady(store_.Check(Deadline::After(kReadinessTimeout)).ok());
  }
}

void Server::KeepHouse() {
  do {
    // Whatever fails here is tried again the next time; nothing depends on it being prompt. In
    // small transactions, and until nothing is left: a busy server adds more than one of them
    // removes.
    absl::StatusOr<int64_t> removed;
    do {
      removed = store::TransactFor<int64_t>(
          store_, {.deadline = Deadline::After(kHouseKeepingTimeout)},
          [](store::Transaction& tx) { return tx.calls().PruneRequests(limits::kRequestIdKept); });
    } while (removed.ok() && *removed > 0 && !stopping_.HasBeenNotified());
  } while (!stopping_.WaitForNotificationWithTimeout(kHouseKeepingInterval));
}

void Server::Drain() {
  if (drained_.exchange(true) || server_ == nullptr) return;
  stopping_.Notify();
  if (readiness_.joinable()) readiness_.join();
  if (housekeeping_.joinable()) housekeeping_.join();
  SetReady(false);
  absl::SleepFor(settings_.drain_delay);
  runner_.Refuse();
  if (jobs_ != nullptr) jobs_->Stop();
  // gRPC cancels calls that arrive while it shuts down; callers hear of it in an orderly way first.
  absl::SleepFor(kRefusalTime);
  server_->Shutdown(absl::ToChronoTime(absl::Now() + settings_.drain_timeout));
  server_->Wait();
  workers_.reset();  // finishes what was admitted
}

}  // namespace kam::app
