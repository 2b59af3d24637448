#pragma once

#include <memory>
#include <vector>

#include "grpcpp/impl/service_type.h"
#include "rpc/account_service.h"
#include "rpc/allocation_service.h"
#include "rpc/benefit_service.h"
#include "rpc/call_runner.h"
#include "rpc/criteria_service.h"
#include "rpc/history_service.h"
#include "rpc/operations_service.h"
#include "rpc/usage_service.h"

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
