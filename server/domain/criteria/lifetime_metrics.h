#pragma once

#include <cstdint>
#include <optional>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "domain/criteria/criteria_settings.h"
#include "domain/criteria/lifetime/purchase_model.h"
#include "domain/criteria/lifetime/spend_model.h"
#include "model/criteria/evaluation.h"
#include "model/criteria/metric.h"
#include "model/history/account_history.h"

namespace kam::domain {

// What the models know of an account: its order days before `as_of_day`. Orders of one day are one
// purchase; values are in whole units of the currency.
struct LifetimeEvidence {
  int64_t order_days = 0;  // 0: nothing is known, the rest is not valid
  PurchaseHistory purchases;
  SpendHistory spend;
};
absl::StatusOr<LifetimeEvidence> LifetimeEvidenceOf(const AccountHistory& history,
                                                    int32_t as_of_day);

// kPAlive, kExpectedOrders12m, kExpectedOrderValue and kClv36m.
bool IsLifetimeMetric(Metric metric);

// Answers lifetime metrics by one fitted model. Customers with equal histories share the work.
// Used by one thread.
class LifetimeForecaster {
 public:
  // `model` succeeded, or is absent: then every metric is. It outlives the forecaster.
  LifetimeForecaster(const LifetimeModel* model, const CriteriaSettings& settings)
      : model_(model), annual_discount_rate_(settings.annual_discount_rate) {}

  // Evidence: order days; none without a model, or where the model has no finite answer.
  Measurement Measure(const LifetimeEvidence& evidence, const MetricKey& key);

  std::optional<double> ExpectedOrders12m(const LifetimeEvidence& evidence);
  std::optional<double> ExpectedOrderValue(const LifetimeEvidence& evidence);

 private:
  std::optional<double> PAlive(const LifetimeEvidence& evidence);
  std::optional<double> Clv36m(const LifetimeEvidence& evidence);

  struct Forecast {
    std::optional<double> expected_orders_12m;
    std::optional<double> discounted_orders_36m;
  };

  const LifetimeModel* model_;
  double annual_discount_rate_;
  absl::btree_map<PurchaseHistory, Forecast> forecasts_;
};

}  // namespace kam::domain
