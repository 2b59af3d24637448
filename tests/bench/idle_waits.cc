#include "bench/idle_waits.h"

#include <chrono>

#include "google/longrunning/operations.grpc.pb.h"

namespace kam::bench {
namespace {

using google::longrunning::Operation;
using google::longrunning::Operations;
using google::longrunning::WaitOperationRequest;

// Longer than any load.
constexpr std::chrono::minutes kTimeout(10);

}  // namespace

struct IdleWaits::Wait {
  std::shared_ptr<Operations::Stub> stub;
  std::shared_ptr<grpc::ClientContext> context;  // guarded by the mutex of IdleWaits
  WaitOperationRequest request;
  Operation response;
};

IdleWaits::IdleWaits(const std::string& operation, int count,
                     const std::vector<std::shared_ptr<grpc::Channel>>& channels)
    : open_(count) {
  std::vector<std::shared_ptr<Operations::Stub>> stubs;
  for (const auto& channel : channels) stubs.emplace_back(Operations::NewStub(channel));
  for (int n = 0; n < count; ++n) {
    auto wait = std::make_unique<Wait>();
    wait->stub = stubs[static_cast<size_t>(n) % stubs.size()];
    wait->request.set_name(operation);
    wait->request.mutable_timeout()->set_seconds(std::chrono::seconds(kTimeout).count());
    waits_.push_back(std::move(wait));
  }
  for (const std::unique_ptr<Wait>& wait : waits_) Ask(*wait);
}

IdleWaits::~IdleWaits() { Stop(); }

void IdleWaits::Ask(Wait& wait) {
  auto context = std::make_shared<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + kTimeout);
  {
    const absl::MutexLock lock(&mutex_);
    if (stopping_) {
      open_.DecrementCount();
      return;
    }
    wait.context = context;
  }
  // The mutex is free here: a call of gRPC's may run callbacks before it returns.
  wait.stub->async()->WaitOperation(context.get(), &wait.request, &wait.response,
                                    [this, &wait, context](const grpc::Status& /*status*/) {
                                      ++came_back_;
                                      Ask(wait);
                                    });
}

int64_t IdleWaits::Stop() {
  const int64_t came_back = came_back_;
  std::vector<std::shared_ptr<grpc::ClientContext>> contexts;
  {
    const absl::MutexLock lock(&mutex_);
    if (stopping_) return came_back;
    stopping_ = true;
    for (const std::unique_ptr<Wait>& wait : waits_) contexts.push_back(wait->context);
  }
  for (const auto& context : contexts) context->TryCancel();
  open_.Wait();
  return came_back;
}

}  // namespace kam::bench
