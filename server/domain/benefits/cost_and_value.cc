#include "domain/benefits/cost_and_value.h"

#include <algorithm>

#include "model/error.h"
#include "model/money.h"

namespace kam::domain {
namespace {

constexpr double kDaysPerYear = 365;

double RevenueOverValidity(const Benefit& benefit, const ExpectedYear& year) {
  return static_cast<double>(year.revenue) * benefit.validity_days / kDaysPerYear;
}

}  // namespace

ExpectedYear ExpectedYearOf(const StoredAssessment& assessment) {
  return {.revenue = std::max<int64_t>(assessment.expected_revenue_12m, 0),
          .orders = std::max(assessment.expected_orders_12m, 0.0)};
}

absl::StatusOr<int64_t> ExpectedCost(const Benefit& benefit, const ExpectedYear& year) {
  const CostModel& cost = benefit.terms.cost();
  switch (cost.model_case()) {
    case CostModel::kFixed:
      return cost.fixed().minor();
    case CostModel::kPercentOfRevenue:
      return RoundToMinor(RevenueOverValidity(benefit, year) * cost.percent_of_revenue() / 100);
    case CostModel::kPerOrder:
      return RoundToMinor(static_cast<double>(cost.per_order().minor()) * year.orders *
                          benefit.validity_days / kDaysPerYear);
    case CostModel::kAnnualCapitalRatePercent:
      return RoundToMinor(RevenueOverValidity(benefit, year) * cost.annual_capital_rate_percent() /
                          100 * benefit.terms.credit_terms().extra_days() / kDaysPerYear);
    case CostModel::MODEL_NOT_SET:
      break;
  }
  return Internal("a benefit without a cost model");
}

absl::StatusOr<int64_t> ExpectedValue(const Benefit& benefit, const ExpectedYear& year) {
  const ValueModel& value = benefit.terms.value();
  switch (value.model_case()) {
    case ValueModel::kFixed:
      return value.fixed().minor();
    case ValueModel::kRevenueUpliftPercent:
      return RoundToMinor(RevenueOverValidity(benefit, year) * value.revenue_uplift_percent() /
                          100);
    case ValueModel::MODEL_NOT_SET:
      break;
  }
  return Internal("a benefit without a value model");
}

}  // namespace kam::domain
