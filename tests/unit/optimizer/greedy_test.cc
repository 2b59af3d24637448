#include "optimizer/greedy.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kam::optimizer {
namespace {

using ::testing::ElementsAre;
using D = Outcome;

// Account, benefit and decision, in the order of the plan.
using Taken = std::vector<std::tuple<int, int, D>>;

Taken Allocate(const AllocationProblem& problem) {
  Taken outcomes;
  for (const auto& [index, decision] : AllocateGreedily(problem)) {
    const Candidate& candidate = problem.candidates[index];
    outcomes.emplace_back(candidate.account, candidate.benefit, decision);
  }
  return outcomes;
}

TEST(GreedyTest, NothingToAllocate) { EXPECT_TRUE(Allocate({}).empty()); }

TEST(GreedyTest, BestValuePerCostFirstUntilTheMoneyIsUsedUp) {
  const AllocationProblem problem = {.benefits = {{.budget = 0}},
                                     .budgets = {{.available = 100}},
                                     .candidates = {{.account = 0, .cost = 60, .value = 90},
                                                    {.account = 1, .cost = 60, .value = 120},
                                                    {.account = 2, .cost = 40, .value = 50}}};
  EXPECT_THAT(Allocate(problem),
              ElementsAre(std::tuple(1, 0, D::kTaken), std::tuple(0, 0, D::kBudgetExhausted),
                          std::tuple(2, 0, D::kTaken)));
}

TEST(GreedyTest, FreeOnesFirstAndTiesByAccountThenBenefit) {
  const AllocationProblem problem = {
      .benefits = {{}, {}},
      .candidates = {{.account = 1, .benefit = 1, .cost = 1, .value = 9},
                     {.account = 1, .benefit = 0, .value = 1},
                     {.account = 0, .benefit = 1, .value = 1},
                     {.account = 0, .benefit = 0, .value = 5}}};
  EXPECT_THAT(Allocate(problem),
              ElementsAre(std::tuple(0, 0, D::kTaken), std::tuple(0, 1, D::kTaken),
                          std::tuple(1, 0, D::kTaken), std::tuple(1, 1, D::kTaken)));
}

TEST(GreedyTest, WhatBringsLessThanItCostsIsNotWorthwhile) {
  const AllocationProblem problem = {.benefits = {{.budget = 0}},
                                     .budgets = {{.available = 1000}},
                                     .candidates = {{.account = 0, .cost = 10, .value = 9},
                                                    {.account = 1, .cost = 10, .value = 10},
                                                    {.account = 2, .cost = 0, .value = 0}}};
  EXPECT_THAT(Allocate(problem),
              ElementsAre(std::tuple(1, 0, D::kTaken), std::tuple(2, 0, D::kTaken),
                          std::tuple(0, 0, D::kNotWorthwhile)));
}

TEST(GreedyTest, ComparesHugeAmountsExactly) {
  // 2^62 ÷ (2^62 − 1) against (2^62 − 1) ÷ (2^62 − 2): equal as doubles, the second is greater.
  const int64_t big = int64_t{1} << 62;
  const AllocationProblem problem = {
      .benefits = {{.budget = 0}},
      .budgets = {{.available = big}},
      .candidates = {{.account = 0, .cost = big - 1, .value = big},
                     {.account = 1, .cost = big - 2, .value = big - 1}}};
  EXPECT_THAT(Allocate(problem),
              ElementsAre(std::tuple(1, 0, D::kTaken), std::tuple(0, 0, D::kBudgetExhausted)));
}

TEST(GreedyTest, OneOfAGroupAndNoneThatIsHeld) {
  constexpr int32_t kClub = 7;
  const AllocationProblem problem = {
      .benefits = {{.group = kClub}, {.group = kClub}, {}},
      .candidates = {{.account = 0, .benefit = 0, .value = 2},
                     {.account = 0, .benefit = 1, .cost = 1, .value = 1},
                     {.account = 0, .benefit = 2, .cost = 1, .value = 1},
                     {.account = 1, .benefit = 0, .cost = 1, .value = 1}},
      .held = {{.account = 0, .benefit = 2}, {.account = 1, .group = kClub}}};
  EXPECT_THAT(Allocate(problem),
              ElementsAre(std::tuple(0, 0, D::kTaken), std::tuple(0, 1, D::kGroupTaken),
                          std::tuple(0, 2, D::kHeld), std::tuple(1, 0, D::kGroupTaken)));
}

TEST(GreedyTest, SeatsAndTheLimitPerAccount) {
  const AllocationProblem problem = {
      .benefits = {{.budget = 0}, {.budget = 0}},
      .budgets =
          {{.available = 1000, .seats = 3, .account_limit = 50, .taken_by_account = {{1, 31}}}},
      .candidates = {{.account = 0, .benefit = 0, .cost = 30, .value = 300, .seats = 2},
                     {.account = 0, .benefit = 1, .cost = 21, .value = 200, .seats = 1},
                     {.account = 1, .benefit = 0, .cost = 20, .value = 100, .seats = 1},
                     {.account = 2, .benefit = 0, .cost = 50, .value = 60, .seats = 2},
                     {.account = 2, .benefit = 1, .cost = 50, .value = 55, .seats = 1}}};
  EXPECT_THAT(Allocate(problem),
              ElementsAre(std::tuple(0, 0, D::kTaken), std::tuple(0, 1, D::kAccountLimit),
                          std::tuple(1, 0, D::kAccountLimit), std::tuple(2, 0, D::kSeatsExhausted),
                          std::tuple(2, 1, D::kTaken)));
}

// Random problems; the limits are small, so that each of them binds.
class GreedyPropertyTest : public ::testing::Test {
 protected:
  GreedyPropertyTest() : seed_(Seed()), random_(seed_) {
    std::cout << "seed " << seed_ << " (KAM_TEST_SEED repeats it)" << std::endl;
  }

