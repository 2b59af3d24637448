#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <random>
#include <vector>

#include "domain/criteria/lifetime/purchase_model.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kam::domain {
namespace {

using ::testing::HasSubstr;

constexpr PurchaseModelKind kBoth[] = {PurchaseModelKind::kBgNbd, PurchaseModelKind::kMbgNbd};

struct SimulatedCustomer {
  PurchaseHistory history;
  bool alive;
  int64_t future_purchases;
};

// Customers who live as the model says, observed for 10 to 60 weeks and then for `future` more.
std::vector<SimulatedCustomer> Simulate(PurchaseModelKind kind, const PurchaseParameters& p,
                                        int customers, double future, std::mt19937_64& random) {
  std::gamma_distribution<double> rate_of(p.r, 1 / p.alpha);
  std::gamma_distribution<double> leave_part(p.a, 1), stay_part(p.b, 1);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<SimulatedCustomer> result;
  for (int i = 0; i < customers; ++i) {
    const double rate = rate_of(random);
    const double leave = leave_part(random);
    const double leaving = leave / (leave + stay_part(random));
    const double end = 10 + 50 * uniform(random);
    SimulatedCustomer customer{{0, 0, end}, true, 0};
    bool here = kind == PurchaseModelKind::kBgNbd || uniform(random) >= leaving;
    customer.alive = here;
    for (double now = 0; here;) {
      now -= std::log1p(-uniform(random)) / rate;
      if (!(now <= end + future)) break;
      here = uniform(random) >= leaving;
      if (now > end) {
        ++customer.future_purchases;
        continue;
      }
      ++customer.history.repeat_purchases;
      customer.history.last_purchase_weeks = now;
      customer.alive = here;
    }
    result.push_back(customer);
  }
  return result;
}

std::vector<PurchaseHistory> HistoriesOf(const std::vector<SimulatedCustomer>& customers) {
  std::vector<PurchaseHistory> histories;
  for (const SimulatedCustomer& customer : customers) histories.push_back(customer.history);
  return histories;
}

double TotalLogLikelihood(PurchaseModelKind kind, const PurchaseParameters& parameters,
                          const std::vector<PurchaseHistory>& histories) {
  double sum = 0;
  for (const PurchaseHistory& history : histories) sum += LogLikelihood(kind, parameters, history);
  return sum;
}

TEST(PurchaseModelFit, RefusesNoCustomersAndTooFew) {
  for (PurchaseModelKind kind : kBoth) {
    const absl::Status none = FitPurchaseModel(kind, {}).status();
    EXPECT_EQ(none.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(none.message()), HasSubstr("at least 30 customers, there are 0"));
    const std::vector<PurchaseHistory> few(kMinCustomersToFit - 1, PurchaseHistory{2, 10, 20});
    EXPECT_EQ(FitPurchaseModel(kind, few).status().code(), absl::StatusCode::kFailedPrecondition);
  }
}

TEST(PurchaseModelFit, RefusesAPortfolioWithoutRepeatPurchases) {
  const std::vector<PurchaseHistory> once(100, PurchaseHistory{0, 0, 20});
  const absl::Status status = FitPurchaseModel(PurchaseModelKind::kMbgNbd, once).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("none of the 100 customers"));
}

TEST(PurchaseModelFit, NamesTheFirstInvalidHistory) {
  std::vector<PurchaseHistory> histories(100, PurchaseHistory{2, 10, 20});
  histories[41].last_purchase_weeks = std::numeric_limits<double>::quiet_NaN();
  histories[42].repeat_purchases = -1;
  const absl::Status status = FitPurchaseModel(PurchaseModelKind::kBgNbd, histories).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("histories[41]: last_purchase_weeks"));
}

TEST(PurchaseModelFit, SaysSoWhenTheDataDoNotDetermineTheParameters) {
  // All alike: nothing tells one customer's rate from another's.
  const std::vector<PurchaseHistory> alike(100, PurchaseHistory{4, 18, 20});
  for (PurchaseModelKind kind : kBoth) {
    const absl::StatusOr<PurchaseFit> fit = FitPurchaseModel(kind, alike);
    ASSERT_TRUE(fit.ok()) << fit.status();
    EXPECT_FALSE(fit->evidence.converged);
    EXPECT_THAT(fit->evidence.stop_reason, HasSubstr("parameter r reached the upper edge"));
    EXPECT_EQ(fit->evidence.customers, 100);
    EXPECT_EQ(fit->evidence.distinct_histories, 1);
  }
}

