#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "model/benefits/benefit.h"
#include "model/criteria/evaluation.h"

namespace kam::domain {

// What an account is expected to bring in the next 12 months, by its assessment.
struct ExpectedYear {
  int64_t revenue = 0;  // minor units
  double orders = 0;
};

ExpectedYear ExpectedYearOf(const StoredAssessment& assessment);

// What a grant is expected to cost over its validity, in minor units, rounded half to even.
// With R = year.revenue × validity_days ÷ 365 and N = year.orders × validity_days ÷ 365:
//   fixed                        the amount
//   percent_of_revenue           R × percent ÷ 100
//   per_order                    the amount × N
//   annual_capital_rate_percent  R × percent ÷ 100 × extra credit days ÷ 365
// OUT_OF_RANGE (kAmountOverflow).
absl::StatusOr<int64_t> ExpectedCost(const Benefit& benefit, const ExpectedYear& year);

// What a grant is expected to bring over its validity, before its cost, likewise:
//   fixed                   the amount
//   revenue_uplift_percent  R × percent ÷ 100
absl::StatusOr<int64_t> ExpectedValue(const Benefit& benefit, const ExpectedYear& year);

}  // namespace kam::domain
