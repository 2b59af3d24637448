#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/allocation/plan.h"

// Greedy allocation: the pairs of account and benefit in falling order of value per cost, each
// taken while its budget, seats, stacking group and limit per account allow (Dantzig's rule for the
// knapsack problem). No clock, no store, no rounding: the same input gives the same result, in
// whatever order its parts are listed.
namespace kam::domain {

// What a budget can still give; amounts are minor units of the plan's currency.
struct BudgetRoom {
  int64_t available = 0;
  std::optional<int64_t> seats;          // left; nothing: no limit
  std::optional<int64_t> account_limit;  // most that one account may take in all
  // By account id: what it has taken of `account_limit` before.
  absl::flat_hash_map<std::string, int64_t> taken_by_account;
};

// A benefit to be allocated.
struct BenefitOption {
  std::string id;
  std::string stacking_group;  // or empty
  int budget = -1;             // index into `budgets`; -1: costs nothing
};

// A pair that is eligible.
struct Candidate {
  int32_t account = 0;  // index into `accounts`
  int32_t benefit = 0;  // index into `benefits`
  int64_t cost = 0;     // 0 or more
  int64_t value = 0;    // 0 or more
  int64_t seats = 0;    // 0 or more
};

// What an account holds already.
struct HeldBenefit {
  std::string account_id;
  std::string benefit_id;
  std::string stacking_group;  // or empty
};

struct AllocationProblem {
  std::vector<std::string> accounts;  // distinct ids
  std::vector<BenefitOption> benefits;
  std::vector<BudgetRoom> budgets;
  std::vector<Candidate> candidates;  // distinct pairs
  std::vector<HeldBenefit> held;
};

// The decision for each candidate, best value per cost first (free ones before all, then ties by
// account id and benefit id): index into `candidates`, decision.
std::vector<std::pair<int32_t, AllocationDecision>> AllocateGreedily(
    const AllocationProblem& problem);

}  // namespace kam::domain
