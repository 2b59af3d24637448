#include "domain/criteria/account_measures.h"

#include <limits>

#include "gtest/gtest.h"
#include "model/error.h"
#include "unit/criteria/histories.h"

namespace kam::domain {
namespace {

TEST(AccountMeasuresTest, MeasuresEveryKeyInItsOrder) {
  const std::vector<MetricKey> keys = {
      {Metric::kPAlive, 0}, {Metric::kRevenue12m, 12}, {Metric::kRevenueShare, 12}};
  LifetimeForecaster forecaster(nullptr, {});
  AccountMeasurer measurer(keys, Day(2024, 7, 1), forecaster);
  const AccountHistory history =
      HistoryOf({OneOrder(Day(2020, 1, 1), 700), OneOrder(Day(2024, 6, 1), 100),
                 OneOrder(Day(2024, 7, 1), 9)});
  AccountMeasures measures = *measurer.Measure(history);
  ASSERT_EQ(measures.measurements.size(), 3u);
  EXPECT_FALSE(measures.measurements[0].value.has_value());
  EXPECT_EQ(measures.measurements[1].value, 1.0);
  EXPECT_FALSE(measures.measurements[2].value.has_value());
  EXPECT_EQ(measures.revenue_12m, 100);
  EXPECT_EQ(measures.orders_ever, 2);
  // Without a model the past stands for the future.
  EXPECT_EQ(measures.expected_revenue_12m, 100);
  EXPECT_EQ(measures.expected_orders_12m, 1);

  AddPortfolio(*PortfolioContext::Of({{"acme", 100}, {"other", 300}}), measures);
  EXPECT_EQ(measures.measurements[2].value, 0.25);
  EXPECT_EQ(measures.measurements[1].value, 1.0);
}

TEST(AccountMeasuresTest, ExpectsByTheModel) {
  LifetimeModel model;
  model.kind = PurchaseModelKind::kBgNbd;
  model.purchase = {.r = 0.2426, .alpha = 4.4135, .a = 0.7929, .b = 2.4258};
  model.spend = SpendParameters{.p = 6.25, .q = 3.74, .v = 15.44};
  LifetimeForecaster forecaster(&model, {});
  AccountMeasurer measurer({}, Day(2024, 7, 1), forecaster);
  const AccountMeasures measures = *measurer.Measure(
      HistoryOf({OneOrder(Day(2024, 1, 1), 5000), OneOrder(Day(2024, 6, 1), 5000)}));
  EXPECT_GT(measures.expected_orders_12m, 0);
  const double value = *ExpectedOrderValue(*model.spend, {.repeat_purchases = 1, .mean_value = 50});
  EXPECT_NEAR(static_cast<double>(measures.expected_revenue_12m),
              measures.expected_orders_12m * value * 100, 0.5);
}

TEST(AccountMeasuresTest, ErrorsNameTheAccount) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  LifetimeForecaster forecaster(nullptr, {});
  AccountMeasurer measurer({}, Day(2024, 7, 1), forecaster);
  const AccountHistory history =
      HistoryOf({OneOrder(Day(2024, 5, 1), 1), OneOrder(Day(2024, 5, 2), most),
                 OneOrder(Day(2024, 6, 1), 1)});
  const absl::Status status = measurer.Measure(history).status();
  EXPECT_TRUE(HasReason(status, ErrorReason::kAmountOverflow)) << status;
  EXPECT_NE(status.message().find("accounts/acme"), std::string::npos) << status;
}

TEST(AccountMeasuresTest, CurrenciesAreNotMixed) {
  CriteriaSettings settings;
  settings.reporting_currency = "EUR";
  const AccountHistory history = HistoryOf({OneOrder(Day(2024, 5, 1), 1)});
  EXPECT_TRUE(CheckCurrency(history, settings).ok());
  settings.reporting_currency = "USD";
  EXPECT_TRUE(CheckCurrency(HistoryOf({}), settings).ok()) << "nothing to add up";
  const absl::Status status = CheckCurrency(history, settings);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  const ErrorDetails details = GetErrorDetails(status).value_or(ErrorDetails());
  EXPECT_EQ(details.reason, ErrorReason::kFxRateMissing);
  EXPECT_EQ(details.metadata, (std::vector<std::pair<std::string, std::string>>{
                                  {"from", "EUR"}, {"to", "USD"}, {"resource", "accounts/acme"}}));
}

}  // namespace
}  // namespace kam::domain
