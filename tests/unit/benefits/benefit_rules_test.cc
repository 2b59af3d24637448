#include <string>
#include <vector>

#include "domain/benefits/budgets.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/grant_decisions.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/terms.h"

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

BenefitTerms Terms(const std::string& text) { return testing::FromText<BenefitTerms>(text); }

Benefit TenPercent() {
  Benefit benefit;
  benefit.id = "ten";
  benefit.terms = Terms(R"(
      discount { percent: 10 }
      cost { percent_of_revenue: 10 }
      value { revenue_uplift_percent: 12 })");
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
  benefit.terms = Terms(R"(
      discount {
        amount { minor: 100 currency: "EUR" }
        cap { minor: 500 currency: "USD" }
        minimum_order { minor: 900 currency: "JPY" }
      }
      cost { annual_capital_rate_percent: 5 }
      value { fixed { minor: 5 currency: "GBP" } }
      eligibility {
        tiers: [ TIER_KEY, TIER_GROWTH, TIER_KEY ]
        pareto_classes: [ PARETO_CLASS_A, PARETO_CLASS_A ]
        criteria_met: [ "a", "b", "a" ]
      })");
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
  benefit.terms = Terms(R"(
      credit_terms { extra_days: 30 limit_raise { minor: 100 currency: "USD" } }
      cost { per_order { minor: 100 currency: "USD" } }
      value { revenue_uplift_percent: 1 })");
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)),
              ElementsAre("benefit.cost.per_order.currency_code",
                          "benefit.credit_terms.limit_raise.currency_code"));
  // One that was found wrong before is passed over.
  benefit.terms.mutable_cost()->mutable_per_order()->clear_currency();
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)),
              ElementsAre("benefit.credit_terms.limit_raise.currency_code"));
}

TEST(BenefitRulesTest, OnlyAFixedCostOfNothingNeedsNoBudget) {
  Benefit benefit = TenPercent();
  benefit.budget_id = "";
  EXPECT_THAT(Fields(ViolationsOf(benefit, nullptr)), ElementsAre("benefit.budget"));
  benefit.terms.mutable_cost()->mutable_fixed()->set_minor(1);
  EXPECT_THAT(Fields(ViolationsOf(benefit, nullptr)), ElementsAre("benefit.budget"));
  benefit.terms.mutable_cost()->mutable_fixed()->set_minor(0);
  EXPECT_THAT(Fields(ViolationsOf(benefit, nullptr)), IsEmpty());
}

TEST(BenefitRulesTest, TheCapitalRateIsForExtraCreditDays) {
  const Budget budget = Euros();
  Benefit benefit = TenPercent();
  benefit.terms = Terms(R"(
      cost { annual_capital_rate_percent: 5 }
      value { revenue_uplift_percent: 1 }
      credit_terms { limit_raise { minor: 1 currency: "EUR" } })");
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)),
              ElementsAre("benefit.cost.annual_capital_rate_percent"));
  benefit.terms.mutable_credit_terms()->set_extra_days(1);
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)), IsEmpty());
  benefit.terms.mutable_credit_terms()->Clear();
  EXPECT_THAT(Fields(ViolationsOf(benefit, &budget)),
              ElementsAre("benefit.credit_terms", "benefit.cost.annual_capital_rate_percent"));
}

TEST(BenefitRulesTest, InstalmentsAreTwoToSixtyAndForInstalmentsOnly) {
  const Budget budget = Euros();
  Benefit benefit = TenPercent();
  const auto broken = [&](PaymentMode::Mode mode, int32_t instalments) {
    benefit.terms.mutable_payment_mode()->set_mode(mode);
    benefit.terms.mutable_payment_mode()->set_instalments(instalments);
    return !ViolationsOf(benefit, &budget).empty();
  };
  EXPECT_TRUE(broken(PaymentMode::MODE_INSTALMENTS, 0));
  EXPECT_TRUE(broken(PaymentMode::MODE_INSTALMENTS, 1));
  EXPECT_FALSE(broken(PaymentMode::MODE_INSTALMENTS, 2));
  EXPECT_FALSE(broken(PaymentMode::MODE_INSTALMENTS, 60));
  EXPECT_TRUE(broken(PaymentMode::MODE_INSTALMENTS, 61));
  EXPECT_TRUE(broken(PaymentMode::MODE_OPEN_ACCOUNT, 2));
  EXPECT_FALSE(broken(PaymentMode::MODE_CONSOLIDATED_INVOICE, 0));
}

TEST(GrantableTest, OnlyActiveUpcomingAndPaidFor) {
  const Budget budget = Euros();
  Benefit benefit = TenPercent();
  EXPECT_TRUE(CheckGrantable(benefit, &budget, kNow).ok());
  EXPECT_FALSE(CheckGrantable(benefit, &budget, kNow - absl::Microseconds(1)).ok());
  EXPECT_FALSE(CheckGrantable(benefit, &budget, budget.end_time).ok());
  benefit.terms.mutable_event()->mutable_start_time()->set_seconds(
      absl::ToUnixSeconds(kNow + absl::Hours(1)));
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
    const Entitlement* one = &held;
    return FindConflict({&one, 1}, benefit, kNow + from, kNow + until) != nullptr;
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
  held.state = EntitlementState::kRevoked;
  EXPECT_FALSE(conflicts(absl::ZeroDuration(), absl::Hours(1)));
}

}  // namespace
}  // namespace kam::domain
