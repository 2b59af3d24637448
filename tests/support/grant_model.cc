#include "support/grant_model.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "model/error.h"
#include "support/benefits.h"

namespace kam::testing {
namespace {

constexpr int kAccounts = 12;
constexpr int kBenefits = 8;
constexpr int kBudgets = 3;

std::string Reason(ErrorReason reason) { return absl::StrCat(static_cast<int>(reason)); }

int64_t SeatsOf(const Benefit& benefit) { return benefit.terms.club_membership().seats(); }

}  // namespace

GrantModel::GrantModel(uint64_t seed) : random_(seed), now_(TestNow()) {
  for (int i = 0; i < kBudgets; ++i) {
    Budget budget = MakeBudget(absl::StrCat("budget-", i), Int(500, 5000));
    if (OneIn(2)) budget.seat_limit = Int(2, 30);
    if (OneIn(2)) budget.account_limit = Int(200, 1500);
    budget.start_time = now_ - absl::Hours(1);
    budget.end_time = now_ + absl::Hours(24 * Int(20, 400));
    limits_.push_back(budget.limit);
    seat_limits_.push_back(budget.seat_limit);
    lines_.push_back(1);
    budgets_.push_back(std::move(budget));
  }
  for (int i = 0; i < kBenefits; ++i) {
    const bool is_free = i == 0;
    Benefit benefit =
        MakeBenefit(absl::StrCat("benefit-", i), is_free ? "" : budgets_[i % kBudgets].id,
                    is_free ? 0 : Int(0, 300));
    if (i % 3 == 1) benefit.terms.mutable_cost()->set_percent_of_revenue(Int(1, 20));
    if (OneIn(2)) benefit.terms.mutable_club_membership()->set_seats(Int(1, 4));
    if (OneIn(2)) benefit.stacking_group = absl::StrCat("group-", i % 2);
    if (OneIn(3)) benefit.terms.mutable_eligibility()->add_tiers(stored::v1::Eligibility::TIER_KEY);
    benefit.validity_days = static_cast<int32_t>(Int(1, 60));
    benefits_.push_back(std::move(benefit));
  }
  for (int i = 0; i < kAccounts; ++i) {
    ModelAccount account = {.id = absl::StrCat("account-", i),
                            .assessment = MakeAssessment(absl::StrCat("account-", i))};
    account.assessment.evaluation_id = "v1";
    account.assessment.expected_revenue_12m = Int(0, 100'000);
    if (i == 0) account.currency = "JPY";
    accounts_.push_back(std::move(account));
  }
}

int64_t GrantModel::Int(int64_t from, int64_t to) {
  return std::uniform_int_distribution<int64_t>(from, to)(random_);
}

GrantStep GrantModel::Draw() {
  using Kind = GrantStep::Kind;
  GrantStep step;
  const int64_t dice = Int(1, 100);
  step.account = OneIn(40) ? -1 : static_cast<int>(Int(0, kAccounts - 1));
  step.benefit = OneIn(40) ? -1 : static_cast<int>(Int(0, kBenefits - 1));
  step.budget = static_cast<int>(Int(0, kBudgets - 1));
  if (dice <= 60) {
    step.kind = Kind::kGrant;
    if (OneIn(4)) step.start = absl::Hours(Int(0, 24 * 60));
    if (OneIn(50)) step.start = OneIn(2) ? -absl::Seconds(1) : absl::Hours(24 * 4000);
  } else if (dice <= 80) {
    step.kind = Kind::kRevoke;
    const auto last = static_cast<int64_t>(grants_.size()) - 1;
    step.grant =
        OneIn(30) || last < 0 ? -1 : static_cast<int>(Int(std::max<int64_t>(0, last - 60), last));
    if (OneIn(3)) step.etag = OneIn(2) ? "v1" : "v2";
  } else if (dice <= 90) {
    step.kind = Kind::kTimePasses;
    step.pause = OneIn(10) ? -absl::Hours(1) : absl::Minutes(Int(0, 60 * 24 * 3));
  } else if (dice <= 95) {
    step.kind = Kind::kAdjust;
    step.amount = Int(-500, 1000);
    if (seat_limits_[step.budget]) step.seats = Int(-2, 4);
    if (step.amount == 0) step.amount = 1;
  } else if (dice <= 96) {
    step.kind = Kind::kRetire;
    step.benefit = static_cast<int>(Int(0, kBenefits - 1));
    // Most stay to be granted.
    if (!OneIn(10)) step.kind = Kind::kTimePasses;
  } else if (dice <= 98) {
    step.kind = Kind::kDelete;
    step.account = static_cast<int>(Int(0, kAccounts - 1));
  } else {
    step.kind = Kind::kNewTier;
    step.account = static_cast<int>(Int(0, kAccounts - 1));
    step.tier = OneIn(3) ? Tier::kGrowth : Tier::kKey;
  }
  return step;
}

std::string GrantModel::Apply(const GrantStep& step) {
  switch (step.kind) {
    case GrantStep::Kind::kGrant:
      return Grant(step);
    case GrantStep::Kind::kRevoke:
      return Revoke(step);
    case GrantStep::Kind::kAdjust:
      return Adjust(step);
    case GrantStep::Kind::kTimePasses:
      now_ += step.pause;
      break;
    case GrantStep::Kind::kRetire:
      if (benefits_[step.benefit].state != BenefitState::kActive) {
        return Reason(ErrorReason::kWrongState);
      }
      benefits_[step.benefit].state = BenefitState::kRetired;
      break;
    case GrantStep::Kind::kDelete:
      accounts_[step.account].deleted = !accounts_[step.account].deleted;
      break;
    case GrantStep::Kind::kNewTier:
      accounts_[step.account].assessment.tier = step.tier;
      break;
  }
  return "done";
}

int GrantModel::BudgetOf(int benefit) const {
  for (int i = 0; i < kBudgets; ++i) {
    if (budgets_[i].id == benefits_[benefit].budget_id) return i;
  }
  return -1;
}

int64_t GrantModel::Reserved(int budget, int account) const {
  int64_t sum = 0;
  for (const ModelGrant& grant : grants_) {
    const bool counts = !grant.revoked && (account < 0 || grant.account == account);
    if (counts && BudgetOf(grant.benefit) == budget) sum += grant.cost;
  }
  return sum;
}

int64_t GrantModel::Seats(int budget) const {
  int64_t sum = 0;
  for (const ModelGrant& grant : grants_) {
    if (!grant.revoked && BudgetOf(grant.benefit) == budget) {
      sum += SeatsOf(benefits_[grant.benefit]);
    }
  }
  return sum;
}

std::string GrantModel::Grant(const GrantStep& step) {
  const absl::Time start = now_ + step.start.value_or(absl::ZeroDuration());
  if (step.start && (start < now_ || start > now_ + absl::Hours(24 * 3650))) {
    return Reason(ErrorReason::kInvalidFields);
  }
  if (step.account < 0) return Reason(ErrorReason::kResourceNotFound);
  const ModelAccount& account = accounts_[step.account];
  if (account.deleted) return Reason(ErrorReason::kResourceDeleted);
  if (step.benefit < 0) return Reason(ErrorReason::kResourceNotFound);
  const Benefit& benefit = benefits_[step.benefit];
  const int budget = BudgetOf(step.benefit);
  if (benefit.state != BenefitState::kActive) return Reason(ErrorReason::kWrongState);
  if (budget >= 0 && (now_ < budgets_[budget].start_time || now_ >= budgets_[budget].end_time)) {
    return Reason(ErrorReason::kWrongState);
  }
  if (!benefit.terms.eligibility().tiers().empty() && account.assessment.tier != Tier::kKey) {
    return Reason(ErrorReason::kNotEligible);
  }
  const absl::Time end = start + absl::Hours(24) * benefit.validity_days;
  for (const ModelGrant& other : grants_) {
    if (other.account != step.account || other.revoked) continue;
    const std::string& group = benefits_[other.benefit].stacking_group;
    const bool same =
        other.benefit == step.benefit || (!group.empty() && group == benefit.stacking_group);
    const bool apart = other.end_time <= start || end <= other.start_time;
    if (same && !apart) return Reason(ErrorReason::kAlreadyEntitled);
  }
  if (account.currency != "EUR") return Reason(ErrorReason::kFxRateMissing);
  // To the nearest even minor unit, as lrint rounds.
  const CostModel& model = benefit.terms.cost();
  const int64_t cost =
      model.has_fixed()
          ? model.fixed().minor()
          : std::lrint(static_cast<double>(account.assessment.expected_revenue_12m) *
                       benefit.validity_days / 365.0 * model.percent_of_revenue() / 100.0);
  if (budget >= 0) {
    const std::optional<int64_t>& account_limit = budgets_[budget].account_limit;
    if (account_limit && Reserved(budget, step.account) + cost > *account_limit) {
      return Reason(ErrorReason::kAccountLimitExceeded);
    }
    if (Reserved(budget, -1) + cost > limits_[budget]) return Reason(ErrorReason::kBudgetExceeded);
    if (seat_limits_[budget] && Seats(budget) + SeatsOf(benefit) > *seat_limits_[budget]) {
      return Reason(ErrorReason::kSeatsExceeded);
    }
    ++lines_[budget];
  }
  grants_.push_back({.account = step.account,
                     .benefit = step.benefit,
                     .start_time = start,
                     .end_time = end,
                     .cost = cost});
  return "granted";
}

std::string GrantModel::Revoke(const GrantStep& step) {
  if (step.grant < 0) return Reason(ErrorReason::kResourceNotFound);
  ModelGrant& grant = grants_[step.grant];
  const std::string etag = grant.revoked ? "v2" : "v1";
  if (!step.etag.empty() && step.etag != etag) return Reason(ErrorReason::kEtagMismatch);
  if (grant.revoked || grant.end_time <= now_) return Reason(ErrorReason::kWrongState);
  grant.revoked = true;
  if (const int budget = BudgetOf(grant.benefit); budget >= 0) ++lines_[budget];
  return "revoked";
}

std::string GrantModel::Adjust(const GrantStep& step) {
  const int budget = step.budget;
  if (limits_[budget] + step.amount < Reserved(budget, -1)) {
    return Reason(ErrorReason::kBudgetExceeded);
  }
  if (seat_limits_[budget] && *seat_limits_[budget] + step.seats < Seats(budget)) {
    return Reason(ErrorReason::kSeatsExceeded);
  }
  limits_[budget] += step.amount;
  if (seat_limits_[budget]) *seat_limits_[budget] += step.seats;
  ++lines_[budget];
  return "done";
}

std::string GrantModel::BalanceOf(int budget) const {
  return absl::StrCat(limits_[budget], " ", seat_limits_[budget].value_or(-1), " ",
                      Reserved(budget, -1), " ", Seats(budget));
}

uint64_t PrintedSeed() {
  const char* given = std::getenv("KAM_TEST_SEED");
  const uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "seed " << seed << " (KAM_TEST_SEED repeats it)" << std::endl;
  return seed;
}

}  // namespace kam::testing
