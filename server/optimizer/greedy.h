#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

// Greedy allocation: pairs of an account and a benefit in falling order of value per cost, each
// taken while its budget, seats, group and limit per account allow (Dantzig's rule for the knapsack
// problem: G. B. Dantzig, Discrete-Variable Extremum Problems, Operations Research 5, 1957). It
// knows numbers, not accounts: everything is named by its index, and indexes are the order of ties.
// No clock, no store, no rounding: the same problem gives the same result, in whatever order its
// candidates are listed.
namespace kam::optimizer {

// What a budget can still give; amounts are minor units of one currency.
struct BudgetRoom {
  int64_t available = 0;
  std::optional<int64_t> seats;          // left; nothing: no limit
  std::optional<int64_t> account_limit;  // most that one account may take in all
  // By account: what it has taken of `account_limit` before.
  absl::flat_hash_map<int32_t, int64_t> taken_by_account;
};

// A benefit to be allocated.
struct BenefitOption {
  int32_t group = -1;   // an account gets at most one of a group; -1: of none
  int32_t budget = -1;  // index into `budgets`; -1: costs nothing
};

// A pair that may be taken.
struct Candidate {
  int32_t account = 0;
  int32_t benefit = 0;  // index into `benefits`
  int64_t cost = 0;     // 0 or more
  int64_t value = 0;    // 0 or more
  int64_t seats = 0;    // 0 or more
};

// What an account holds already.
struct HeldBenefit {
  int32_t account = 0;
  int32_t benefit = -1;  // -1: one that is not to be allocated
  int32_t group = -1;
};

struct AllocationProblem {
  std::vector<BenefitOption> benefits;
  std::vector<BudgetRoom> budgets;
  std::vector<Candidate> candidates;  // distinct pairs
  std::vector<HeldBenefit> held;
};

// What became of a candidate, and if it was not taken, the first thing that stood in the way.
enum class Outcome {
  kTaken = 1,
  kBudgetExhausted = 2,
  kSeatsExhausted = 3,
  kAccountLimit = 4,
  kGroupTaken = 5,
  kHeld = 6,
  kNotWorthwhile = 7,  // brings less than it costs
};

// The outcome of each candidate, best value per cost first (free ones before all, then ties by
// account and benefit): index into `candidates`, outcome.
std::vector<std::pair<int32_t, Outcome>> AllocateGreedily(const AllocationProblem& problem);

}  // namespace kam::optimizer
