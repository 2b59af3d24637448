#include "domain/benefits/cost_and_value.h"

#include "domain/benefits/terms.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/terms.h"

namespace kam::domain {
namespace {

using testing::FromText;

Benefit OfDays(int32_t days) {
  Benefit benefit;
  benefit.validity_days = days;
  benefit.terms = FromText<BenefitTerms>("club_membership { level: 'gold' seats: 2 }");
  return benefit;
}

TEST(ExpectedCostTest, FixedIsTheSameForEveryAccount) {
  Benefit benefit = OfDays(30);
  benefit.terms.mutable_cost()->mutable_fixed()->set_minor(12345);
  EXPECT_EQ(*ExpectedCost(benefit, {}), 12345);
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 1'000'000, .orders = 12}), 12345);
}

TEST(ExpectedCostTest, PercentOfTheRevenueOverTheValidity) {
  Benefit benefit = OfDays(73);  // a fifth of a year
  benefit.terms.mutable_cost()->set_percent_of_revenue(5);
  // 100,000.00 a year: 20,000.00 in 73 days, 5 % of it.
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 10'000'000}), 100'000);
}

TEST(ExpectedCostTest, AnAmountForEveryExpectedOrder) {
  Benefit benefit = OfDays(365);
  benefit.terms.mutable_cost()->mutable_per_order()->set_minor(450);
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 1, .orders = 10.5}), 4725);
  benefit.validity_days = 730;
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 1, .orders = 10.5}), 9450);
}

TEST(ExpectedCostTest, CostOfCapitalForTheExtraDays) {
  Benefit benefit = OfDays(365);
  benefit.terms.mutable_credit_terms()->set_extra_days(73);
  benefit.terms.mutable_cost()->set_annual_capital_rate_percent(10);
  // 10 % a year of 1,000.00 for a fifth of a year.
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 100'000}), 2'000);
}

TEST(ExpectedCostTest, RoundsHalfToEven) {
  Benefit benefit = OfDays(365);
  benefit.terms.mutable_cost()->set_percent_of_revenue(50);
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 5}), 2);   // 2.5
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 7}), 4);   // 3.5
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 11}), 6);  // 5.5
}

TEST(ExpectedCostTest, RefusesWhatDoesNotFit) {
  Benefit benefit = OfDays(3650);
  benefit.terms.mutable_cost()->mutable_per_order()->set_minor(INT64_MAX);
  const auto cost = ExpectedCost(benefit, {.revenue = 0, .orders = 100});
  EXPECT_TRUE(HasReason(cost.status(), ErrorReason::kAmountOverflow)) << cost.status();
}

TEST(ExpectedValueTest, FixedOrUpliftOfTheRevenue) {
  Benefit benefit = OfDays(146);  // two fifths of a year
  benefit.terms.mutable_value()->mutable_fixed()->set_minor(7);
  EXPECT_EQ(*ExpectedValue(benefit, {.revenue = 100}), 7);
  benefit.terms.mutable_value()->set_revenue_uplift_percent(3);
  EXPECT_EQ(*ExpectedValue(benefit, {.revenue = 1'000'000}), 12'000);
}

TEST(ExpectedYearTest, IsNeverNegative) {
  StoredAssessment assessment;
  assessment.expected_revenue_12m = -5;
  assessment.expected_orders_12m = -0.1;
  EXPECT_EQ(ExpectedYearOf(assessment).revenue, 0);
  EXPECT_EQ(ExpectedYearOf(assessment).orders, 0);
}

TEST(SeatsTest, AreThoseOfClubsAndEvents) {
  Benefit benefit = OfDays(1);
  EXPECT_EQ(SeatsOf(benefit.terms), 2);
  benefit.terms.mutable_event()->set_seats(3);
  EXPECT_EQ(SeatsOf(benefit.terms), 3);
  benefit.terms.mutable_dedicated_contact()->set_role("support");
  EXPECT_EQ(SeatsOf(benefit.terms), 0);
}

}  // namespace
}  // namespace kam::domain
