#include "optimizer/greedy.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "absl/container/flat_hash_set.h"

namespace kam::optimizer {
namespace {

__extension__ using int128 = __int128;

// Value per cost as a fraction, compared exactly. What brings and costs nothing counts as 1 : 1.
struct Ratio {
  int64_t value;
  int64_t cost;

  explicit Ratio(const Candidate& candidate) : value(candidate.value), cost(candidate.cost) {
    if (value == 0 && cost == 0) value = cost = 1;
  }
  friend bool operator>(const Ratio& a, const Ratio& b) {
    return int128{a.value} * b.cost > int128{b.value} * a.cost;
  }
};

std::vector<int32_t> BestFirst(const std::vector<Candidate>& candidates) {
  std::vector<int32_t> order(candidates.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int32_t left, int32_t right) {
    const Candidate& a = candidates[left];
    const Candidate& b = candidates[right];
    const Ratio ratio_a(a);
    const Ratio ratio_b(b);
    if (ratio_a > ratio_b) return true;
    if (ratio_b > ratio_a) return false;
    return std::tie(a.account, a.benefit) < std::tie(b.account, b.benefit);
  });
  return order;
}

// What is left while candidates are taken one after the other.
class Room {
 public:
  explicit Room(const AllocationProblem& problem) : problem_(problem), budgets_(problem.budgets) {
    for (const HeldBenefit& held : problem.held) {
      held_.insert({held.account, held.benefit});
      if (held.group >= 0) groups_.insert({held.account, held.group});
    }
  }

  // Takes the candidate if everything allows it.
  Outcome Take(const Candidate& candidate) {
    const BenefitOption& benefit = problem_.benefits[candidate.benefit];
    if (candidate.value < candidate.cost) return Outcome::kNotWorthwhile;
    if (held_.contains({candidate.account, candidate.benefit})) return Outcome::kHeld;
    const bool grouped = benefit.group >= 0;
    if (grouped && groups_.contains({candidate.account, benefit.group})) {
      return Outcome::kGroupTaken;
    }
    if (benefit.budget >= 0) {
      const Outcome paid = Pay(budgets_[benefit.budget], candidate);
      if (paid != Outcome::kTaken) return paid;
    }
    if (grouped) groups_.insert({candidate.account, benefit.group});
    return Outcome::kTaken;
  }

 private:
  static Outcome Pay(BudgetRoom& budget, const Candidate& candidate) {
    if (budget.account_limit) {
      const auto taken = budget.taken_by_account.find(candidate.account);
      const int64_t before = taken == budget.taken_by_account.end() ? 0 : taken->second;
      if (candidate.cost > *budget.account_limit - before) return Outcome::kAccountLimit;
    }
    if (candidate.cost > budget.available) return Outcome::kBudgetExhausted;
    if (budget.seats && candidate.seats > *budget.seats) return Outcome::kSeatsExhausted;
    budget.available -= candidate.cost;
    if (budget.seats) *budget.seats -= candidate.seats;
    if (budget.account_limit) budget.taken_by_account[candidate.account] += candidate.cost;
    return Outcome::kTaken;
  }

  using AccountAnd = std::pair<int32_t, int32_t>;  // benefit or group

  const AllocationProblem& problem_;
  std::vector<BudgetRoom> budgets_;
  absl::flat_hash_set<AccountAnd> held_;
  absl::flat_hash_set<AccountAnd> groups_;
};

}  // namespace

std::vector<std::pair<int32_t, Outcome>> AllocateGreedily(const AllocationProblem& problem) {
  Room room(problem);
  std::vector<std::pair<int32_t, Outcome>> outcomes;
  outcomes.reserve(problem.candidates.size());
  for (const int32_t index : BestFirst(problem.candidates)) {
    outcomes.emplace_back(index, room.Take(problem.candidates[index]));
  }
  return outcomes;
}

}  // namespace kam::optimizer
