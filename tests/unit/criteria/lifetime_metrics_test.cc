#include "domain/criteria/lifetime_metrics.h"

#include "domain/criteria/lifetime/lifetime_value.h"
#include "gtest/gtest.h"
#include "unit/criteria/histories.h"

namespace kam::domain {
namespace {

constexpr MetricKey kPAlive{Metric::kPAlive, 0};
constexpr MetricKey kOrders{Metric::kExpectedOrders12m, 0};
constexpr MetricKey kOrderValue{Metric::kExpectedOrderValue, 0};
constexpr MetricKey kClv{Metric::kClv36m, 0};

// BG/NBD and Gamma-Gamma as fitted to the CDNOW sample (DOMAIN §3).
LifetimeModel CdnowModel() {
  LifetimeModel model;
  model.kind = PurchaseModelKind::kBgNbd;
  model.purchase = {.r = 0.2426, .alpha = 4.4135, .a = 0.7929, .b = 2.4258};
  model.spend = SpendParameters{.p = 6.25, .q = 3.74, .v = 15.44};
  return model;
}

TEST(LifetimeMetricsTest, EvidenceLeavesTheFirstDayOutOfTheSpend) {
  const int32_t first = Day(2024, 1, 1);
  const AccountHistory history = HistoryOf(
      {OneOrder(first, 99999),
       {.day = first + 14, .orders = 2, .full_price_orders = 2, .net = 1000, .list = 1000},
       OneOrder(first + 28, 2000),
       OneOrder(first + 70, 77777)});
  // Observed up to the day before as_of.
  const LifetimeEvidence evidence = *LifetimeEvidenceOf(history, first + 57);
  EXPECT_EQ(evidence.order_days, 3);
  EXPECT_EQ(evidence.purchases.repeat_purchases, 2);
  EXPECT_DOUBLE_EQ(evidence.purchases.last_purchase_weeks, 4);
  EXPECT_DOUBLE_EQ(evidence.purchases.observed_weeks, 8);
  EXPECT_EQ(evidence.spend.repeat_purchases, 2);
  EXPECT_DOUBLE_EQ(evidence.spend.mean_value, 15);
}

TEST(LifetimeMetricsTest, AnswersThePublishedExample) {
  // x = 2, t_x = 30.43, T = 38.86: P(alive) .7266.
  const LifetimeModel model = CdnowModel();
  LifetimeForecaster forecaster(&model, {});
  const LifetimeEvidence evidence{
      .order_days = 3,
      .purchases = {.repeat_purchases = 2, .last_purchase_weeks = 30.43, .observed_weeks = 38.86},
      .spend = {.repeat_purchases = 2, .mean_value = 22.35}};
  const Measurement alive = forecaster.Measure(evidence, kPAlive);
  EXPECT_NEAR(alive.value.value_or(-1), 0.7266, 5e-5);
  EXPECT_EQ(alive.evidence_count, 3);
  const double value = forecaster.Measure(evidence, kOrderValue).value.value_or(-1);
  EXPECT_DOUBLE_EQ(value, *ExpectedOrderValue(*model.spend, evidence.spend));
  EXPECT_DOUBLE_EQ(forecaster.Measure(evidence, kOrders).value.value_or(-1),
                   ExpectedPurchases(model.kind, model.purchase, evidence.purchases, 365.25 / 7));
  EXPECT_NEAR(forecaster.Measure(evidence, kClv).value.value_or(-1),
              *DiscountedLifetimeValue(model.kind, model.purchase, evidence.purchases, value,
                                       {.months = 36, .annual_discount_rate = 0.1}),
              1e-9);
}

TEST(LifetimeMetricsTest, DiscountsAtTheRateOfTheSettings) {
  const LifetimeModel model = CdnowModel();
  CriteriaSettings dear;
  dear.annual_discount_rate = 0.5;
  LifetimeForecaster at_ten(&model, {});
  LifetimeForecaster at_fifty(&model, dear);
  const LifetimeEvidence evidence{
      .order_days = 1, .purchases = {.observed_weeks = 10}, .spend = {}};
  EXPECT_GT(*at_ten.Measure(evidence, kClv).value, *at_fifty.Measure(evidence, kClv).value);
}

TEST(LifetimeMetricsTest, AOneTimeBuyerIsWorthThePortfoliosMean) {
  const LifetimeModel model = CdnowModel();
  LifetimeForecaster forecaster(&model, {});
  const LifetimeEvidence evidence =
      *LifetimeEvidenceOf(HistoryOf({OneOrder(Day(2024, 1, 1), 5000)}), Day(2024, 7, 1));
  EXPECT_NEAR(forecaster.Measure(evidence, kOrderValue).value.value_or(-1), 6.25 * 15.44 / 2.74,
              1e-9);
}

TEST(LifetimeMetricsTest, NothingIsKnownWithoutOrdersModelOrSpend) {
  const LifetimeModel model = CdnowModel();
  LifetimeForecaster forecaster(&model, {});
  const LifetimeEvidence none = *LifetimeEvidenceOf(HistoryOf({}), Day(2024, 7, 1));
  const LifetimeEvidence one =
      *LifetimeEvidenceOf(HistoryOf({OneOrder(Day(2024, 1, 1), 5000)}), Day(2024, 7, 1));
  LifetimeForecaster without_model(nullptr, {});
  for (const MetricKey& key : {kPAlive, kOrders, kOrderValue, kClv}) {
    EXPECT_FALSE(forecaster.Measure(none, key).value.has_value());
    const Measurement absent = without_model.Measure(one, key);
    EXPECT_FALSE(absent.value.has_value());
    EXPECT_EQ(absent.evidence_count, 0);
    EXPECT_EQ(absent.evidence_needed, 1);
  }
  LifetimeModel without_spend = CdnowModel();
  without_spend.spend.reset();
  LifetimeForecaster orders_only(&without_spend, {});
  EXPECT_TRUE(orders_only.Measure(one, kOrders).value.has_value());
  EXPECT_FALSE(orders_only.Measure(one, kOrderValue).value.has_value());
  EXPECT_FALSE(orders_only.Measure(one, kClv).value.has_value());
}

TEST(LifetimeMetricsTest, AnInfiniteMeanIsNoValue) {
  LifetimeModel model = CdnowModel();
  model.spend->q = 0.9;  // p x + q <= 1 for a one-time buyer
  LifetimeForecaster forecaster(&model, {});
  const LifetimeEvidence one =
      *LifetimeEvidenceOf(HistoryOf({OneOrder(Day(2024, 1, 1), 5000)}), Day(2024, 7, 1));
  EXPECT_FALSE(forecaster.Measure(one, kOrderValue).value.has_value());
  EXPECT_FALSE(forecaster.Measure(one, kClv).value.has_value());
}

}  // namespace
}  // namespace kam::domain