  static uint64_t Seed() {
    const char* seed = std::getenv("KAM_TEST_SEED");
    return seed != nullptr ? std::strtoull(seed, nullptr, 10) : std::random_device()();
  }

  int64_t Int(int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(random_);
  }

  AllocationProblem Make() {
    AllocationProblem problem;
    for (int i = 0; i < 3; ++i) {
      BudgetRoom room = {.available = Int(0, 600)};
      if (Int(0, 1) == 1) room.seats = Int(0, 12);
      if (Int(0, 1) == 1) room.account_limit = Int(1, 60);
      if (room.account_limit) room.taken_by_account[3] = Int(0, *room.account_limit);
      problem.budgets.push_back(room);
    }
    for (int i = 0; i < 6; ++i) {
      problem.benefits.push_back(
          {.group = i % 3 == 0 ? -1 : i % 3, .budget = static_cast<int32_t>(Int(-1, 2))});
    }
    for (int32_t account = 0; account < 20; ++account) {
      for (int32_t benefit = 0; benefit < 6; ++benefit) {
        if (Int(0, 3) == 0) continue;
        const bool is_free = problem.benefits[benefit].budget < 0;
        problem.candidates.push_back({.account = account,
                                      .benefit = benefit,
                                      .cost = is_free ? 0 : Int(0, 30),
                                      .value = Int(0, 40),
                                      .seats = Int(0, 2)});
      }
    }
    for (int i = 0; i < 5; ++i) {
      const auto benefit = static_cast<int32_t>(Int(0, 5));
      problem.held.push_back({.account = static_cast<int32_t>(Int(0, 19)),
                              .benefit = benefit,
                              .group = problem.benefits[benefit].group});
    }
    return problem;
  }

  // The same problem with what has no order in another one.
  AllocationProblem Shuffle(AllocationProblem problem) {
    std::shuffle(problem.candidates.begin(), problem.candidates.end(), random_);
    std::shuffle(problem.held.begin(), problem.held.end(), random_);
    return problem;
  }

  // No limit is passed, counted anew from the grants alone.
  void ExpectWithinLimits(const AllocationProblem& problem) {
    std::map<int, int64_t> money, seats;
    std::map<std::pair<int, int>, int64_t> by_account;
    std::set<std::pair<int, int>> groups, pairs;
    for (size_t i = 0; i < problem.budgets.size(); ++i) {
      for (const auto& [account, taken] : problem.budgets[i].taken_by_account) {
        by_account[{i, account}] = taken;
      }
    }
    for (const HeldBenefit& held : problem.held) {
      pairs.insert({held.account, held.benefit});
      if (held.group >= 0) groups.insert({held.account, held.group});
    }
    const auto decisions = AllocateGreedily(problem);
    ASSERT_EQ(decisions.size(), problem.candidates.size());
    for (const auto& [index, decision] : decisions) {
      if (decision != D::kTaken) continue;
      const Candidate& candidate = problem.candidates[index];
      const BenefitOption& benefit = problem.benefits[candidate.benefit];
      const int account = candidate.account;
      EXPECT_GE(candidate.value, candidate.cost);
      EXPECT_TRUE(pairs.insert({account, candidate.benefit}).second) << account;
      if (benefit.group >= 0) {
        EXPECT_TRUE(groups.insert({account, benefit.group}).second);
      }
      if (benefit.budget < 0) continue;
      money[benefit.budget] += candidate.cost;
      seats[benefit.budget] += candidate.seats;
      by_account[{benefit.budget, account}] += candidate.cost;
    }
    for (size_t i = 0; i < problem.budgets.size(); ++i) {
      const BudgetRoom& room = problem.budgets[i];
      EXPECT_LE(money[i], room.available);
      EXPECT_LE(seats[i], room.seats.value_or(INT64_MAX));
      if (!room.account_limit) continue;
      for (int account = 0; account < 20; ++account) {
        EXPECT_LE((by_account[{i, account}]), *room.account_limit);
      }
    }
  }

  const uint64_t seed_;
  std::mt19937_64 random_;
};

TEST_F(GreedyPropertyTest, NoLimitIsEverPassed) {
  for (int i = 0; i < 500 && !HasFailure(); ++i) ExpectWithinLimits(Make());
}

TEST_F(GreedyPropertyTest, TheOrderOfTheInputDoesNotMatter) {
  for (int i = 0; i < 200 && !HasFailure(); ++i) {
    const AllocationProblem problem = Make();
    EXPECT_EQ(Allocate(problem), Allocate(Shuffle(problem)));
  }
}

TEST_F(GreedyPropertyTest, EveryLimitBindsSomewhere) {
  std::set<D> seen;
  for (int i = 0; i < 200; ++i) {
    for (const auto& [index, decision] : AllocateGreedily(Make())) seen.insert(decision);
  }
  EXPECT_EQ(seen.size(), 7u);
}

}  // namespace
}  // namespace kam::optimizer
