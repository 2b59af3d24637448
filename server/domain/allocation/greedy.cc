#include "domain/allocation/greedy.h"

#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_set.h"

namespace kam::domain {
namespace {

__extension__ using int128 = __int128;

// The position of each id among all, ascending: compares like the ids, but fast.
std::vector<int32_t> RanksOf(const std::vector<std::string>& ids) {
  std::vector<int32_t> order(ids.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return ids[a] < ids[b]; });
  std::vector<int32_t> ranks(ids.size());
  for (size_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = rank;
  return ranks;
}

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

std::vector<int32_t> BestFirst(const AllocationProblem& problem) {
  const std::vector<int32_t> account_ranks = RanksOf(problem.accounts);
  std::vector<std::string> benefit_ids;
  for (const BenefitOption& benefit : problem.benefits) benefit_ids.push_back(benefit.id);
  const std::vector<int32_t> benefit_ranks = RanksOf(benefit_ids);

  std::vector<int32_t> order(problem.candidates.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int32_t left, int32_t right) {
    const Candidate& a = problem.candidates[left];
    const Candidate& b = problem.candidates[right];
    const Ratio ratio_a(a);
    const Ratio ratio_b(b);
    if (ratio_a > ratio_b) return true;
    if (ratio_b > ratio_a) return false;
    if (a.account != b.account) return account_ranks[a.account] < account_ranks[b.account];
    return benefit_ranks[a.benefit] < benefit_ranks[b.benefit];
  });
  return order;
}

// What is left while candidates are taken one after the other.
class Room {
 public:
  explicit Room(const AllocationProblem& problem) : problem_(problem) {
    for (const BudgetRoom& budget : problem.budgets) {
      available_.push_back(budget.available);
      seats_.push_back(budget.seats);
      taken_.push_back(budget.taken_by_account);
    }
    for (const HeldBenefit& held : problem.held) {
      held_.insert({held.account_id, held.benefit_id});
      if (!held.stacking_group.empty()) groups_.insert({held.account_id, held.stacking_group});
    }
  }

  // Takes the candidate if everything allows it.
  AllocationDecision Take(const Candidate& candidate) {
    const std::string& account = problem_.accounts[candidate.account];
    const BenefitOption& benefit = problem_.benefits[candidate.benefit];
    if (candidate.value < candidate.cost) return AllocationDecision::kNotWorthwhile;
    if (held_.contains({account, benefit.id})) return AllocationDecision::kAlreadyEntitled;
    if (!benefit.stacking_group.empty() && groups_.contains({account, benefit.stacking_group})) {
      return AllocationDecision::kStackingGroupTaken;
    }
    if (benefit.budget >= 0) {
      const AllocationDecision paid = Pay(benefit.budget, account, candidate);
      if (paid != AllocationDecision::kGranted) return paid;
    }
    if (!benefit.stacking_group.empty()) groups_.insert({account, benefit.stacking_group});
    return AllocationDecision::kGranted;
  }

 private:
  AllocationDecision Pay(int budget, const std::string& account, const Candidate& candidate) {
    const std::optional<int64_t>& account_limit = problem_.budgets[budget].account_limit;
    if (account_limit) {
      const auto taken = taken_[budget].find(account);
      const int64_t before = taken == taken_[budget].end() ? 0 : taken->second;
      if (candidate.cost > *account_limit - before) return AllocationDecision::kAccountLimit;
    }
    if (candidate.cost > available_[budget]) return AllocationDecision::kBudgetExhausted;
    if (seats_[budget] && candidate.seats > *seats_[budget]) {
      return AllocationDecision::kSeatsExhausted;
    }
    available_[budget] -= candidate.cost;
    if (seats_[budget]) *seats_[budget] -= candidate.seats;
    if (account_limit) taken_[budget][account] += candidate.cost;
    return AllocationDecision::kGranted;
  }

  using AccountAnd = std::pair<std::string, std::string>;  // benefit or stacking group

  const AllocationProblem& problem_;
  std::vector<int64_t> available_;
  std::vector<std::optional<int64_t>> seats_;
  std::vector<absl::flat_hash_map<std::string, int64_t>> taken_;
  absl::flat_hash_set<AccountAnd> held_;
  absl::flat_hash_set<AccountAnd> groups_;
};

}  // namespace

std::vector<std::pair<int32_t, AllocationDecision>> AllocateGreedily(
    const AllocationProblem& problem) {
  Room room(problem);
  std::vector<std::pair<int32_t, AllocationDecision>> decisions;
  decisions.reserve(problem.candidates.size());
  for (const int32_t index : BestFirst(problem)) {
    decisions.emplace_back(index, room.Take(problem.candidates[index]));
  }
  return decisions;
}

}  // namespace kam::domain
