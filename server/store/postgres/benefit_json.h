#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "domain/benefits/benefit.h"

// The typed parts of a benefit as the jsonb of its row, and back. Times are microseconds since
// 1970, amounts {"minor": …, "currency": …}, enums their numbers. Reading what was not written by
// these functions answers INTERNAL.
namespace kam::store::postgres {

// {"<field of the contract>": {…}}
std::string ToJson(const domain::BenefitKind& kind);
absl::StatusOr<domain::BenefitKind> BenefitKindFromJson(const std::string& text);

std::string ToJson(const domain::Eligibility& eligibility);
absl::StatusOr<domain::Eligibility> EligibilityFromJson(const std::string& text);

// {"kind": …, "amount": {…}} or {"kind": …, "percent": …}
std::string ToJson(const domain::CostModel& cost);
absl::StatusOr<domain::CostModel> CostModelFromJson(const std::string& text);
std::string ToJson(const domain::ValueModel& value);
absl::StatusOr<domain::ValueModel> ValueModelFromJson(const std::string& text);

}  // namespace kam::store::postgres
