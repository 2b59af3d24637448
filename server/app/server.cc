#include "app/server.h"

#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "app/parts.h"
#include "base/limits.h"
#include "base/loopback.h"
#include "base/status_macros.h"
#include "domain/allocation/plans.h"
#include "grpcpp/ext/channelz_service_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "rpc/contract/reflection_service.h"
#include "rpc/pipeline/bindings.h"
#include "store/calls/requests.h"

namespace kam::app {
namespace {

constexpr absl::Duration kReadinessInterval = absl::Milliseconds(250);
constexpr absl::Duration kReadinessTimeout = absl::Seconds(2);
constexpr absl::Duration kHouseKeepingInterval = absl::Minutes(10);
constexpr absl::Duration kHouseKeepingTimeout = absl::Seconds(20);
constexpr absl::Duration kRefusalTime = absl::Milliseconds(250);
constexpr absl::Duration kCutInterval = absl::Milliseconds(250);
constexpr absl::Duration kLookInterval = absl::Milliseconds(10);
constexpr size_t kMemoryQuotaBytes = size_t{2} << 30;
constexpr int kMaxConcurrentStreams = 1024;
constexpr int kMaxMetadataBytes = 16 << 10;

void Sleep(absl::Duration duration) {
  std::this_thread::sleep_for(absl::ToChronoNanoseconds(duration));
}

absl::Status CheckAddress(const Settings& settings) {
  const absl::string_view listen = settings.listen;
  if (!settings.insecure_local) {
    return absl::InvalidArgumentError(
        "only plain text on this machine is served so far: pass --insecure-local to allow it");
  }
  if (absl::StartsWith(listen, "unix:") || IsLoopback(listen)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--insecure-local serves loopback and unix sockets only, not ", listen));
}

std::vector<std::string> ListedServices() {
  std::vector<std::string> listed(rpc::kServiceNames.begin(), rpc::kServiceNames.end());
  for (const char* published :
       {"grpc.channelz.v1.Channelz", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection"}) {
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
      parts_(std::make_unique<Parts>(settings, store, clock_)),
      pipeline_(std::make_unique<rpc::Pipeline>(
          store,
          rpc::PipelineOptions{.workers = settings.workers,
                               .queue_capacity = settings.queue_capacity},
          authenticator_, clock_, observer)) {}

Server::~Server() { Drain(); }

absl::Status Server::Start() {
  KAM_RETURN_IF_ERROR(CheckAddress(settings_));
  KAM_ASSIGN_OR_RETURN(services_, rpc::BindServices(*pipeline_, parts_->services()));
  served_ = ListedServices();
  for (auto& reflection : rpc::MakeReflectionServices(served_)) {
    services_.push_back(std::move(reflection));
  }
  grpc::EnableDefaultHealthCheckService(true);
  grpc::channelz::experimental::InitChannelzService();

  grpc::ServerBuilder builder;
  builder.AddListeningPort(settings_.listen, grpc::InsecureServerCredentials(), &port_);
  for (const auto& service : services_) builder.RegisterService(service.get());
  builder.SetMaxReceiveMessageSize(limits::kMaxReceiveMessageBytes);
  builder.SetDefaultCompressionAlgorithm(GRPC_COMPRESS_NONE);
  // What is compressed is inflated before its size is looked at.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
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
  const std::lock_guard<std::mutex> lock(ready_mutex_);
  if (ready && stopping_.raised()) return;
  server_->GetHealthCheckService()->SetServingStatus(ready);
  for (const std::string& service : served_) {
    server_->GetHealthCheckService()->SetServingStatus(service, ready);
  }
  on_ready_(ready);
}

void Server::WatchReadiness() {
  while (!stopping_.WaitFor(kReadinessInterval)) {
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
          [](store::Transaction& tx) { return store::PruneRequests(tx, limits::kRequestIdKept); });
    } while (removed.ok() && *removed > 0 && !stopping_.raised());
    (void)store::TransactFor<int64_t>(store_,
                                      {.isolation = store::Isolation::kRepeatableRead,
                                       .deadline = Deadline::After(kHouseKeepingTimeout)},
                                      domain::SettleStrandedPlans);
  } while (!stopping_.WaitFor(kHouseKeepingInterval));
}

void Server::CutAt(Deadline limit, const Signal& done) {
  // Again and again: a call may have been between two statements.
  for (bool over = !done.WaitUntil(limit); over; over = !done.WaitFor(kCutInterval)) {
    store_.CancelAll();
  }
}

void Server::Drain() {
  if (drained_.exchange(true) || server_ == nullptr) return;
  stopping_.Raise();
  SetReady(false);
  Sleep(settings_.drain_delay);
  pipeline_->Refuse();
  Signal done;
  const Deadline over = Deadline::After(settings_.drain_timeout + kCutInterval);
  std::thread cutter(
      [this, &done, limit = Deadline::After(settings_.drain_timeout)] { CutAt(limit, done); });
  if (jobs_ != nullptr) jobs_->Stop();
  // gRPC cancels calls that arrive while it shuts down; callers hear of it in an orderly way first.
  Sleep(kRefusalTime);
  // The calls that are cut get their answer before gRPC ends them without one. A connection without
  // a call is not waited for.
  while (pipeline_->calls_under_way() > 0 && !over.passed()) Sleep(kLookInterval);
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(kCutInterval));
  server_->Wait();
  if (readiness_.joinable()) readiness_.join();
  server_.reset();
  services_.clear();
  pipeline_.reset();  // finishes what was admitted
  if (housekeeping_.joinable()) housekeeping_.join();
  done.Raise();
  cutter.join();
}

}  // namespace kam::app
