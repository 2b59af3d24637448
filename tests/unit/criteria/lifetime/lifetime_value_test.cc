#include "domain/criteria/lifetime/lifetime_value.h"

#include <cmath>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kam::domain {
namespace {

using ::testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr PurchaseModelKind kKind = PurchaseModelKind::kMbgNbd;
constexpr PurchaseParameters kParameters{0.5248, 6.183, 0.8914, 1.614};
constexpr PurchaseHistory kHistory{2, 30.43, 38.86};

TEST(LifetimeValue, RefusesArgumentsOutsideTheirRanges) {
  const struct {
    PurchaseParameters parameters;
    PurchaseHistory history;
    double value;
    LifetimeHorizon horizon;
    const char* says;
  } cases[] = {
      {kParameters, kHistory, 35, {0, 0.1}, "months is not from 1 to 600: 0"},
      {kParameters, kHistory, 35, {601, 0.1}, "months is not from 1 to 600: 601"},
      {kParameters, kHistory, 35, {36, -0.1}, "annual_discount_rate"},
      {kParameters, kHistory, 35, {36, 10.1}, "annual_discount_rate"},
      {kParameters, kHistory, 35, {36, kNaN}, "annual_discount_rate"},
      {kParameters, kHistory, -1, {36, 0.1}, "expected_order_value"},
      {kParameters, kHistory, kNaN, {36, 0.1}, "expected_order_value"},
      {kParameters, {2, 40, 30}, 35, {36, 0.1}, "last_purchase_weeks"},
      {{0, 1, 1, 1}, kHistory, 35, {36, 0.1}, "parameters"},
  };
  for (const auto& [parameters, history, value, horizon, says] : cases) {
    const absl::Status status =
        DiscountedLifetimeValue(kKind, parameters, history, value, horizon).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << says;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says));
  }
}

TEST(LifetimeValue, SaysSoWhenItCannotBeComputed) {
  EXPECT_EQ(
      DiscountedLifetimeValue(kKind, {1, 1e-9, 1, 1}, {0, 0, 0}, 35, {600, 0.1}).status().code(),
      absl::StatusCode::kOutOfRange);
}

TEST(LifetimeValue, WithoutDiscountItIsTheExpectedPurchasesTimesTheirValue) {
  // 36 mean months are 1095.75 days.
  EXPECT_NEAR(*DiscountedLifetimeValue(kKind, kParameters, kHistory, 35, {36, 0}),
              35 * ExpectedPurchases(kKind, kParameters, kHistory, 1095.75 / 7), 1e-9);
}

TEST(LifetimeValue, EachMonthIsDiscountedFromItsEnd) {
  const double first = ExpectedPurchases(kKind, kParameters, kHistory, 30.4375 / 7);
  const double both = ExpectedPurchases(kKind, kParameters, kHistory, 60.875 / 7);
  const double monthly = std::pow(1.1, 1.0 / 12);
  EXPECT_NEAR(*DiscountedLifetimeValue(kKind, kParameters, kHistory, 35, {2, 0.1}),
              35 * (first / monthly + (both - first) / (monthly * monthly)), 1e-9);
}

TEST(LifetimeValue, GrowsWithTheHorizonAndFallsWithTheRate) {
  const auto value = [](int months, double rate) {
    return *DiscountedLifetimeValue(kKind, kParameters, kHistory, 35, {months, rate});
  };
  EXPECT_LT(value(12, 0.1), value(36, 0.1));
  EXPECT_LT(value(36, 0.2), value(36, 0.1));
}

}  // namespace
}  // namespace kam::domain
