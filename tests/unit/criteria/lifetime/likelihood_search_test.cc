#include "domain/criteria/lifetime/likelihood_search.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kam::domain {
namespace {

using ::testing::HasSubstr;

const std::vector<ParameterRange> kRanges = {{"first", 1e-3, 1e3}, {"second", 1e-3, 1e3}};
const std::vector<std::vector<double>> kStarts = {{1, 1}, {50, 0.02}};

// Rosenbrock's curved ridge over the logarithms; the maximum, -1, is at (e, e).
double CurvedRidge(absl::Span<const double> at, absl::Span<double> gradient) {
  const double u = std::log(at[0]), v = std::log(at[1]);
  gradient[0] = (2 * (1 - u) + 400 * u * (v - u * u)) / at[0];
  gradient[1] = -200 * (v - u * u) / at[1];
  return -1 - (1 - u) * (1 - u) - 100 * (v - u * u) * (v - u * u);
}

TEST(LikelihoodSearch, RefusesNoStartAndStartsOutsideTheRanges) {
  const std::vector<std::vector<double>> cases[] = {
      {}, {{1}}, {{1, 1}, {1, 2000}}, {{0, 1}}, {{1, std::numeric_limits<double>::quiet_NaN()}}};
  for (const std::vector<std::vector<double>>& starts : cases) {
    EXPECT_EQ(MaximizeLikelihood(CurvedRidge, kRanges, starts).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(LikelihoodSearch, FindsTheTopOfACurvedRidge) {
  const absl::StatusOr<LikelihoodMaximum> top = MaximizeLikelihood(CurvedRidge, kRanges, kStarts);
  ASSERT_TRUE(top.ok()) << top.status();
  EXPECT_TRUE(top->converged) << top->stop_reason;
  EXPECT_NEAR(top->parameters[0], std::exp(1), 1e-5);
  EXPECT_NEAR(top->parameters[1], std::exp(1), 1e-5);
  EXPECT_NEAR(top->log_likelihood, -1, 1e-10);
  EXPECT_GT(top->evaluations, 0);
}

TEST(LikelihoodSearch, ReturnsTheHigherOfTwoTops) {
  // Tops at ln = -3 (height 1) and ln = 3 (height 2); either start alone finds the nearer.
  const auto two_tops = [](absl::Span<const double> at, absl::Span<double> gradient) {
    const double u = std::log(at[0]), v = std::log(at[1]);
    const double low = std::exp(-(u + 3) * (u + 3)), high = 2 * std::exp(-(u - 3) * (u - 3));
    gradient[0] = (-2 * (u + 3) * low - 2 * (u - 3) * high) / at[0];
    gradient[1] = -2 * v / at[1];
    return low + high - v * v;
  };
  const double near_low = std::exp(-2.5), near_high = std::exp(2.5);
  const absl::StatusOr<LikelihoodMaximum> low =
      MaximizeLikelihood(two_tops, kRanges, {{near_low, 1}});
  const absl::StatusOr<LikelihoodMaximum> both =
      MaximizeLikelihood(two_tops, kRanges, {{near_low, 1}, {near_high, 1}});
  ASSERT_TRUE(low.ok() && both.ok());
  EXPECT_NEAR(low->log_likelihood, 1, 1e-9);
  EXPECT_NEAR(both->log_likelihood, 2, 1e-9);
  EXPECT_GT(both->evaluations, low->evaluations);
}

TEST(LikelihoodSearch, NamesTheParameterThatRanAway) {
  const auto rises_for_ever = [](absl::Span<const double> at, absl::Span<double> gradient) {
    gradient[0] = -2 * std::log(at[0]) / at[0];
    gradient[1] = 1 / at[1];
    return std::log(at[1]) - std::log(at[0]) * std::log(at[0]);
  };
  const absl::StatusOr<LikelihoodMaximum> end =
      MaximizeLikelihood(rises_for_ever, kRanges, kStarts);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_FALSE(end->converged);
  EXPECT_THAT(end->stop_reason, HasSubstr("parameter second reached the upper edge"));
}

TEST(LikelihoodSearch, AGradientThatContradictsTheValueIsNotConvergence) {
  const auto wrong = [](absl::Span<const double> at, absl::Span<double> gradient) {
    gradient[0] = 5;
    gradient[1] = 5;
    return -std::abs(std::log(at[0])) - std::abs(std::log(at[1]));
  };
  const absl::StatusOr<LikelihoodMaximum> end = MaximizeLikelihood(wrong, kRanges, kStarts);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_FALSE(end->converged);
  EXPECT_THAT(end->stop_reason, HasSubstr("slope"));
}

TEST(LikelihoodSearch, ALikelihoodThatIsNeverFiniteIsAnError) {
  const auto broken = [](absl::Span<const double>, absl::Span<double> gradient) {
    gradient[0] = gradient[1] = 0;
    return std::numeric_limits<double>::quiet_NaN();
  };
  EXPECT_EQ(MaximizeLikelihood(broken, kRanges, kStarts).status().code(),
            absl::StatusCode::kInternal);
}

TEST(LikelihoodSearch, WhatWasFoundBeforeTheLikelihoodBrokeIsKeptAndReported) {
  const auto breaks = [](absl::Span<const double> at, absl::Span<double> gradient) {
    gradient[0] = gradient[1] = 1;
    return at[0] > 2 ? std::numeric_limits<double>::infinity() : at[0] + at[1];
  };
  const absl::StatusOr<LikelihoodMaximum> end = MaximizeLikelihood(breaks, kRanges, {{1, 1}});
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_FALSE(end->converged);
  EXPECT_THAT(end->stop_reason, HasSubstr("not finite"));
}

}  // namespace
}  // namespace kam::domain
