#include "domain/criteria/lifetime/spend_model.h"

#include <cmath>
#include <iostream>
#include <limits>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kam::domain {
namespace {

using ::testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr SpendParameters kCdnow{6.25, 3.74, 15.44};

std::vector<SpendHistory> Simulate(const SpendParameters& p, int customers,
                                   std::mt19937_64& random) {
  std::gamma_distribution<double> rate_of(p.q, 1 / p.v);
  std::geometric_distribution<int64_t> extra(0.4);
  std::vector<SpendHistory> histories;
  for (int i = 0; i < customers; ++i) {
    const int64_t count = 1 + extra(random);
    std::gamma_distribution<double> value(p.p, 1 / rate_of(random));
    double sum = 0;
    for (int64_t j = 0; j < count; ++j) sum += value(random);
    histories.push_back({count, sum / static_cast<double>(count)});
  }
  return histories;
}

TEST(SpendHistory, InvalidOnesAreRefusedByName) {
  const struct {
    SpendHistory history;
    const char* says;
  } cases[] = {{{-1, 10}, "repeat_purchases is negative: -1"},
               {{1, -0.01}, "mean_value is not"},
               {{1, kNaN}, "mean_value is not"},
               {{0, kInfinity}, "mean_value is not"}};
  for (const auto& [history, says] : cases) {
    EXPECT_THAT(std::string(ValidateSpendHistory(history).message()), HasSubstr(says));
    EXPECT_TRUE(std::isnan(LogLikelihood(kCdnow, history)));
    EXPECT_EQ(ExpectedOrderValue(kCdnow, history).status().code(),
              absl::StatusCode::kInvalidArgument);
    std::vector<SpendHistory> histories(100, SpendHistory{1, 10});
    histories[7] = history;
    const absl::Status status = FitSpendModel(histories).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr("histories[7]: "));
  }
}

TEST(SpendModel, InvalidParametersAreRefused) {
  for (double bad : {0.0, -1.0, kNaN, kInfinity}) {
    for (const SpendParameters& parameters :
         {SpendParameters{bad, 2, 3}, SpendParameters{1, bad, 3}, SpendParameters{1, 2, bad}}) {
      EXPECT_EQ(ExpectedOrderValue(parameters, {1, 10}).status().code(),
                absl::StatusCode::kInvalidArgument);
      EXPECT_TRUE(std::isnan(LogLikelihood(parameters, {1, 10})));
    }
  }
}

TEST(SpendModel, AnInfiniteMeanIsAnErrorNotANumber) {
  const absl::Status status = ExpectedOrderValue({6, 1, 15}, {0, 0}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("infinite"));
  EXPECT_TRUE(ExpectedOrderValue({6, 1, 15}, {1, 10}).ok());
}

TEST(SpendModel, WithoutRepeatPurchasesThePopulationsMeanIsExpected) {
  EXPECT_NEAR(*ExpectedOrderValue(kCdnow, {0, 0}), 6.25 * 15.44 / 2.74, 1e-12);
}

TEST(SpendModel, EvidenceMovesTheExpectationFromThePopulationsMeanToTheCustomers) {
  double before = *ExpectedOrderValue(kCdnow, {0, 0});
  for (int64_t count : {1, 2, 10, 1000}) {
    const double now = *ExpectedOrderValue(kCdnow, {count, 100});
    EXPECT_GT(now, before);
    EXPECT_LT(now, 100);
    before = now;
  }
  EXPECT_NEAR(before, 100, 0.1);
}

TEST(SpendModel, AgreesWithItsDefinitionIntegratedNumerically) {
  constexpr double kStep = 0.01;
  for (const SpendHistory& history : {SpendHistory{1, 20}, SpendHistory{7, 73.74}}) {
    const auto& [p, q, v] = kCdnow;
    const auto x = static_cast<double>(history.repeat_purchases);
    const double shape = p * x;
    double density = 0, mean_times_density = 0;
    // ν = e^y; z̄ is Gamma(p x, ν x) and each purchase p / ν on average.
    for (double y = -30; y < 10; y += kStep) {
      const double rate = std::exp(y);
      const double log_prior = q * std::log(v) + q * y - v * rate - std::lgamma(q);
      const double log_mean = shape * std::log(rate * x) +
                              (shape - 1) * std::log(history.mean_value) -
                              rate * x * history.mean_value - std::lgamma(shape);
      density += std::exp(log_prior + log_mean) * kStep;
      mean_times_density += std::exp(log_prior + log_mean) * p / rate * kStep;
    }
    EXPECT_NEAR(LogLikelihood(kCdnow, history), std::log(density), 1e-10);
    EXPECT_NEAR(*ExpectedOrderValue(kCdnow, history), mean_times_density / density, 1e-8);
  }
}

