#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "domain/criteria/criteria_settings.h"
#include "domain/criteria/lifetime_metrics.h"
#include "domain/criteria/portfolio_metrics.h"
#include "model/criteria/metric.h"
#include "model/history/account_history.h"

namespace kam::domain {

// OK, or FAILED_PRECONDITION (kFxRateMissing): amounts of different currencies are not added up. An
// account without completed orders has none.
absl::Status CheckCurrency(const AccountHistory& history, const CriteriaSettings& settings);

// Net revenue of the last 12 months in minor units. OUT_OF_RANGE (kAmountOverflow), naming the
// account.
absl::StatusOr<int64_t> RevenueOf12m(const AccountHistory& history, int32_t as_of_day);

// All that a scorecard asks of an account, and what is stored beside it.
struct AccountMeasures {
  std::string account_id;
  std::vector<Measurement> measurements;  // by the keys asked for
  int64_t revenue_12m = 0;                // minor units
  int64_t expected_revenue_12m = 0;       // by the model, else revenue_12m
  double expected_orders_12m = 0;         // by the model, else the orders of the last 12 months
  int64_t orders_ever = 0;                // before as_of
};

// Measures accounts one by one. Used by one thread; `forecaster` outlives it.
class AccountMeasurer {
 public:
  AccountMeasurer(std::vector<MetricKey> keys, int32_t as_of_day, LifetimeForecaster& forecaster)
      : keys_(std::move(keys)), as_of_day_(as_of_day), forecaster_(forecaster) {}

  // Portfolio metrics are left without a value: AddPortfolio gives it once all accounts are known.
  // OUT_OF_RANGE (kAmountOverflow), naming the account.
  absl::StatusOr<AccountMeasures> Measure(const AccountHistory& history);

 private:
  absl::Status MeasureAll(const AccountHistory& history, const LifetimeEvidence& evidence,
                          AccountMeasures& measures);

  std::vector<MetricKey> keys_;
  int32_t as_of_day_;
  LifetimeForecaster& forecaster_;
};

void AddPortfolio(const PortfolioContext& portfolio, AccountMeasures& measures);

}  // namespace kam::domain
