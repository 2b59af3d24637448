#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/allocation/plan.h"

// What a plan takes of budgets and makes of benefits, as the jsonb of its row, and back. Reading
// what was not written by these functions answers INTERNAL.
namespace kam::store {

std::string ToJson(const std::vector<BudgetUse>& uses);
absl::StatusOr<std::vector<BudgetUse>> BudgetUsesFromJson(const std::string& text);

std::string ToJson(const std::vector<BenefitUse>& uses);
absl::StatusOr<std::vector<BenefitUse>> BenefitUsesFromJson(const std::string& text);

}  // namespace kam::store
