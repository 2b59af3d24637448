#include "domain/criteria/lifetime/purchase_model.h"

#include <cmath>
#include <limits>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kam::domain {
namespace {

using ::testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr PurchaseModelKind kBoth[] = {PurchaseModelKind::kBgNbd, PurchaseModelKind::kMbgNbd};
constexpr PurchaseParameters kCdnow{0.2426, 4.4135, 0.7929, 2.4258};

// ∫ f(y) dy by the trapezoid rule, which converges geometrically for these integrands.
template <typename Function>
double Integrate(double from, double to, double step, Function f) {
  double sum = 0;
  const auto steps = static_cast<int64_t>(std::lround((to - from) / step));
  for (int64_t i = 0; i <= steps; ++i) sum += f(from + static_cast<double>(i) * step);
  return sum * step;
}

// The model by its definition: the customer's own λ and p integrated out numerically.
struct Definition {
  double alive;      // ∫∫ likelihood of the history with the customer alive at T
  double left;       // ∫∫ likelihood of the history with the customer gone after t_x
  double purchases;  // ∫∫ the first times the purchases expected of a living customer
};

Definition IntegrateDefinition(PurchaseModelKind kind, const PurchaseParameters& parameters,
                               const PurchaseHistory& history, double weeks) {
  const auto& [r, alpha, a, b] = parameters;
  const auto x = static_cast<double>(history.repeat_purchases);
  const double stayed = kind == PurchaseModelKind::kBgNbd ? x : x + 1;
  const double log_constant =
      r * std::log(alpha) - std::lgamma(r) + std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b);
  constexpr double kStep = 0.1;
  // λ = e^y, p = 1 / (1 + e^-z).
  struct Leaving {
    double chance, alive, left;
  };
  std::vector<Leaving> leavings;
  for (double z = -70; z < 70; z += kStep) {
    const double log_leave = -std::log1p(std::exp(-z));
    const double log_stay = -std::log1p(std::exp(z));
    leavings.push_back(
        {std::exp(log_leave), std::exp(a * log_leave + (b + stayed) * log_stay),
         stayed == 0 ? 0 : std::exp((a + 1) * log_leave + (b + stayed - 1) * log_stay)});
  }
  Definition total{0, 0, 0};
  for (double y = -160; y < 8; y += kStep) {
    const double rate = std::exp(y);
    const double alive = std::exp((r + x) * y - rate * (alpha + history.observed_weeks));
    const double left = std::exp((r + x) * y - rate * (alpha + history.last_purchase_weeks));
    if (left == 0) continue;
    for (const Leaving& leaving : leavings) {
      total.alive += alive * leaving.alive;
      total.left += left * leaving.left;
      total.purchases +=
          alive * leaving.alive * -std::expm1(-rate * leaving.chance * weeks) / leaving.chance;
    }
  }
  const double constant = std::exp(log_constant) * kStep * kStep;
  return {total.alive * constant, total.left * constant, total.purchases * constant};
}

// E[purchases | alive] with λ integrated out by hand, p numerically; for extreme values.
double IntegrateWhenAlive(double shape, double scale, double a, double b) {
  const double log_constant = std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b);
  return Integrate(-700, 400, 0.01, [&](double z) {
    const double log_leave = z > 0 ? -std::log1p(std::exp(-z)) : z - std::log1p(std::exp(z));
    const double log_stay = log_leave - z;
    const double leave = std::exp(log_leave);
    const double density = std::exp(log_constant + a * log_leave + b * log_stay);
    return density == 0 ? 0 : density * -std::expm1(-shape * std::log1p(leave * scale)) / leave;
  });
}

