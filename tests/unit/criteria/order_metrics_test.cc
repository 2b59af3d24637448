#include "domain/criteria/order_metrics.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "model/criteria/metric_catalogue.h"
#include "model/error.h"
#include "unit/criteria/histories.h"

namespace kam::domain {
namespace {

Measurement MeasureWell(const AccountHistory& history, int32_t as_of, Metric metric) {
  const absl::StatusOr<Measurement> measured =
      MeasureOrders(history, as_of, {metric, Describe(metric).default_window_months});
  EXPECT_TRUE(measured.ok()) << measured.status();
  return measured.value_or(Measurement());
}

TEST(OrderMetricsTest, OrderIntervalCvIsTheSampleDeviationOverTheMean) {
  // Gaps 10, 20, 30: mean 20, s = sqrt((100 + 0 + 100) / 2) = 10.
  const int32_t start = Day(2024, 1, 1);
  AccountHistory history = HistoryOf({OneOrder(start, 1), OneOrder(start + 10, 1),
                                      OneOrder(start + 30, 1), OneOrder(start + 60, 1)});
  const Measurement cv = MeasureWell(history, Day(2024, 7, 1), Metric::kOrderIntervalCv);
  EXPECT_DOUBLE_EQ(cv.value.value_or(-1), 0.5);
  EXPECT_EQ(cv.evidence_count, 3);
  history.days.pop_back();
  const Measurement two = MeasureWell(history, Day(2024, 7, 1), Metric::kOrderIntervalCv);
  EXPECT_FALSE(two.value.has_value());
  EXPECT_EQ(two.evidence_count, 2);
  EXPECT_EQ(MeasureWell(HistoryOf({}), Day(2024, 7, 1), Metric::kOrderIntervalCv).evidence_count,
            0);
}

TEST(OrderMetricsTest, TenureIsInMeanMonthsSinceTheFirstOrderEver) {
  const int32_t as_of = Day(2024, 7, 1);
  const Measurement tenure = MeasureWell(
      HistoryOf({OneOrder(as_of - 3653, 1), OneOrder(as_of - 1, 1)}), as_of, Metric::kTenureMonths);
  EXPECT_NEAR(tenure.value.value_or(-1), 3653 / 30.4375, 1e-12);
  // An order on the day itself is not before it.
  EXPECT_FALSE(
      MeasureWell(HistoryOf({OneOrder(as_of, 1)}), as_of, Metric::kTenureMonths).value.has_value());
}

TEST(OrderMetricsTest, RevenueIsZeroOnlyForWhoOrderedBefore) {
  const int32_t as_of = Day(2024, 7, 1);
  const AccountHistory history =
      HistoryOf({OneOrder(Day(2023, 6, 30), 99900), OneOrder(Day(2023, 7, 1), 12345),
                 OneOrder(Day(2024, 6, 30), 55), OneOrder(Day(2024, 7, 1), 99900)});
  EXPECT_EQ(MeasureWell(history, as_of, Metric::kRevenue12m).value, 124.0);
  const Measurement old =
      MeasureWell(HistoryOf({OneOrder(Day(2020, 1, 1), 100)}), as_of, Metric::kRevenue12m);
  EXPECT_EQ(old.value, 0.0);
  EXPECT_EQ(old.evidence_count, 1);
  EXPECT_FALSE(MeasureWell(HistoryOf({}), as_of, Metric::kRevenue12m).value.has_value());
}

TEST(OrderMetricsTest, RevenueKnowsTheDecimalsOfTheCurrency) {
  AccountHistory history = HistoryOf({OneOrder(Day(2024, 6, 1), 12000)});
  history.currency = "JPY";
  EXPECT_EQ(MeasureWell(history, Day(2024, 7, 1), Metric::kRevenue12m).value, 12000.0);
}

TEST(OrderMetricsTest, ShareOfWalletNeedsADeclaration) {
  AccountHistory history = HistoryOf({OneOrder(Day(2024, 6, 1), 2500)});
  const int32_t as_of = Day(2024, 7, 1);
  EXPECT_FALSE(MeasureWell(history, as_of, Metric::kShareOfWallet).value.has_value());
  history.declared_annual_spend = 0;
  EXPECT_FALSE(MeasureWell(history, as_of, Metric::kShareOfWallet).value.has_value());
  history.declared_annual_spend = 10000;
  EXPECT_EQ(MeasureWell(history, as_of, Metric::kShareOfWallet).value, 0.25);
  history.days.clear();
  EXPECT_EQ(MeasureWell(history, as_of, Metric::kShareOfWallet).value, 0.0);
}

TEST(OrderMetricsTest, PricesAreShares) {
  const AccountHistory history = HistoryOf(
      {{.day = Day(2024, 5, 1), .orders = 3, .full_price_orders = 1, .net = 240, .list = 300},
       {.day = Day(2024, 6, 1), .orders = 1, .full_price_orders = 1, .net = 100, .list = 100}});
  const int32_t as_of = Day(2024, 7, 1);
  const Measurement realised = MeasureWell(history, as_of, Metric::kPriceRealisation);
  EXPECT_DOUBLE_EQ(realised.value.value_or(-1), 0.85);
  EXPECT_EQ(realised.evidence_count, 4);
  EXPECT_EQ(MeasureWell(history, as_of, Metric::kFullPriceShare).value, 0.5);
  // Free of charge by list: no price to realise, though an order.
  const AccountHistory gift = HistoryOf({OneOrder(Day(2024, 6, 1), 0)});
  EXPECT_FALSE(MeasureWell(gift, as_of, Metric::kPriceRealisation).value.has_value());
  EXPECT_EQ(MeasureWell(gift, as_of, Metric::kFullPriceShare).value, 1.0);
  EXPECT_FALSE(MeasureWell(HistoryOf({}), as_of, Metric::kFullPriceShare).value.has_value());
}

TEST(OrderMetricsTest, GrowthComparesTwoYearsOfAnAccountThatOld) {
  const int32_t as_of = Day(2024, 7, 1);
  const DayTotals before = OneOrder(Day(2022, 7, 1), 200);
  const DayTotals now = OneOrder(Day(2024, 1, 1), 150);
  const Measurement growth = MeasureWell(HistoryOf({before, now}), as_of, Metric::kRevenueGrowth);
  EXPECT_DOUBLE_EQ(growth.value.value_or(-1), -0.25);
  EXPECT_EQ(growth.evidence_count, 1);
  // A day younger than 24 months.
  EXPECT_FALSE(
      MeasureWell(HistoryOf({OneOrder(Day(2022, 7, 2), 200), now}), as_of, Metric::kRevenueGrowth)
          .value.has_value());
  // Old enough, but nothing came in the year before.
  EXPECT_FALSE(
      MeasureWell(HistoryOf({OneOrder(Day(2020, 1, 1), 200), now}), as_of, Metric::kRevenueGrowth)
          .value.has_value());
}

TEST(OrderMetricsTest, MarketingBudgetNeedsToBeRecorded) {
  AccountHistory history = HistoryOf({});
  EXPECT_FALSE(MeasureWell(history, Day(2024, 7, 1), Metric::kMarketingBudget).value.has_value());
  history.marketing_budget = 500050;
  EXPECT_EQ(MeasureWell(history, Day(2024, 7, 1), Metric::kMarketingBudget).value, 5000.5);
}

TEST(OrderMetricsTest, RefusesSumsThatDoNotFit) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  const AccountHistory history =
      HistoryOf({OneOrder(Day(2024, 5, 1), most), OneOrder(Day(2024, 6, 1), 1)});
  for (Metric metric : {Metric::kRevenue12m, Metric::kPriceRealisation, Metric::kShareOfWallet}) {
    const absl::StatusOr<Measurement> measured =
        MeasureOrders(history, Day(2024, 7, 1), {metric, 12});
    EXPECT_TRUE(HasReason(measured.status(), ErrorReason::kAmountOverflow)) << measured.status();
  }
}

}  // namespace
}  // namespace kam::domain
