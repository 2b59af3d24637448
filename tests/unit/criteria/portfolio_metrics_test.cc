#include "domain/criteria/portfolio_metrics.h"

#include <limits>

#include "gtest/gtest.h"
#include "model/error.h"

namespace kam::domain {
namespace {

constexpr MetricKey kShare{Metric::kRevenueShare, 12};
constexpr MetricKey kClass{Metric::kParetoClass, 12};

TEST(PortfolioMetricsTest, ClassesCutAtEightyAndNinetyFivePercent) {
  // Cumulated: 50, 80, 90, 96, 100. Two make 80 % exactly; the fourth is the one that passes 95 %.
  const PortfolioContext portfolio =
      *PortfolioContext::Of({{"a", 50}, {"b", 30}, {"c", 10}, {"d", 6}, {"e", 4}, {"f", 0}});
  EXPECT_EQ(portfolio.revenue_12m(), 100);
  EXPECT_EQ(portfolio.ParetoClassOf("a", 50), 1);
  EXPECT_EQ(portfolio.ParetoClassOf("b", 30), 1);
  EXPECT_EQ(portfolio.ParetoClassOf("c", 10), 2);
  EXPECT_EQ(portfolio.ParetoClassOf("d", 6), 2);
  EXPECT_EQ(portfolio.ParetoClassOf("e", 4), 3);
  EXPECT_EQ(portfolio.ParetoClassOf("f", 0), 3);
}

TEST(PortfolioMetricsTest, EqualRevenueIsCutByTheIdWhateverTheOrder) {
  for (const std::vector<AccountRevenue>& accounts :
       {std::vector<AccountRevenue>{{"a", 20}, {"b", 20}, {"c", 20}, {"d", 20}, {"e", 20}},
        std::vector<AccountRevenue>{{"e", 20}, {"c", 20}, {"d", 20}, {"b", 20}, {"a", 20}}}) {
    const PortfolioContext portfolio = *PortfolioContext::Of(accounts);
    EXPECT_EQ(portfolio.ParetoClassOf("d", 20), 1);
    EXPECT_EQ(portfolio.ParetoClassOf("e", 20), 2);
  }
}

TEST(PortfolioMetricsTest, OneAccountThatBringsAllIsA) {
  const PortfolioContext portfolio = *PortfolioContext::Of({{"a", 7}, {"b", 0}});
  EXPECT_EQ(portfolio.ParetoClassOf("a", 7), 1);
  EXPECT_EQ(portfolio.ParetoClassOf("b", 0), 3);
}

TEST(PortfolioMetricsTest, SharesAreOfTheWhole) {
  const PortfolioContext portfolio = *PortfolioContext::Of({{"a", 75}, {"b", 25}});
  EXPECT_EQ(MeasureInPortfolio(portfolio, "b", 25, 3, kShare).value, 0.25);
  EXPECT_EQ(MeasureInPortfolio(portfolio, "b", 0, 3, kShare).value, 0.0);
  EXPECT_EQ(MeasureInPortfolio(portfolio, "a", 75, 1, kClass).value, 1.0);
}

TEST(PortfolioMetricsTest, WhoNeverOrderedHasNeither) {
  const PortfolioContext portfolio = *PortfolioContext::Of({{"a", 75}});
  EXPECT_FALSE(MeasureInPortfolio(portfolio, "b", 0, 0, kShare).value.has_value());
  EXPECT_FALSE(MeasureInPortfolio(portfolio, "b", 0, 0, kClass).value.has_value());
}

TEST(PortfolioMetricsTest, APortfolioWithoutRevenueHasClassesButNoShares) {
  const PortfolioContext portfolio = *PortfolioContext::Of({{"a", 0}});
  EXPECT_FALSE(MeasureInPortfolio(portfolio, "a", 0, 1, kShare).value.has_value());
  EXPECT_EQ(MeasureInPortfolio(portfolio, "a", 0, 1, kClass).value, 3.0);
}

TEST(PortfolioMetricsTest, RefusesASumThatDoesNotFitButCutsLargeOnesRight) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  EXPECT_TRUE(HasReason(PortfolioContext::Of({{"a", most}, {"b", 1}}).status(),
                        ErrorReason::kAmountOverflow));
  const PortfolioContext portfolio = *PortfolioContext::Of({{"a", most - 1}, {"b", 1}});
  EXPECT_EQ(portfolio.ParetoClassOf("a", most - 1), 1);
  EXPECT_EQ(portfolio.ParetoClassOf("b", 1), 3);
}

}  // namespace
}  // namespace kam::domain
