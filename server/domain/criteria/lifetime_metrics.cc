#include "domain/criteria/lifetime_metrics.h"

#include <cmath>
#include <vector>

#include "absl/types/span.h"
#include "base/status_macros.h"
#include "domain/criteria/lifetime/lifetime_value.h"
#include "domain/criteria/lifetime/purchase_days.h"
#include "domain/criteria/order_days.h"
#include "domain/criteria/order_metrics.h"
#include "model/criteria/measurement.h"

namespace kam::domain {
namespace {

constexpr double kWeeksPerYear = 12 * kWeeksPerMonth;
constexpr int kValueMonths = 36;

std::optional<double> Finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

absl::StatusOr<LifetimeEvidence> LifetimeEvidenceOf(const AccountHistory& history,
                                                    int32_t as_of_day) {
  LifetimeEvidence evidence;
  std::vector<int32_t> order_days;
  for (const DayTotals& day : history.days) {
    if (day.day < as_of_day) order_days.push_back(day.day);
  }
  evidence.order_days = static_cast<int64_t>(order_days.size());
  if (order_days.empty()) return evidence;
  KAM_ASSIGN_OR_RETURN(evidence.purchases, HistoryFromPurchaseDays(order_days, as_of_day - 1));
  evidence.spend.repeat_purchases = evidence.purchases.repeat_purchases;
  if (evidence.spend.repeat_purchases > 0) {
    KAM_ASSIGN_OR_RETURN(
        const OrderTotals repeats,
        SumOf(absl::MakeConstSpan(history.days).subspan(1, order_days.size() - 1)));
    evidence.spend.mean_value =
        WholeUnits(history, repeats.net) / static_cast<double>(evidence.spend.repeat_purchases);
  }
  return evidence;
}

bool IsLifetimeMetric(Metric metric) {
  return metric == Metric::kPAlive || metric == Metric::kExpectedOrders12m ||
         metric == Metric::kExpectedOrderValue || metric == Metric::kClv36m;
}

Measurement LifetimeForecaster::Measure(const LifetimeEvidence& evidence, const MetricKey& key) {
  std::optional<double> value;
  switch (key.metric) {
    case Metric::kPAlive:
      value = PAlive(evidence);
      break;
    case Metric::kExpectedOrders12m:
      value = ExpectedOrders12m(evidence);
      break;
    case Metric::kExpectedOrderValue:
      value = ExpectedOrderValue(evidence);
      break;
    default:
      value = Clv36m(evidence);
      break;
  }
  return MeasuredFrom(key, value ? evidence.order_days : 0, [&] { return *value; });
}

std::optional<double> LifetimeForecaster::PAlive(const LifetimeEvidence& evidence) {
  if (model_ == nullptr || evidence.order_days == 0) return std::nullopt;
  return Finite(ProbabilityAlive(model_->kind, model_->purchase, evidence.purchases));
}

std::optional<double> LifetimeForecaster::ExpectedOrders12m(const LifetimeEvidence& evidence) {
  if (model_ == nullptr || evidence.order_days == 0) return std::nullopt;
  Forecast& forecast = forecasts_[evidence.purchases];
  if (!forecast.expected_orders_12m) {
    forecast.expected_orders_12m =
        ExpectedPurchases(model_->kind, model_->purchase, evidence.purchases, kWeeksPerYear);
  }
  return Finite(*forecast.expected_orders_12m);
}

std::optional<double> LifetimeForecaster::ExpectedOrderValue(const LifetimeEvidence& evidence) {
  if (model_ == nullptr || !model_->spend || evidence.order_days == 0) return std::nullopt;
  const absl::StatusOr<double> value = domain::ExpectedOrderValue(*model_->spend, evidence.spend);
  return value.ok() ? Finite(*value) : std::nullopt;  // an infinite mean is no answer
}

std::optional<double> LifetimeForecaster::Clv36m(const LifetimeEvidence& evidence) {
  const std::optional<double> order_value = ExpectedOrderValue(evidence);
  if (!order_value) return std::nullopt;
  Forecast& forecast = forecasts_[evidence.purchases];
  if (!forecast.discounted_orders_36m) {
    // The value is a factor of the sum, so that of 1 serves every customer with this history.
    const absl::StatusOr<double> orders = DiscountedLifetimeValue(
        model_->kind, model_->purchase, evidence.purchases, /*expected_order_value=*/1,
        {.months = kValueMonths, .annual_discount_rate = annual_discount_rate_});
    forecast.discounted_orders_36m = orders.ok() ? *orders : std::nan("");
  }
  return Finite(*forecast.discounted_orders_36m * *order_value);
}

}  // namespace kam::domain
