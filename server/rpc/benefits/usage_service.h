#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "kam/v1/usage_service.pb.h"
#include "rpc/pipeline/group.h"
#include "store/store.h"

namespace kam::rpc {

// What applies at the point of use; documented in the contract. Thread-safe.
class UsageService {
 public:
  using CheckCall = GroupedCall<v1::CheckBenefitRequest, v1::CheckBenefitResponse>;

  absl::Status CheckBenefit(store::Snapshot& snapshot, absl::Span<CheckCall> calls);
};

}  // namespace kam::rpc
