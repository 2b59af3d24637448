#include "domain/benefits/cost_and_value.h"

#include <algorithm>
#include <variant>

namespace kam::domain {
namespace {

constexpr double kDaysPerYear = 365;

double RevenueOverValidity(const Benefit& benefit, const ExpectedYear& year) {
  return static_cast<double>(year.revenue) * benefit.validity_days / kDaysPerYear;
}

double ExtraCreditDays(const Benefit& benefit) {
  const auto* terms = std::get_if<CreditTerms>(&benefit.kind);
  return terms == nullptr ? 0 : terms->extra_days;
}

}  // namespace

ExpectedYear ExpectedYearOf(const StoredAssessment& assessment) {
  return {.revenue = std::max<int64_t>(assessment.expected_revenue_12m, 0),
          .orders = std::max(assessment.expected_orders_12m, 0.0)};
}

absl::StatusOr<int64_t> ExpectedCost(const Benefit& benefit, const ExpectedYear& year) {
  const CostModel& cost = benefit.cost;
  switch (cost.kind) {
    case CostModel::Kind::kFixed:
      return cost.amount.minor;
    case CostModel::Kind::kPercentOfRevenue:
      return RoundToMinor(RevenueOverValidity(benefit, year) * cost.percent / 100);
    case CostModel::Kind::kPerOrder:
      return RoundToMinor(static_cast<double>(cost.amount.minor) * year.orders *
                          benefit.validity_days / kDaysPerYear);
    case CostModel::Kind::kCapitalRate:
      return RoundToMinor(RevenueOverValidity(benefit, year) * cost.percent / 100 *
                          ExtraCreditDays(benefit) / kDaysPerYear);
  }
  return 0;
}

absl::StatusOr<int64_t> ExpectedValue(const Benefit& benefit, const ExpectedYear& year) {
  switch (benefit.value.kind) {
    case ValueModel::Kind::kFixed:
      return benefit.value.amount.minor;
    case ValueModel::Kind::kRevenueUplift:
      return RoundToMinor(RevenueOverValidity(benefit, year) * benefit.value.percent / 100);
  }
  return 0;
}

int64_t SeatsOf(const Benefit& benefit) {
  if (const auto* club = std::get_if<ClubMembership>(&benefit.kind)) return club->seats;
  if (const auto* event = std::get_if<Event>(&benefit.kind)) return event->seats;
  return 0;
}

}  // namespace kam::domain
