#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "model/benefits/benefit.h"

// The typed parts of a benefit as the jsonb of its row, and back. Times are microseconds since
// 1970, amounts {"minor": …, "currency": …}, enums their numbers. Reading what was not written by
// these functions answers INTERNAL.
namespace kam::store {

// {"<field of the contract>": {…}}
std::string ToJson(const BenefitKind& kind);
absl::StatusOr<BenefitKind> BenefitKindFromJson(const std::string& text);

std::string ToJson(const Eligibility& eligibility);
absl::StatusOr<Eligibility> EligibilityFromJson(const std::string& text);

// {"kind": …, "amount": {…}} or {"kind": …, "percent": …}
std::string ToJson(const CostModel& cost);
absl::StatusOr<CostModel> CostModelFromJson(const std::string& text);
std::string ToJson(const ValueModel& value);
absl::StatusOr<ValueModel> ValueModelFromJson(const std::string& text);

}  // namespace kam::store
