#include "domain/criteria/default_scorecard.h"

#include <cmath>
#include <vector>

#include "domain/criteria/lifetime_fit.h"
#include "domain/criteria/portfolio_run.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/criteria/metric_catalogue.h"
#include "support/cdnow.h"

namespace kam::domain {
namespace {

// Consumers of records: small amounts, no discounts, nothing declared.
std::vector<AccountHistory> CdnowHistories() {
  const auto customers = support::ReadCdnow(support::CdnowFile::kMaster);
  EXPECT_TRUE(customers.ok()) << customers.status();
  std::vector<AccountHistory> histories;
  if (!customers.ok()) return histories;
  for (const support::CdnowCustomer& customer : *customers) {
    AccountHistory& history = histories.emplace_back();
    history.account_id = customer.id;
    history.currency = "USD";
    for (const support::CdnowPurchase& purchase : customer.purchases) {
      const int64_t cents = std::llround(purchase.value * 100);
      history.days.push_back(
          {.day = purchase.day, .orders = 1, .full_price_orders = 1, .net = cents, .list = cents});
    }
  }
  return histories;
}

TEST(DefaultScorecardTest, DoesNotDependOnTheCurrency) {
  const ScorecardDefinition definition = DefaultScorecard();
  ASSERT_EQ(definition.criteria_size(), 7);
  // A budget counts by being there: its curve is level from one unit on.
  for (const Criterion& criterion : definition.criteria()) {
    for (const MetricRule& rule : criterion.metrics()) {
      if (Describe(KeyOf(rule).metric).unit != "currency") continue;
      EXPECT_EQ(KeyOf(rule).metric, Metric::kMarketingBudget);
      EXPECT_LE(rule.curve(rule.curve_size() - 1).value(), 1);
    }
  }
}

TEST(DefaultScorecardTest, FindsTheFewThatMatterAmongCdnowsCustomers) {
  const std::vector<AccountHistory> histories = CdnowHistories();
  ASSERT_EQ(histories.size(), 23'570u);
  const int32_t as_of_day = support::kCdnowHoldoutEnd + 1;
  std::vector<LifetimeEvidence> customers;
  for (const AccountHistory& history : histories) {
    customers.push_back(*LifetimeEvidenceOf(history, as_of_day));
  }
  LifetimeModel model;
  const absl::Status fitted = FitLifetimeModel(customers, model);
  ASSERT_TRUE(fitted.ok()) << fitted;

  const ScorecardDefinition definition = DefaultScorecard();
  const CriteriaSettings settings;
  PortfolioRun run(definition, &model, as_of_day, settings);
  for (const AccountHistory& history : histories) {
    const absl::Status added = run.Add(history);
    ASSERT_TRUE(added.ok()) << added;
  }
  const absl::StatusOr<PortfolioResult> result = run.Finish({});
  ASSERT_TRUE(result.ok()) << result.status();
  constexpr auto kKey = static_cast<size_t>(Tier::kKey);
  constexpr auto kStrategic = static_cast<size_t>(Tier::kStrategic);
  EXPECT_GT(result->tiers.accounts[kStrategic], 3);
  EXPECT_LT(result->tiers.accounts[kStrategic], 50);
  EXPECT_GT(result->tiers.accounts[kKey], 50);
  EXPECT_LT(result->tiers.accounts[kKey], 900);
  // About 2 % of the customers bring more than a tenth of the revenue.
  EXPECT_GT(10 * (result->tiers.revenue_12m[kKey] + result->tiers.revenue_12m[kStrategic]),
            result->revenue_12m);
  // The best one leads, and ranks have no gaps.
  std::vector<bool> ranks(result->assessments.size() + 1);
  for (const StoredAssessment& assessment : result->assessments) {
    ASSERT_FALSE(ranks[assessment.rank]);
    ranks[assessment.rank] = true;
    if (assessment.rank == 1) {
      EXPECT_EQ(assessment.tier, Tier::kStrategic);
    }
  }
}

}  // namespace
}  // namespace kam::domain
