#include <string>
#include <vector>

#include "domain/benefits/budgets.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/entitlements.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kam::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Budget Euros() {
  Budget budget;
  budget.id = "year";
  budget.currency = "EUR";
  budget.start_time = kNow;
  budget.end_time = kNow + absl::Hours(24);
  return budget;
}

Benefit TenPercent() {
  Benefit benefit;
  benefit.id = "ten";
  benefit.kind = Discount{.reduction = 10.0};
  benefit.cost = {.kind = CostModel::Kind::kPercentOfRevenue, .percent = 10};
  benefit.value = {.kind = ValueModel::Kind::kRevenueUplift, .percent = 12};
  benefit.validity_days = 365;
  benefit.budget_id = "year";
  benefit.state = BenefitState::kActive;
  return benefit;
}

std::vector<std::string> Fields(const std::vector<FieldViolation>& violations) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  return fields;
}

TEST(BenefitRulesTest, AGoodOneBreaksNone) {
  const Budget budget = Euros();
  EXPECT_THAT(Fields(ViolationsOf(TenPercent(), &budget)), IsEmpty());
}

TEST(BenefitRulesTest, EverythingWrongIsNamedAtOnce) {
  Benefit benefit = TenPercent();
  benefit.kind = Discount{
      .reduction = Money{100, "EUR"}, .cap = Money{500, "USD"}, .minimum_order = Money{900, "JPY"}};
  benefit.cost = {.kind = CostModel::Kind::kCapitalRate, .percent = 5};
  benefit.value = {.kind = ValueModel::Kind::kFixed, .amount = {5, "GBP"}};
  benefit.eligibility.tiers = {Tier::kKey, Tier::kGrowth, Tier::kKey};
  benefit.eligibility.pareto_classes = {1, 1};
  benefit.eligibility.criteria_met = {"a", "b", "a"};
  benefit.budget_id = "";
  EXPECT_THAT(
      Fields(ViolationsOf(benefit, nullptr)),
      ElementsAre("benefit.eligibility.tiers[2]", "benefit.eligibility.pareto_classes[1]",
                  "benefit.eligibility.criteria_met[2]", "benefit.budget",
                  "benefit.cost.annual_capital_rate_percent",
                  "benefit.discount.amount.currency_code", "benefit.discount.cap.currency_code",
                  "benefit.discount.minimum_order.currency_code"));
}

TEST(BenefitRulesTest, AmountsAreInTheBudgetsCurrency) {
  const Budget budget = Euros();
  Benefit benefit = TenPercent();
  benefit.kind = CreditTerms{.extra_days = 30, .limit_raise = Money{100, "USD"}};
  benefit.cost = {.kind = CostModel::Kind::kPerOrder, .amount = {100, "USD"}};
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)),
              ElementsAre("benefit.cost.per_order.currency_code",
                          "benefit.credit_terms.limit_raise.currency_code"));
  // One that was found wrong before is passed over.
  benefit.cost.amount.currency = "";
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)),
              ElementsAre("benefit.credit_terms.limit_raise.currency_code"));
}

TEST(BenefitRulesTest, OnlyAFixedCostOfNothingNeedsNoBudget) {
  Benefit benefit = TenPercent();
  benefit.budget_id = "";
  EXPECT_THAT(Fields(ViolationsOf(benefit, nullptr)), ElementsAre("benefit.budget"));
  benefit.cost = {.kind = CostModel::Kind::kFixed, .amount = {1, "EUR"}};
  EXPECT_THAT(Fields(ViolationsOf(benefit, nullptr)), ElementsAre("benefit.budget"));
  benefit.cost.amount.minor = 0;
  EXPECT_THAT(Fields(ViolationsOf(benefit, nullptr)), IsEmpty());
}

TEST(BenefitRulesTest, TheCapitalRateIsForExtraCreditDays) {
  const Budget budget = Euros();
  Benefit benefit = TenPercent();
  benefit.cost = {.kind = CostModel::Kind::kCapitalRate, .percent = 5};
  benefit.kind = CreditTerms{.limit_raise = Money{1, "EUR"}};
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)),
              ElementsAre("benefit.cost.annual_capital_rate_percent"));
  benefit.kind = CreditTerms{.extra_days = 1};
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)), IsEmpty());
  benefit.kind = CreditTerms{};
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)),
              ElementsAre("benefit.credit_terms", "benefit.cost.annual_capital_rate_percent"));
}