TEST(SpendModelFit, NeedsEnoughCustomersWhoSpentSomething) {
  std::vector<SpendHistory> histories(kMinCustomersToFit - 1, SpendHistory{1, 10});
  histories.resize(200, SpendHistory{0, 0});
  histories.push_back({3, 0});
  const absl::Status status = FitSpendModel(histories).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("there are 29"));
  EXPECT_EQ(FitSpendModel({}).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(SpendModelFit, RecoversTheModelItsDataCameFromAndCountsWhomItLeftOut) {
  constexpr uint64_t kSeed = 2013;
  std::cout << "seed " << kSeed << "\n";
  std::mt19937_64 random(kSeed);
  std::vector<SpendHistory> histories = Simulate(kCdnow, 20000, random);
  const absl::StatusOr<SpendFit> fit = FitSpendModel(histories);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_TRUE(fit->evidence.converged) << fit->evidence.stop_reason;
  EXPECT_NEAR(fit->parameters.p, kCdnow.p, 0.1 * kCdnow.p);
  EXPECT_NEAR(fit->parameters.q, kCdnow.q, 0.1 * kCdnow.q);
  EXPECT_NEAR(fit->parameters.v, kCdnow.v, 0.1 * kCdnow.v);
  double found = 0, truth = 0;
  for (const SpendHistory& history : histories) {
    found += LogLikelihood(fit->parameters, history);
    truth += LogLikelihood(kCdnow, history);
  }
  EXPECT_NEAR(fit->evidence.log_likelihood, found, 1e-6);
  // χ² with 3 degrees of freedom: above 21.1 once in 10,000.
  EXPECT_GE(found, truth);
  EXPECT_LT(2 * (found - truth), 21.1);

  histories.insert(histories.begin(), {{0, 0}, {0, 12}, {4, 0}});
  const absl::StatusOr<SpendFit> with_others = FitSpendModel(histories);
  ASSERT_TRUE(with_others.ok()) << with_others.status();
  EXPECT_EQ(with_others->customers_left_out, 3);
  EXPECT_EQ(with_others->evidence.customers, 20000);
  EXPECT_EQ(with_others->parameters.p, fit->parameters.p);
}

TEST(SpendModelFit, TheUnitOfMoneyDoesNotMatter) {
  constexpr uint64_t kSeed = 3;
  std::cout << "seed " << kSeed << "\n";
  std::mt19937_64 random(kSeed);
  std::vector<SpendHistory> histories = Simulate(kCdnow, 1000, random);
  const absl::StatusOr<SpendFit> dollars = FitSpendModel(histories);
  for (SpendHistory& history : histories) history.mean_value *= 100;
  const absl::StatusOr<SpendFit> cents = FitSpendModel(histories);
  ASSERT_TRUE(dollars.ok() && cents.ok());
  EXPECT_TRUE(dollars->evidence.converged && cents->evidence.converged);
  EXPECT_NEAR(cents->parameters.p, dollars->parameters.p, 1e-3);
  EXPECT_NEAR(cents->parameters.v, 100 * dollars->parameters.v, 0.1);
}

TEST(SpendModelFit, SaysSoWhenTheDataDoNotDetermineTheParameters) {
  const std::vector<SpendHistory> alike(100, SpendHistory{3, 20});
  const absl::StatusOr<SpendFit> fit = FitSpendModel(alike);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_FALSE(fit->evidence.converged);
  EXPECT_THAT(fit->evidence.stop_reason, HasSubstr("edge of its range"));
}

}  // namespace
}  // namespace kam::domain
