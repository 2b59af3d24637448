#pragma once

#include "absl/status/statusor.h"
#include "kam/v1/usage_service.pb.h"
#include "rpc/pipeline/call.h"
#include "store/store.h"

namespace kam::rpc {

// What applies at the point of use; documented in the contract. Thread-safe.
class UsageService {
 public:
  absl::StatusOr<v1::CheckBenefitResponse> CheckBenefit(const Call& call, store::Snapshot& tx,
                                                        const v1::CheckBenefitRequest& request);
};

}  // namespace kam::rpc
