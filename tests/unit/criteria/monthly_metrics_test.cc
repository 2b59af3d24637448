#include "domain/criteria/monthly_metrics.h"

#include <limits>

#include "gtest/gtest.h"
#include "model/error.h"
#include "unit/criteria/histories.h"

namespace kam::domain {
namespace {

Measurement MeasureWell(const AccountHistory& history, int32_t as_of, Metric metric,
                        int32_t window) {
  const absl::StatusOr<Measurement> measured = MeasureMonths(history, as_of, {metric, window});
  EXPECT_TRUE(measured.ok()) << measured.status();
  return measured.value_or(Measurement());
}

TEST(MonthlyMetricsTest, ActiveMonthShareCountsMonthsFromTheFirstOrder) {
  // Orders in January, February and April; May and June are observed too: 3 of 6 months.
  const AccountHistory history =
      HistoryOf({OneOrder(Day(2024, 1, 31), 100), OneOrder(Day(2024, 2, 1), 100),
                 OneOrder(Day(2024, 2, 20), 100), OneOrder(Day(2024, 4, 5), 100)});
  const Measurement share = MeasureWell(history, Day(2024, 7, 1), Metric::kActiveMonthShare, 12);
  EXPECT_EQ(share.value, 0.5);
  EXPECT_EQ(share.evidence_count, 6);
  EXPECT_EQ(share.evidence_needed, 3);
}

TEST(MonthlyMetricsTest, ActiveMonthShareNeedsThreeMonths) {
  const AccountHistory history = HistoryOf({OneOrder(Day(2024, 5, 10), 100)});
  const Measurement two = MeasureWell(history, Day(2024, 7, 1), Metric::kActiveMonthShare, 12);
  EXPECT_FALSE(two.value.has_value());
  EXPECT_EQ(two.evidence_count, 2);
  // A day of July makes it the third month.
  const Measurement three = MeasureWell(history, Day(2024, 7, 2), Metric::kActiveMonthShare, 12);
  EXPECT_DOUBLE_EQ(three.value.value_or(-1), 1.0 / 3);
}

TEST(MonthlyMetricsTest, WindowIsHalfOpen) {
  const AccountHistory history =
      HistoryOf({OneOrder(Day(2023, 6, 30), 100), OneOrder(Day(2024, 7, 1), 100)});
  // The first lies a day before the window, the second on its end.
  const Measurement none = MeasureWell(history, Day(2024, 7, 1), Metric::kActiveMonthShare, 12);
  EXPECT_FALSE(none.value.has_value());
  EXPECT_EQ(none.evidence_count, 0);
}

TEST(MonthlyMetricsTest, DemandOfTheFourClasses) {
  struct Case {
    const char* name;
    AccountHistory history;
    double adi, cv2, demand_class;
  };
  // as_of is 1 July 2024. Months observed ÷ months with demand; s² ÷ mean² of their amounts.
  const Case cases[] = {
      {"smooth: 6 of 6 months, equal amounts",
       HistoryOf({OneOrder(Day(2024, 1, 5), 100), OneOrder(Day(2024, 2, 5), 100),
                  OneOrder(Day(2024, 3, 5), 100), OneOrder(Day(2024, 4, 5), 100),
                  OneOrder(Day(2024, 5, 5), 100), OneOrder(Day(2024, 6, 5), 100)}),
       1, 0, 1},
      {"intermittent: 3 of 6 months, equal amounts",
       HistoryOf({OneOrder(Day(2024, 1, 5), 100), OneOrder(Day(2024, 3, 5), 60),
                  OneOrder(Day(2024, 3, 9), 40), OneOrder(Day(2024, 5, 5), 100)}),
       2, 0, 2},
      // Mean 20, deviations -10, -10, 20: s² = 600 / 2 = 300, CV² = 0.75.
      {"erratic: 3 of 3 months, amounts 10, 10, 40",
       HistoryOf({OneOrder(Day(2024, 4, 5), 10), OneOrder(Day(2024, 5, 5), 10),
                  OneOrder(Day(2024, 6, 5), 40)}),
       1, 0.75, 3},
      {"lumpy: 3 of 6 months, amounts 10, 10, 40",
       HistoryOf({OneOrder(Day(2024, 1, 5), 10), OneOrder(Day(2024, 3, 5), 10),
                  OneOrder(Day(2024, 5, 5), 40)}),
       2, 0.75, 4},
  };
  for (const Case& c : cases) {
    const int32_t as_of = Day(2024, 7, 1);
    EXPECT_DOUBLE_EQ(MeasureWell(c.history, as_of, Metric::kDemandAdi, 24).value.value_or(-1),
                     c.adi)
        << c.name;
    EXPECT_DOUBLE_EQ(MeasureWell(c.history, as_of, Metric::kDemandCv2, 24).value.value_or(-1),
                     c.cv2)
        << c.name;
    EXPECT_EQ(MeasureWell(c.history, as_of, Metric::kDemandClass, 24).value, c.demand_class)
        << c.name;
  }
}

TEST(MonthlyMetricsTest, DemandNeedsThreeMonthsWithAmounts) {
  // The free order of May is no demand.
  const AccountHistory history =
      HistoryOf({OneOrder(Day(2024, 3, 5), 100), OneOrder(Day(2024, 4, 5), 100),
                 OneOrder(Day(2024, 5, 5), 0)});
  for (Metric metric : {Metric::kDemandAdi, Metric::kDemandCv2, Metric::kDemandClass}) {
    const Measurement demand = MeasureWell(history, Day(2024, 7, 1), metric, 24);
    EXPECT_FALSE(demand.value.has_value());
    EXPECT_EQ(demand.evidence_count, 2);
  }
}

TEST(MonthlyMetricsTest, RevenueTrendIsTheSlopeOverWholeMonths) {
  // Known since December, so that January to June are whole: 10, 20, …, 60 with mean 35 and slope
  // 10. What came in July, the month of as_of, does not count.
  const AccountHistory history =
      HistoryOf({OneOrder(Day(2023, 12, 31), 999), OneOrder(Day(2024, 1, 1), 10),
                 OneOrder(Day(2024, 2, 29), 20), OneOrder(Day(2024, 3, 3), 30),
                 OneOrder(Day(2024, 4, 4), 40), OneOrder(Day(2024, 5, 5), 50),
                 OneOrder(Day(2024, 6, 30), 60), OneOrder(Day(2024, 7, 2), 70)});
  const Measurement trend = MeasureWell(history, Day(2024, 7, 15), Metric::kRevenueTrend, 12);
  EXPECT_DOUBLE_EQ(trend.value.value_or(-1), 10.0 / 35);
  EXPECT_EQ(trend.evidence_count, 6);
}

TEST(MonthlyMetricsTest, RevenueTrendCountsMonthsWithoutOrders) {
  // First order on the first day of the window: twelve whole months, all revenue in the first.
  const AccountHistory history = HistoryOf({OneOrder(Day(2023, 7, 1), 1200)});
  const Measurement trend = MeasureWell(history, Day(2024, 7, 1), Metric::kRevenueTrend, 12);
  // Σ x·y = -5.5 · 1200, Σ x² = 143, mean 100.
  EXPECT_DOUBLE_EQ(trend.value.value_or(-1), -5.5 * 1200 / 143 / 100);
  EXPECT_EQ(trend.evidence_count, 12);
}

TEST(MonthlyMetricsTest, RevenueTrendNeedsSixWholeMonthsAndRevenue) {
  const Measurement few =
      MeasureWell(HistoryOf({OneOrder(Day(2024, 1, 2), 100), OneOrder(Day(2024, 2, 2), 100)}),
                  Day(2024, 7, 1), Metric::kRevenueTrend, 12);
  EXPECT_FALSE(few.value.has_value());
  EXPECT_EQ(few.evidence_count, 5);  // January is not whole
  const Measurement nothing = MeasureWell(HistoryOf({OneOrder(Day(2022, 1, 2), 100)}),
                                          Day(2024, 7, 1), Metric::kRevenueTrend, 12);
  EXPECT_FALSE(nothing.value.has_value());
  EXPECT_EQ(nothing.evidence_count, 0);
  EXPECT_FALSE(
      MeasureWell(HistoryOf({}), Day(2024, 7, 1), Metric::kRevenueTrend, 12).value.has_value());
  // First order after the last whole month.
  EXPECT_FALSE(MeasureWell(HistoryOf({OneOrder(Day(2024, 7, 3), 100)}), Day(2024, 7, 5),
                           Metric::kRevenueTrend, 12)
                   .value.has_value());
}

TEST(MonthlyMetricsTest, RefusesSumsThatDoNotFit) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  const AccountHistory history =
      HistoryOf({OneOrder(Day(2024, 5, 1), most), OneOrder(Day(2024, 5, 2), 1)});
  const absl::StatusOr<Measurement> measured =
      MeasureMonths(history, Day(2024, 7, 1), {Metric::kDemandAdi, 24});
  EXPECT_TRUE(HasReason(measured.status(), ErrorReason::kAmountOverflow)) << measured.status();
}

}  // namespace
}  // namespace kam::domain
