#include "domain/criteria/lifetime/lifetime_value.h"

#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kam::domain {
namespace {

constexpr double kMaxAnnualRate = 10;

absl::Status Check(PurchaseModelKind kind, const PurchaseParameters& parameters,
                   const PurchaseHistory& history, double expected_order_value,
                   const LifetimeHorizon& horizon) {
  if (horizon.months < 1 || horizon.months > kMaxLifetimeMonths) {
    return absl::InvalidArgumentError(
        absl::StrCat("months is not from 1 to ", kMaxLifetimeMonths, ": ", horizon.months));
  }
  const double rate = horizon.annual_discount_rate;
  if (!(rate >= 0 && rate <= kMaxAnnualRate)) {
    return absl::InvalidArgumentError(
        absl::StrCat("annual_discount_rate is not from 0 to ", kMaxAnnualRate, ": ", rate));
  }
  if (!std::isfinite(expected_order_value) || expected_order_value < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected_order_value is not a finite number of 0 or more: ", expected_order_value));
  }
  if (absl::Status status = ValidatePurchaseHistory(history); !status.ok()) return status;
  if (std::isnan(ProbabilityAlive(kind, parameters, history))) {
    return absl::InvalidArgumentError("purchase parameters are not positive and finite");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<double> DiscountedLifetimeValue(PurchaseModelKind kind,
                                               const PurchaseParameters& parameters,
                                               const PurchaseHistory& history,
                                               double expected_order_value,
                                               const LifetimeHorizon& horizon) {
  absl::Status status = Check(kind, parameters, history, expected_order_value, horizon);
  if (!status.ok()) return status;
  const double log_rate = std::log1p(horizon.annual_discount_rate);
  double discounted_purchases = 0;
  double before = 0;
  for (int month = 1; month <= horizon.months; ++month) {
    const double by_now = ExpectedPurchases(kind, parameters, history, month * kWeeksPerMonth);
    discounted_purchases += (by_now - before) * std::exp(-log_rate * month / 12);
    before = by_now;
  }
  if (std::isnan(discounted_purchases)) {
    return absl::OutOfRangeError("the expected purchases are too many to compute");
  }
  return discounted_purchases * expected_order_value;
}

}  // namespace kam::domain
