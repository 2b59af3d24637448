#include "domain/criteria/monthly_metrics.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "base/status_macros.h"
#include "domain/criteria/calendar_months.h"
#include "domain/criteria/order_days.h"
#include "model/criteria/measurement.h"
#include "model/money.h"

namespace kam::domain {
namespace {

constexpr double kAdiCut = 1.32;
constexpr double kCv2Cut = 0.49;

struct Month {
  int64_t orders = 0;
  int64_t net = 0;
};

// The months numbered [first, last], from the days in them.
absl::StatusOr<std::vector<Month>> MonthlySeries(absl::Span<const DayTotals> days, int32_t first,
                                                 int32_t last) {
  std::vector<Month> series(std::max(0, last - first + 1));
  for (const DayTotals& day : days) {
    Month& month = series[MonthOf(day.day) - first];
    month.orders += day.orders;
    KAM_ASSIGN_OR_RETURN(month.net, CheckedAdd(month.net, day.net));
  }
  return series;
}

// From the first order in the window on; empty when there is none.
absl::StatusOr<std::vector<Month>> ObservedMonths(const AccountHistory& history, int32_t as_of_day,
                                                  int32_t window_months) {
  const absl::Span<const DayTotals> days =
      DaysBetween(history, MonthsBefore(as_of_day, window_months), as_of_day);
  if (days.empty()) return std::vector<Month>();
  return MonthlySeries(days, MonthOf(days.front().day), MonthOf(as_of_day - 1));
}

Measurement ActiveMonthShare(const MetricKey& key, const std::vector<Month>& months) {
  return MeasuredFrom(key, static_cast<int64_t>(months.size()), [&] {
    const auto active = std::count_if(months.begin(), months.end(),
                                      [](const Month& month) { return month.orders > 0; });
    return static_cast<double>(active) / static_cast<double>(months.size());
  });
}

// (s ÷ mean)² with the sample standard deviation s; at least two amounts, all above 0.
double SquaredVariation(const std::vector<double>& amounts) {
  const double n = static_cast<double>(amounts.size());
  double mean = 0;
  for (double amount : amounts) mean += amount;
  mean /= n;
  double squares = 0;
  for (double amount : amounts) squares += (amount / mean - 1) * (amount / mean - 1);
  return squares / (n - 1);
}

double DemandClass(double adi, double cv2) {
  return (adi < kAdiCut ? 1 : 2) + (cv2 < kCv2Cut ? 0 : 2);
}

Measurement Demand(const MetricKey& key, const std::vector<Month>& months) {
  std::vector<double> amounts;
  for (const Month& month : months) {
    if (month.net > 0) amounts.push_back(static_cast<double>(month.net));
  }
  return MeasuredFrom(key, static_cast<int64_t>(amounts.size()), [&] {
    const double adi = static_cast<double>(months.size()) / static_cast<double>(amounts.size());
    if (key.metric == Metric::kDemandAdi) return adi;
    const double cv2 = SquaredVariation(amounts);
    return key.metric == Metric::kDemandCv2 ? cv2 : DemandClass(adi, cv2);
  });
}

// Least-squares slope of y over 0, 1, 2, … ÷ mean of y, which is not 0.
double RelativeSlope(const std::vector<Month>& series) {
  const double n = static_cast<double>(series.size());
  const double middle = (n - 1) / 2;
  double mean = 0;
  for (const Month& month : series) mean += static_cast<double>(month.net);
  mean /= n;
  double products = 0;
  double squares = 0;
  for (size_t i = 0; i < series.size(); ++i) {
    const double x = static_cast<double>(i) - middle;
    products += x * (static_cast<double>(series[i].net) / mean - 1);
    squares += x * x;
  }
  return products / squares;
}

absl::StatusOr<Measurement> RevenueTrend(const AccountHistory& history, int32_t as_of_day,
                                         const MetricKey& key) {
  if (history.days.empty()) return NotMeasured(key);
  const int32_t start =
      std::max(MonthsBefore(as_of_day, key.window_months), history.days.front().day);
  int32_t first = MonthOf(start);
  if (FirstDayOf(first) < start) ++first;
  const int32_t end = MonthOf(as_of_day);  // exclusive: the month as_of lies in is not whole
  KAM_ASSIGN_OR_RETURN(
      const std::vector<Month> series,
      MonthlySeries(DaysBetween(history, FirstDayOf(first), FirstDayOf(std::max(first, end))),
                    first, end - 1));
  const bool revenue =
      std::any_of(series.begin(), series.end(), [](const Month& month) { return month.net > 0; });
  return MeasuredFrom(key, revenue ? static_cast<int64_t>(series.size()) : 0,
                      [&] { return RelativeSlope(series); });
}

}  // namespace

absl::StatusOr<Measurement> MeasureMonths(const AccountHistory& history, int32_t as_of_day,
                                          const MetricKey& key) {
  if (key.metric == Metric::kRevenueTrend) return RevenueTrend(history, as_of_day, key);
  KAM_ASSIGN_OR_RETURN(const std::vector<Month> months,
                       ObservedMonths(history, as_of_day, key.window_months));
  return key.metric == Metric::kActiveMonthShare ? ActiveMonthShare(key, months)
                                                 : Demand(key, months);
}

}  // namespace kam::domain
