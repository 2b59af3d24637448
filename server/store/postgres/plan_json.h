#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "domain/allocation/plan.h"

// What a plan takes of budgets and makes of benefits, as the jsonb of its row, and back. Reading
// what was not written by these functions answers INTERNAL.
namespace kam::store::postgres {

std::string ToJson(const std::vector<domain::BudgetUse>& uses);
absl::StatusOr<std::vector<domain::BudgetUse>> BudgetUsesFromJson(const std::string& text);

std::string ToJson(const std::vector<domain::BenefitUse>& uses);
absl::StatusOr<std::vector<domain::BenefitUse>> BenefitUsesFromJson(const std::string& text);

}  // namespace kam::store::postgres
