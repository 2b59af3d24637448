// The models held to the figures published for the CDNOW data (see support/cdnow.h).
#include "support/cdnow.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "domain/criteria/lifetime/purchase_days.h"
#include "domain/criteria/lifetime/purchase_model.h"
#include "domain/criteria/lifetime/spend_model.h"
#include "gtest/gtest.h"

namespace kam::domain {
namespace {

constexpr double kHoldoutWeeks = 39;

// What one file says of its customers, weeks 1-39 and 40-78.
struct Portfolio {
  std::vector<PurchaseHistory> histories;
  std::vector<SpendHistory> spend;
  std::vector<double> holdout_purchases;
};

absl::StatusOr<Portfolio> ReadPortfolio(support::CdnowFile file) {
  const absl::StatusOr<std::vector<support::CdnowCustomer>> customers = support::ReadCdnow(file);
  if (!customers.ok()) return customers.status();
  Portfolio portfolio;
  for (const support::CdnowCustomer& customer : *customers) {
    const std::vector<int32_t> days = customer.DaysUntil(support::kCdnowCalibrationEnd);
    const absl::StatusOr<PurchaseHistory> history =
        HistoryFromPurchaseDays(days, support::kCdnowCalibrationEnd);
    if (!history.ok()) return history.status();
    double repeat_value = 0;
    for (size_t i = 1; i < days.size(); ++i) repeat_value += customer.purchases[i].value;
    const int64_t x = history->repeat_purchases;
    portfolio.histories.push_back(*history);
    portfolio.spend.push_back({x, x == 0 ? 0 : repeat_value / static_cast<double>(x)});
    portfolio.holdout_purchases.push_back(
        static_cast<double>(customer.DaysUntil(support::kCdnowHoldoutEnd).size() - days.size()));
  }
  return portfolio;
}

// The authors' summary, rounded to two decimals as they fitted it.
absl::StatusOr<Portfolio> ReadPublished() {
  const absl::StatusOr<std::vector<support::CdnowSummary>> summary = support::ReadCdnowSummary();
  if (!summary.ok()) return summary.status();
  Portfolio portfolio;
  for (const auto& [x, last, observed, mean_value] : *summary) {
    portfolio.histories.push_back({x, last, observed});
    portfolio.spend.push_back({x, mean_value});
  }
  return portfolio;
}

std::vector<double> Predict(const PurchaseFit& fit, const std::vector<PurchaseHistory>& histories) {
  std::vector<double> expected;
  for (const PurchaseHistory& history : histories) {
    expected.push_back(ExpectedPurchases(fit.kind, fit.parameters, history, kHoldoutWeeks));
  }
  return expected;
}

double Correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xy = 0, xx = 0, yy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

// The share of `outcomes` that belongs to the fifth of the customers (rounded down) with the
// highest scores; equal scores by id.
double CaptureByTopFifth(const std::vector<double>& scores, const std::vector<double>& outcomes) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  double captured = 0;
  for (size_t i = 0; i < scores.size() / 5; ++i) captured += outcomes[order[i]];
  return captured / std::accumulate(outcomes.begin(), outcomes.end(), 0.0);
}

TEST(Cdnow, HistoriesMadeFromPurchaseDaysAreTheAuthors) {
  const absl::StatusOr<Portfolio> ours = ReadPortfolio(support::CdnowFile::kSample);
  const absl::StatusOr<Portfolio> published = ReadPublished();
  ASSERT_TRUE(ours.ok()) << ours.status();
  ASSERT_TRUE(published.ok()) << published.status();
  ASSERT_EQ(ours->histories.size(), 2357u);
  ASSERT_EQ(published->histories.size(), 2357u);
  for (size_t i = 0; i < ours->histories.size(); ++i) {
    SCOPED_TRACE(::testing::Message() << "customer " << i + 1);
    EXPECT_EQ(ours->histories[i].repeat_purchases, published->histories[i].repeat_purchases);
    EXPECT_NEAR(ours->histories[i].last_purchase_weeks, published->histories[i].last_purchase_weeks,
                0.005);
    EXPECT_NEAR(ours->histories[i].observed_weeks, published->histories[i].observed_weeks, 0.005);
    EXPECT_NEAR(ours->spend[i].mean_value, published->spend[i].mean_value, 0.005 + 1e-9);
  }
}

TEST(Cdnow, BgNbdHasThePublishedParameters) {
  const absl::StatusOr<Portfolio> published = ReadPublished();
  ASSERT_TRUE(published.ok()) << published.status();
  const absl::StatusOr<PurchaseFit> fit =
      FitPurchaseModel(PurchaseModelKind::kBgNbd, published->histories);
  ASSERT_TRUE(fit.ok()) << fit.status();
  const auto& [r, alpha, a, b] = fit->parameters;
  EXPECT_NEAR(r, 0.2426, 0.00005);
  EXPECT_NEAR(alpha, 4.4135, 0.00005);
  EXPECT_NEAR(a, 0.7929, 0.00005);
  EXPECT_NEAR(b, 2.4258, 0.00005);
  EXPECT_NEAR(fit->evidence.log_likelihood, -9582.4256, 0.00005);
  EXPECT_EQ(fit->evidence.customers, 2357);
  EXPECT_EQ(fit->evidence.distinct_histories, 1016);
  EXPECT_TRUE(fit->evidence.converged) << fit->evidence.stop_reason;
  EXPECT_EQ(fit->evidence.stop_reason, "the maximum was found");
  EXPECT_LT(fit->evidence.iterations, 300);
}

TEST(Cdnow, BgNbdExpectsOfTheFirstCustomerWhatWasPublished) {
  const PurchaseParameters published{0.2426, 4.4135, 0.7929, 2.4258};
  const PurchaseHistory first{2, 30.43, 38.86};
  EXPECT_NEAR(ExpectedPurchases(PurchaseModelKind::kBgNbd, published, first, 39), 1.226, 0.0005);
  EXPECT_NEAR(ProbabilityAlive(PurchaseModelKind::kBgNbd, published, first), 0.7266, 0.00005);
}

TEST(Cdnow, GammaGammaHasThePublishedParameters) {
  const absl::StatusOr<Portfolio> published = ReadPublished();
  ASSERT_TRUE(published.ok()) << published.status();
  const absl::StatusOr<SpendFit> fit = FitSpendModel(published->spend);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_NEAR(fit->parameters.p, 6.25, 0.01);
  EXPECT_NEAR(fit->parameters.q, 3.74, 0.01);
  EXPECT_NEAR(fit->parameters.v, 15.44, 0.01);
  EXPECT_EQ(fit->evidence.customers, 946);
  EXPECT_EQ(fit->customers_left_out, 2357 - 946);
  EXPECT_TRUE(fit->evidence.converged) << fit->evidence.stop_reason;
}

TEST(Cdnow, HoldoutCorrelationIsThePublishedOne) {
  const absl::StatusOr<Portfolio> sample = ReadPortfolio(support::CdnowFile::kSample);
  ASSERT_TRUE(sample.ok()) << sample.status();
  const absl::StatusOr<PurchaseFit> fit =
      FitPurchaseModel(PurchaseModelKind::kBgNbd, sample->histories);
  ASSERT_TRUE(fit.ok()) << fit.status();
  const std::vector<double> expected = Predict(*fit, sample->histories);
  EXPECT_EQ(
      std::accumulate(sample->holdout_purchases.begin(), sample->holdout_purchases.end(), 0.0),
      1882);
  EXPECT_NEAR(Correlation(expected, sample->holdout_purchases), 0.626, 0.0005);
}

// The model does not beat the plain purchase rate x / T at finding the best customers here.
TEST(Cdnow, TopFifthByTheModelCapturesLessThanByPurchaseRate) {
  const absl::StatusOr<Portfolio> sample = ReadPortfolio(support::CdnowFile::kSample);
  ASSERT_TRUE(sample.ok()) << sample.status();
  const absl::StatusOr<PurchaseFit> fit =
      FitPurchaseModel(PurchaseModelKind::kBgNbd, sample->histories);
  ASSERT_TRUE(fit.ok()) << fit.status();
  std::vector<double> rates;
  for (const PurchaseHistory& history : sample->histories) {
    rates.push_back(static_cast<double>(history.repeat_purchases) / history.observed_weeks);
  }
  EXPECT_NEAR(CaptureByTopFifth(Predict(*fit, sample->histories), sample->holdout_purchases), 0.633,
              0.0005);
  EXPECT_NEAR(CaptureByTopFifth(rates, sample->holdout_purchases), 0.642, 0.0005);
}

// MBG/NBD fits this sample about as well (Batislam et al. 2007 find the same of their data).
TEST(Cdnow, MbgNbdFitsAsWellAndPredictsAsWell) {
  const absl::StatusOr<Portfolio> sample = ReadPortfolio(support::CdnowFile::kSample);
  ASSERT_TRUE(sample.ok()) << sample.status();
  const absl::StatusOr<PurchaseFit> fit =
      FitPurchaseModel(PurchaseModelKind::kMbgNbd, sample->histories);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_TRUE(fit->evidence.converged) << fit->evidence.stop_reason;
  EXPECT_GT(fit->evidence.log_likelihood, -9582.4256);
  EXPECT_GT(Correlation(Predict(*fit, sample->histories), sample->holdout_purchases), 0.626);
}

TEST(Cdnow, TheWholeCohortConverges) {
  const absl::StatusOr<Portfolio> master = ReadPortfolio(support::CdnowFile::kMaster);
  ASSERT_TRUE(master.ok()) << master.status();
  for (PurchaseModelKind kind : {PurchaseModelKind::kBgNbd, PurchaseModelKind::kMbgNbd}) {
    const absl::StatusOr<PurchaseFit> fit = FitPurchaseModel(kind, master->histories);
    ASSERT_TRUE(fit.ok()) << fit.status();
    EXPECT_EQ(fit->evidence.customers, 23570);
    EXPECT_TRUE(fit->evidence.converged) << fit->evidence.stop_reason;
    EXPECT_LT(fit->evidence.iterations, 300);
  }
  const absl::StatusOr<SpendFit> spend = FitSpendModel(master->spend);
  ASSERT_TRUE(spend.ok()) << spend.status();
  EXPECT_TRUE(spend->evidence.converged) << spend->evidence.stop_reason;
}

}  // namespace
}  // namespace kam::domain
