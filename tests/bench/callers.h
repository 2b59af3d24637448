#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/load.h"

namespace kam::bench {

// What the callers ask.
struct Plan {
  std::string call;  // one of CallNames()
  int callers = 1;
  std::vector<std::string> accounts;  // ids that exist
  std::vector<std::string> benefits;  // ids of active benefits
};

std::vector<std::string> CallNames();

// The callers of `plan`, which must outlive them, spread evenly over `channels`. INVALID_ARGUMENT
// when the plan lacks what the call needs.
absl::StatusOr<std::vector<std::unique_ptr<Caller>>> MakeCallers(
    const Plan& plan, const std::vector<std::shared_ptr<grpc::Channel>>& channels);

}  // namespace kam::bench