TEST(PurchaseHistory, InvalidOnesAreRefusedByName) {
  const struct {
    PurchaseHistory history;
    const char* says;
  } cases[] = {
      {{-1, 0, 10}, "repeat_purchases is negative: -1"},
      {{1, -2, 10}, "last_purchase_weeks is not"},
      {{1, kNaN, 10}, "last_purchase_weeks is not"},
      {{1, kInfinity, kInfinity}, "last_purchase_weeks is not"},
      {{0, 0, -1}, "observed_weeks is not"},
      {{0, 0, kNaN}, "observed_weeks is not"},
      {{0, 0, kInfinity}, "observed_weeks is not"},
      {{1, 11, 10}, "last_purchase_weeks 11 is after the end of observed_weeks 10"},
      {{0, 5, 10}, "repeat_purchases 0 contradicts last_purchase_weeks 5"},
      {{3, 0, 10}, "repeat_purchases 3 contradicts last_purchase_weeks 0"},
  };
  for (const auto& [history, says] : cases) {
    const absl::Status status = ValidatePurchaseHistory(history);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << says;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says));
    for (PurchaseModelKind kind : kBoth) {
      EXPECT_TRUE(std::isnan(LogLikelihood(kind, kCdnow, history))) << says;
      EXPECT_TRUE(std::isnan(ProbabilityAlive(kind, kCdnow, history))) << says;
      EXPECT_TRUE(std::isnan(ExpectedPurchases(kind, kCdnow, history, 10))) << says;
    }
  }
}

TEST(PurchaseModel, InvalidParametersAndTimesGiveNaN) {
  const PurchaseHistory history{2, 10, 20};
  for (double bad : {0.0, -1.0, kNaN, kInfinity}) {
    for (const PurchaseParameters& parameters :
         {PurchaseParameters{bad, 1, 1, 1}, PurchaseParameters{1, bad, 1, 1},
          PurchaseParameters{1, 1, bad, 1}, PurchaseParameters{1, 1, 1, bad}}) {
      EXPECT_TRUE(std::isnan(LogLikelihood(PurchaseModelKind::kMbgNbd, parameters, history)));
      EXPECT_TRUE(std::isnan(ProbabilityAlive(PurchaseModelKind::kMbgNbd, parameters, history)));
      EXPECT_TRUE(
          std::isnan(ExpectedPurchases(PurchaseModelKind::kMbgNbd, parameters, history, 1)));
    }
  }
  for (double weeks : {-1.0, kNaN, kInfinity}) {
    EXPECT_TRUE(std::isnan(ExpectedPurchases(PurchaseModelKind::kBgNbd, kCdnow, history, weeks)));
  }
}

TEST(PurchaseModel, AgreesWithItsDefinitionIntegratedNumerically) {
  const PurchaseParameters parameters[] = {
      kCdnow, {0.5248, 6.183, 0.8914, 1.614}, {2, 10, 1, 0.5}, {1, 1, 3, 2}};
  const PurchaseHistory histories[] = {{0, 0, 38.86}, {2, 30.43, 38.86}, {40, 50, 52}, {1, 1, 300}};
  for (PurchaseModelKind kind : kBoth) {
    for (const PurchaseParameters& p : parameters) {
      for (const PurchaseHistory& history : histories) {
        SCOPED_TRACE(::testing::Message() << "kind " << static_cast<int>(kind) << " r " << p.r
                                          << " x " << history.repeat_purchases);
        const Definition is = IntegrateDefinition(kind, p, history, 39);
        const double likelihood = is.alive + is.left;
        EXPECT_NEAR(LogLikelihood(kind, p, history), std::log(likelihood), 1e-10);
        EXPECT_NEAR(ProbabilityAlive(kind, p, history), is.alive / likelihood, 1e-10);
        const double expected = is.purchases / likelihood;
        EXPECT_NEAR(ExpectedPurchases(kind, p, history, 39), expected, 1e-10 * expected);
      }
    }
  }
}

