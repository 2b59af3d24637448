#pragma once

#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/resource_name.h"

namespace kam {

struct AllocationPlanName {
  static constexpr absl::string_view kPattern = "allocationPlans/{allocation_plan}";
  std::string plan;
  static constexpr auto kParts = std::tuple(&AllocationPlanName::plan);

  static absl::StatusOr<AllocationPlanName> Parse(absl::string_view name) {
    return ParseName<AllocationPlanName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

}  // namespace kam
