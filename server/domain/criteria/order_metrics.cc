#include "domain/criteria/order_metrics.h"

#include <cmath>

#include "absl/types/span.h"
#include "base/status_macros.h"
#include "domain/criteria/calendar_months.h"
#include "domain/criteria/monthly_metrics.h"
#include "domain/criteria/order_days.h"
#include "model/criteria/measurement.h"
#include "model/money.h"

namespace kam::domain {
namespace {

constexpr int32_t kYear = 12;  // months
constexpr double kDaysPerMonth = 365.25 / 12;

absl::StatusOr<OrderTotals> TotalsOfMonths(const AccountHistory& history, int32_t as_of_day,
                                           int32_t from_months_ago, int32_t until_months_ago) {
  return SumOf(DaysBetween(history, MonthsBefore(as_of_day, from_months_ago),
                           MonthsBefore(as_of_day, until_months_ago)));
}

int64_t OrdersEver(const AccountHistory& history, int32_t as_of_day) {
  int64_t orders = 0;
  for (const DayTotals& day : history.days) {
    if (day.day < as_of_day) orders += day.orders;
  }
  return orders;
}

Measurement OrderIntervalCv(const AccountHistory& history, int32_t as_of_day,
                            const MetricKey& key) {
  const absl::Span<const DayTotals> days =
      DaysBetween(history, MonthsBefore(as_of_day, key.window_months), as_of_day);
  const int64_t gaps = days.empty() ? 0 : static_cast<int64_t>(days.size()) - 1;
  return MeasuredFrom(key, gaps, [&] {
    const double mean =
        static_cast<double>(days.back().day - days.front().day) / static_cast<double>(gaps);
    double squares = 0;
    for (size_t i = 1; i < days.size(); ++i) {
      const double off = days[i].day - days[i - 1].day - mean;
      squares += off * off;
    }
    return std::sqrt(squares / static_cast<double>(gaps - 1)) / mean;
  });
}

Measurement Tenure(const AccountHistory& history, int32_t as_of_day, const MetricKey& key) {
  return MeasuredFrom(key, OrdersEver(history, as_of_day),
                      [&] { return (as_of_day - history.days.front().day) / kDaysPerMonth; });
}

absl::StatusOr<Measurement> Revenue(const AccountHistory& history, int32_t as_of_day,
                                    const MetricKey& key) {
  KAM_ASSIGN_OR_RETURN(const OrderTotals year, TotalsOfMonths(history, as_of_day, kYear, 0));
  return MeasuredFrom(key, OrdersEver(history, as_of_day),
                      [&] { return WholeUnits(history, year.net); });
}

absl::StatusOr<Measurement> ShareOfWallet(const AccountHistory& history, int32_t as_of_day,
                                          const MetricKey& key) {
  KAM_ASSIGN_OR_RETURN(const OrderTotals year, TotalsOfMonths(history, as_of_day, kYear, 0));
  const int64_t declared = history.declared_annual_spend.value_or(0);
  return MeasuredFrom(key, declared > 0 ? 1 : 0, [&] {
    return static_cast<double>(year.net) / static_cast<double>(declared);
  });
}

absl::StatusOr<Measurement> Prices(const AccountHistory& history, int32_t as_of_day,
                                   const MetricKey& key) {
  KAM_ASSIGN_OR_RETURN(const OrderTotals sum,
                       TotalsOfMonths(history, as_of_day, key.window_months, 0));
  if (key.metric == Metric::kFullPriceShare) {
    return MeasuredFrom(key, sum.orders, [&] {
      return static_cast<double>(sum.full_price_orders) / static_cast<double>(sum.orders);
    });
  }
  return MeasuredFrom(key, sum.list > 0 ? sum.orders : 0,
                      [&] { return static_cast<double>(sum.net) / static_cast<double>(sum.list); });
}

absl::StatusOr<Measurement> RevenueGrowth(const AccountHistory& history, int32_t as_of_day,
                                          const MetricKey& key) {
  if (history.days.empty() || history.days.front().day > MonthsBefore(as_of_day, 2 * kYear)) {
    return NotMeasured(key);
  }
  KAM_ASSIGN_OR_RETURN(const OrderTotals year, TotalsOfMonths(history, as_of_day, kYear, 0));
  KAM_ASSIGN_OR_RETURN(const OrderTotals before,
                       TotalsOfMonths(history, as_of_day, 2 * kYear, kYear));
  return MeasuredFrom(key, before.net > 0 ? before.orders : 0, [&] {
    return static_cast<double>(year.net) / static_cast<double>(before.net) - 1;
  });
}

Measurement MarketingBudget(const AccountHistory& history, const MetricKey& key) {
  return MeasuredFrom(key, history.marketing_budget ? 1 : 0,
                      [&] { return WholeUnits(history, *history.marketing_budget); });
}

}  // namespace

double WholeUnits(const AccountHistory& history, int64_t minor) {
  return static_cast<double>(minor) / static_cast<double>(MinorPerUnit(history.currency));
}

absl::StatusOr<Measurement> MeasureOrders(const AccountHistory& history, int32_t as_of_day,
                                          const MetricKey& key) {
  switch (key.metric) {
    case Metric::kOrderIntervalCv:
      return OrderIntervalCv(history, as_of_day, key);
    case Metric::kTenureMonths:
      return Tenure(history, as_of_day, key);
    case Metric::kShareOfWallet:
      return ShareOfWallet(history, as_of_day, key);
    case Metric::kPriceRealisation:
    case Metric::kFullPriceShare:
      return Prices(history, as_of_day, key);
    case Metric::kRevenue12m:
      return Revenue(history, as_of_day, key);
    case Metric::kRevenueGrowth:
      return RevenueGrowth(history, as_of_day, key);
    case Metric::kMarketingBudget:
      return MarketingBudget(history, key);
    default:
      return MeasureMonths(history, as_of_day, key);
  }
}

}  // namespace kam::domain
