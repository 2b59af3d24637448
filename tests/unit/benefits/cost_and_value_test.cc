#include "domain/benefits/cost_and_value.h"

#include "gtest/gtest.h"
#include "model/error.h"

namespace kam::domain {
namespace {

Benefit OfDays(int32_t days) {
  Benefit benefit;
  benefit.validity_days = days;
  benefit.kind = ClubMembership{.level = "gold", .seats = 2};
  benefit.cost.amount = {0, "EUR"};
  benefit.value.amount = {0, "EUR"};
  return benefit;
}

TEST(ExpectedCostTest, FixedIsTheSameForEveryAccount) {
  Benefit benefit = OfDays(30);
  benefit.cost = {.kind = CostModel::Kind::kFixed, .amount = {12345, "EUR"}};
  EXPECT_EQ(*ExpectedCost(benefit, {}), 12345);
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 1'000'000, .orders = 12}), 12345);
}

TEST(ExpectedCostTest, PercentOfTheRevenueOverTheValidity) {
  Benefit benefit = OfDays(73);  // a fifth of a year
  benefit.cost = {.kind = CostModel::Kind::kPercentOfRevenue, .percent = 5};
  // 100,000.00 a year: 20,000.00 in 73 days, 5 % of it.
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 10'000'000}), 100'000);
}

TEST(ExpectedCostTest, AnAmountForEveryExpectedOrder) {
  Benefit benefit = OfDays(365);
  benefit.cost = {.kind = CostModel::Kind::kPerOrder, .amount = {450, "EUR"}};
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 1, .orders = 10.5}), 4725);
  benefit.validity_days = 730;
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 1, .orders = 10.5}), 9450);
}

TEST(ExpectedCostTest, CostOfCapitalForTheExtraDays) {
  Benefit benefit = OfDays(365);
  benefit.kind = CreditTerms{.extra_days = 73};
  benefit.cost = {.kind = CostModel::Kind::kCapitalRate, .percent = 10};
  // 10 % a year of 1,000.00 for a fifth of a year.
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 100'000}), 2'000);
}

TEST(ExpectedCostTest, RoundsHalfToEven) {
  Benefit benefit = OfDays(365);
  benefit.cost = {.kind = CostModel::Kind::kPercentOfRevenue, .percent = 50};
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 5}), 2);   // 2.5
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 7}), 4);   // 3.5
  EXPECT_EQ(*ExpectedCost(benefit, {.revenue = 11}), 6);  // 5.5
}

TEST(ExpectedCostTest, RefusesWhatDoesNotFit) {
  Benefit benefit = OfDays(3650);
  benefit.cost = {.kind = CostModel::Kind::kPerOrder, .amount = {INT64_MAX, "EUR"}};
  const auto cost = ExpectedCost(benefit, {.revenue = 0, .orders = 100});
  EXPECT_TRUE(HasReason(cost.status(), ErrorReason::kAmountOverflow)) << cost.status();
}

TEST(ExpectedValueTest, FixedOrUpliftOfTheRevenue) {
  Benefit benefit = OfDays(146);  // two fifths of a year
  benefit.value = {.kind = ValueModel::Kind::kFixed, .amount = {7, "EUR"}};
  EXPECT_EQ(*ExpectedValue(benefit, {.revenue = 100}), 7);
  benefit.value = {.kind = ValueModel::Kind::kRevenueUplift, .percent = 3};
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
  EXPECT_EQ(SeatsOf(benefit), 2);
  benefit.kind = Event{.seats = 3};
  EXPECT_EQ(SeatsOf(benefit), 3);
  benefit.kind = DedicatedContact{.role = "support"};
  EXPECT_EQ(SeatsOf(benefit), 0);
}

}  // namespace
}  // namespace kam::domain
