#pragma once

#include <memory>
#include <vector>

#include "grpcpp/impl/service_type.h"
#include "rpc/accounts/account_service.h"
#include "rpc/allocation/allocation_service.h"
#include "rpc/benefits/benefit_service.h"
#include "rpc/benefits/usage_service.h"
#include "rpc/criteria/criteria_service.h"
#include "rpc/history/history_service.h"
#include "rpc/operations/operations_service.h"
#include "rpc/pipeline/call_runner.h"

namespace kam::rpc {

// The implementations of all services of the contract.
struct Services {
  AccountService& accounts;
  HistoryService& history;
  CriteriaService& criteria;
  BenefitService& benefits;
  UsageService& usage;
  AllocationService& allocation;
  OperationsService& operations;
};

// The gRPC services that serve them through `runner`, ready to be registered.
std::vector<std::unique_ptr<grpc::Service>> BindServices(CallRunner& runner,
                                                         const Services& services);

}  // namespace kam::rpc
