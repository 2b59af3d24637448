#pragma once

#include <cstdint>
#include <optional>

#include "base/enum_map.h"

namespace kam {

// What is measured of an account; numbers and meaning are those of the contract's `Metric`.
enum class Metric {
  kActiveMonthShare = 1,
  kOrderIntervalCv = 2,
  kDemandAdi = 3,
  kDemandCv2 = 4,
  kDemandClass = 5,
  kRevenueTrend = 6,
  kPAlive = 20,
  kExpectedOrders12m = 21,
  kExpectedOrderValue = 22,
  kClv36m = 23,
  kTenureMonths = 24,
  kShareOfWallet = 40,
  kPriceRealisation = 60,
  kFullPriceShare = 61,
  kRevenue12m = 80,
  kRevenueShare = 81,
  kParetoClass = 82,
  kRevenueGrowth = 83,
  kMarketingBudget = 84,
};

// The ids of the catalogue; the contract's names in lower case.
template <>
inline constexpr auto kEnumNames<Metric> = EnumMap<Metric, 19>{{{
    {Metric::kActiveMonthShare, "active_month_share"},
    {Metric::kOrderIntervalCv, "order_interval_cv"},
    {Metric::kDemandAdi, "demand_adi"},
    {Metric::kDemandCv2, "demand_cv2"},
    {Metric::kDemandClass, "demand_class"},
    {Metric::kRevenueTrend, "revenue_trend"},
    {Metric::kPAlive, "p_alive"},
    {Metric::kExpectedOrders12m, "expected_orders_12m"},
    {Metric::kExpectedOrderValue, "expected_order_value"},
    {Metric::kClv36m, "clv_36m"},
    {Metric::kTenureMonths, "tenure_months"},
    {Metric::kShareOfWallet, "share_of_wallet"},
    {Metric::kPriceRealisation, "price_realisation"},
    {Metric::kFullPriceShare, "full_price_share"},
    {Metric::kRevenue12m, "revenue_12m"},
    {Metric::kRevenueShare, "revenue_share"},
    {Metric::kParetoClass, "pareto_class"},
    {Metric::kRevenueGrowth, "revenue_growth"},
    {Metric::kMarketingBudget, "marketing_budget"},
}}};

// A metric over a window; what a scorecard asks for.
struct MetricKey {
  Metric metric = Metric::kActiveMonthShare;
  int32_t window_months = 0;  // 0 for metrics without a window

  friend auto operator<=>(const MetricKey&, const MetricKey&) = default;
};

// What was measured. The value is absent when there is less evidence than needed.
struct Measurement {
  MetricKey key;
  std::optional<double> value;
  int64_t evidence_count = 0;
  int64_t evidence_needed = 0;
};

}  // namespace kam