TEST(PurchaseModelFit, RecoversTheModelItsDataCameFrom) {
  constexpr uint64_t kSeed = 20050401;
  constexpr int kCustomers = 20000;
  constexpr double kFuture = 39;
  std::cout << "seed " << kSeed << "\n";
  std::mt19937_64 random(kSeed);
  for (const PurchaseParameters& truth :
       {PurchaseParameters{0.5, 6, 0.9, 1.6}, PurchaseParameters{2, 10, 0.4, 3}}) {
    for (PurchaseModelKind kind : kBoth) {
      SCOPED_TRACE(::testing::Message() << "kind " << static_cast<int>(kind) << " r " << truth.r);
      const std::vector<SimulatedCustomer> customers =
          Simulate(kind, truth, kCustomers, kFuture, random);
      const std::vector<PurchaseHistory> histories = HistoriesOf(customers);
      const absl::StatusOr<PurchaseFit> fit = FitPurchaseModel(kind, histories);
      ASSERT_TRUE(fit.ok()) << fit.status();
      EXPECT_TRUE(fit->evidence.converged) << fit->evidence.stop_reason;
      EXPECT_NEAR(fit->parameters.r, truth.r, 0.1 * truth.r);
      EXPECT_NEAR(fit->parameters.alpha, truth.alpha, 0.1 * truth.alpha);
      EXPECT_NEAR(fit->parameters.a, truth.a, 0.2 * truth.a);
      EXPECT_NEAR(fit->parameters.b, truth.b, 0.2 * truth.b);

      // Twice the gain over the truth is χ² with 4 degrees of freedom: above 23.5 once in 10,000.
      const double found = TotalLogLikelihood(kind, fit->parameters, histories);
      EXPECT_NEAR(fit->evidence.log_likelihood, found, 1e-6);
      const double gain = found - TotalLogLikelihood(kind, truth, histories);
      EXPECT_GE(gain, 0);
      EXPECT_LT(2 * gain, 23.5);

      double alive = 0, expected_alive = 0, bought = 0, bought_squared = 0, expected = 0;
      for (const SimulatedCustomer& customer : customers) {
        const auto future = static_cast<double>(customer.future_purchases);
        alive += customer.alive ? 1 : 0;
        bought += future;
        bought_squared += future * future;
        expected_alive += ProbabilityAlive(kind, truth, customer.history);
        expected += ExpectedPurchases(kind, truth, customer.history, kFuture);
      }
      EXPECT_NEAR(alive, expected_alive, 4 * std::sqrt(kCustomers / 4.0));
      EXPECT_NEAR(bought, expected, 4 * std::sqrt(bought_squared));
    }
  }
}

TEST(PurchaseModelFit, TheOrderOfCustomersDoesNotMatter) {
  constexpr uint64_t kSeed = 7;
  std::cout << "seed " << kSeed << "\n";
  std::mt19937_64 random(kSeed);
  std::vector<PurchaseHistory> histories =
      HistoriesOf(Simulate(PurchaseModelKind::kMbgNbd, {0.5, 6, 0.9, 1.6}, 500, 0, random));
  const absl::StatusOr<PurchaseFit> first = FitPurchaseModel(PurchaseModelKind::kMbgNbd, histories);
  std::shuffle(histories.begin(), histories.end(), random);
  const absl::StatusOr<PurchaseFit> second =
      FitPurchaseModel(PurchaseModelKind::kMbgNbd, histories);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->evidence.log_likelihood, second->evidence.log_likelihood);
  EXPECT_EQ(first->evidence.iterations, second->evidence.iterations);
  EXPECT_EQ(first->parameters.r, second->parameters.r);
  EXPECT_EQ(first->parameters.b, second->parameters.b);
}

TEST(PurchaseModelFit, TheUnitOfTimeDoesNotMatter) {
  constexpr uint64_t kSeed = 11;
  std::cout << "seed " << kSeed << "\n";
  std::mt19937_64 random(kSeed);
  std::vector<PurchaseHistory> histories =
      HistoriesOf(Simulate(PurchaseModelKind::kBgNbd, {0.5, 6, 0.9, 1.6}, 2000, 0, random));
  const absl::StatusOr<PurchaseFit> weeks = FitPurchaseModel(PurchaseModelKind::kBgNbd, histories);
  for (PurchaseHistory& history : histories) {
    history.last_purchase_weeks *= 1000;
    history.observed_weeks *= 1000;
  }
  const absl::StatusOr<PurchaseFit> longer = FitPurchaseModel(PurchaseModelKind::kBgNbd, histories);
  ASSERT_TRUE(weeks.ok() && longer.ok());
  EXPECT_TRUE(weeks->evidence.converged && longer->evidence.converged);
  EXPECT_NEAR(longer->parameters.alpha, 1000 * weeks->parameters.alpha,
              0.1 * weeks->parameters.alpha);
  EXPECT_NEAR(longer->parameters.a, weeks->parameters.a, 1e-4);
}

}  // namespace
}  // namespace kam::domain