TEST(BenefitRulesTest, InstalmentsAreTwoToSixtyAndForInstalmentsOnly) {
  const Budget budget = Euros();
  Benefit benefit = TenPercent();
  const auto broken = [&](PaymentMode::Mode mode, int32_t instalments) {
    benefit.kind = PaymentMode{.mode = mode, .instalments = instalments};
    return !ViolationsOf(benefit, &budget).empty();
  };
  EXPECT_TRUE(broken(PaymentMode::Mode::kInstalments, 0));
  EXPECT_TRUE(broken(PaymentMode::Mode::kInstalments, 1));
  EXPECT_FALSE(broken(PaymentMode::Mode::kInstalments, 2));
  EXPECT_FALSE(broken(PaymentMode::Mode::kInstalments, 60));
  EXPECT_TRUE(broken(PaymentMode::Mode::kInstalments, 61));
  EXPECT_TRUE(broken(PaymentMode::Mode::kOpenAccount, 2));
  EXPECT_FALSE(broken(PaymentMode::Mode::kConsolidatedInvoice, 0));
}

TEST(GrantableTest, OnlyActiveUpcomingAndPaidFor) {
  const Budget budget = Euros();
  Benefit benefit = TenPercent();
  EXPECT_TRUE(CheckGrantable(benefit, &budget, kNow).ok());
  EXPECT_FALSE(CheckGrantable(benefit, &budget, kNow - absl::Microseconds(1)).ok());
  EXPECT_FALSE(CheckGrantable(benefit, &budget, budget.end_time).ok());
  benefit.kind = Event{.start_time = kNow + absl::Hours(1), .seats = 1};
  EXPECT_TRUE(CheckGrantable(benefit, &budget, kNow).ok());
  EXPECT_FALSE(CheckGrantable(benefit, &budget, kNow + absl::Hours(1)).ok());
  benefit.state = BenefitState::kRetired;
  EXPECT_TRUE(HasReason(CheckGrantable(benefit, &budget, kNow), ErrorReason::kWrongState));
  benefit.state = BenefitState::kDraft;
  EXPECT_TRUE(HasReason(CheckGrantable(benefit, &budget, kNow), ErrorReason::kWrongState));
}

TEST(BudgetRulesTest, EndsAfterItStarts) {
  Budget budget = Euros();
  EXPECT_THAT(Fields(ViolationsOf(budget)), IsEmpty());
  budget.end_time = budget.start_time;
  EXPECT_THAT(Fields(ViolationsOf(budget)), ElementsAre("budget.end_time"));
}

TEST(FindConflictTest, SameBenefitOrGroupAtACommonTime) {
  Benefit benefit = TenPercent();
  benefit.stacking_group = "prices";
  Entitlement held;
  held.benefit_id = "other";
  held.start_time = kNow;
  held.end_time = kNow + absl::Hours(10);
  const auto conflicts = [&](absl::Duration from, absl::Duration until) {
    return FindConflict({&held, 1}, benefit, kNow + from, kNow + until) != nullptr;
  };
  EXPECT_FALSE(conflicts(absl::ZeroDuration(), absl::Hours(1)));
  held.stacking_group = "prices";
  EXPECT_TRUE(conflicts(absl::ZeroDuration(), absl::Hours(1)));
  EXPECT_TRUE(conflicts(absl::Hours(9), absl::Hours(20)));
  EXPECT_FALSE(conflicts(absl::Hours(10), absl::Hours(20)));
  EXPECT_FALSE(conflicts(-absl::Hours(5), absl::ZeroDuration()));
  benefit.stacking_group = "";
  held.stacking_group = "";
  EXPECT_FALSE(conflicts(absl::ZeroDuration(), absl::Hours(1)));
  held.benefit_id = benefit.id;
  EXPECT_TRUE(conflicts(absl::ZeroDuration(), absl::Hours(1)));
}

}  // namespace
}  // namespace kam::domain
