#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/impl/service_type.h"

namespace kam::rpc {

// Server reflection, v1 and v1alpha: grpcurl and its like ask it for the contract. gRPC 1.51 brings
// v1alpha only, so both are served from one implementation here. `services` are the full names to
// list.
std::vector<std::unique_ptr<grpc::Service>> MakeReflectionServices(
    std::vector<std::string> services);

}  // namespace kam::rpc