TEST(PurchaseModel, ExpectationHoldsForExtremeValues) {
  const struct {
    PurchaseParameters parameters;
    PurchaseHistory history;
    double weeks;
  } cases[] = {
      {{0.24, 4.4, 1, 2.4}, {3, 20, 30}, 39},             // a = 1, where the 2F1 form divides by 0
      {{0.24, 4.4, 1 + 1e-12, 2.4}, {3, 20, 30}, 39},     // and beside it
      {{0.24, 4.4, 0.8, 2.4}, {3, 20, 30}, 1e-6},         // a moment
      {{0.24, 4.4, 0.8, 2.4}, {0, 0, 0}, 5200},           // a century after the first purchase
      {{0.24, 0.01, 0.8, 2.4}, {0, 0, 0}, 156},           // hardly any prior time
      {{0.24, 4.4, 0.8, 2.4}, {5000, 999, 1000}, 156},    // many purchases
      {{0.24, 4.4, 0.8, 2.4}, {20000, 999, 1000}, 5200},  // and very many
      {{5000, 4000, 30, 800}, {12, 9, 10}, 52},           // customers much alike
      {{0.5, 2, 0.05, 1}, {12, 9, 10}, 52},               // who hardly ever leave
      {{0.5, 2, 50, 0.01}, {12, 9, 10}, 52},              // or soon
  };
  for (const auto& [p, history, weeks] : cases) {
    SCOPED_TRACE(::testing::Message() << "x " << history.repeat_purchases << " weeks " << weeks);
    const auto x = static_cast<double>(history.repeat_purchases);
    const double when_alive =
        IntegrateWhenAlive(p.r + x, weeks / (p.alpha + history.observed_weeks), p.a, p.b + x + 1);
    const double expected = when_alive * ProbabilityAlive(PurchaseModelKind::kMbgNbd, p, history);
    EXPECT_NEAR(ExpectedPurchases(PurchaseModelKind::kMbgNbd, p, history, weeks), expected,
                1e-9 * expected);
  }
}

TEST(PurchaseModel, ExpectationBeyondComputationIsNaN) {
  EXPECT_TRUE(
      std::isnan(ExpectedPurchases(PurchaseModelKind::kBgNbd, {1, 1, 1, 1}, {1000, 1, 1}, 1e9)));
}

TEST(PurchaseModel, BgNbdIsCertainThatOneTimeBuyersAreAlive) {
  for (double observed : {0.0, 1.0, 38.86, 1e4}) {
    EXPECT_EQ(ProbabilityAlive(PurchaseModelKind::kBgNbd, kCdnow, {0, 0, observed}), 1);
  }
}

TEST(PurchaseModel, BgNbdLikelihoodOfOneTimeBuyersIsThatOfNoPurchases) {
  const auto& [r, alpha, a, b] = kCdnow;
  EXPECT_NEAR(LogLikelihood(PurchaseModelKind::kBgNbd, kCdnow, {0, 0, 38.86}),
              r * std::log(alpha / (alpha + 38.86)), 1e-14);
}

TEST(PurchaseModel, MbgNbdDoubtsOneTimeBuyersTheMoreTheLongerTheyAreSilent) {
  const auto& [r, alpha, a, b] = kCdnow;
  // At once: the mean chance to stay.
  EXPECT_NEAR(ProbabilityAlive(PurchaseModelKind::kMbgNbd, kCdnow, {0, 0, 0}), b / (a + b), 1e-15);
  double before = 1;
  for (double observed : {0.0, 1.0, 38.86, 1e4}) {
    const double alive = ProbabilityAlive(PurchaseModelKind::kMbgNbd, kCdnow, {0, 0, observed});
    EXPECT_LT(alive, before);
    before = alive;
  }
}

TEST(PurchaseModel, MbgNbdLikelihoodOfOneTimeBuyersIsGoneOrSilent) {
  const auto& [r, alpha, a, b] = kCdnow;
  const double silent = std::pow(alpha / (alpha + 38.86), r);
  EXPECT_NEAR(LogLikelihood(PurchaseModelKind::kMbgNbd, kCdnow, {0, 0, 38.86}),
              std::log((a + b * silent) / (a + b)), 1e-14);
}

TEST(PurchaseModel, SilenceAfterManyPurchasesMeansTheCustomerLeft) {
  for (PurchaseModelKind kind : kBoth) {
    EXPECT_GT(ProbabilityAlive(kind, kCdnow, {100000, 9999.9, 10000}), 0.9);
    EXPECT_EQ(ProbabilityAlive(kind, kCdnow, {100000, 10, 10000}), 0);
    EXPECT_EQ(ExpectedPurchases(kind, kCdnow, {100000, 10, 10000}, 39), 0);
    EXPECT_TRUE(std::isfinite(LogLikelihood(kind, kCdnow, {100000, 10, 10000})));
  }
}

TEST(PurchaseModel, NoTimeNoPurchases) {
  for (PurchaseModelKind kind : kBoth) {
    EXPECT_EQ(ExpectedPurchases(kind, kCdnow, {2, 30.43, 38.86}, 0), 0);
  }
}

}  // namespace
}  // namespace kam::domain
