#include "rpc/pipeline/bindings.h"

#include "rpc/accounts/account_service.h"
#include "rpc/allocation/allocation_service.h"
#include "rpc/benefits/benefit_service.h"
#include "rpc/benefits/usage_service.h"
#include "rpc/criteria/criteria_service.h"
#include "rpc/history/history_service.h"
#include "rpc/operations/operations_service.h"
#include "rpc/pipeline/bound_service.h"

namespace kam::rpc {
namespace {

#include "kam/bindings.inc"  // NOLINT: BindAll, generated from the contract

}  // namespace

absl::StatusOr<std::vector<std::unique_ptr<grpc::Service>>> BindServices(Pipeline& pipeline,
                                                                         const Services& services) {
  std::vector<std::unique_ptr<BoundService>> bound = BindAll(pipeline, services);
  std::vector<std::unique_ptr<grpc::Service>> ready;
  for (std::unique_ptr<BoundService>& service : bound) {
    if (!service->status().ok()) return service->status();
    ready.push_back(std::move(service));
  }
  return ready;
}

}  // namespace kam::rpc
