#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/impl/service_type.h"
#include "kam/bindings.h"  // Services and kServiceNames, generated from the contract
#include "rpc/pipeline/pipeline.h"

namespace kam::rpc {

// The gRPC services of the whole contract, ready to be registered. FAILED_PRECONDITION when a
// method does not fit the contract. A service or a method that is not there does not compile.
absl::StatusOr<std::vector<std::unique_ptr<grpc::Service>>> BindServices(Pipeline& pipeline,
                                                                         const Services& services);

}  // namespace kam::rpc
