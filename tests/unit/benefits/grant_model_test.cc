// A million random steps of the decisions of grants against a simple model.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/benefits/grant_decisions.h"
#include "domain/benefits/ledger.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/grant_model.h"

namespace kam::domain {
namespace {

using testing::GrantModel;
using testing::GrantStep;

constexpr int kWorlds = 2000;
constexpr int kStepsInAWorld = 500;

std::string TextOf(const absl::Status& status) {
  const auto details = GetErrorDetails(status);
  return details ? absl::StrCat(static_cast<int>(details->reason)) : status.ToString();
}

// A world of its own: the model's, and the same in a book.
class World {
 public:
  explicit World(uint64_t seed) : model_(seed) {
    for (const auto& account : model_.accounts()) {
      book_.accounts[account.id].grantee = {
          .account_id = account.id, .currency = account.currency, .assessment = account.assessment};
    }
    for (const Benefit& benefit : model_.benefits()) book_.benefits[benefit.id] = benefit;
    for (Budget budget : model_.budgets()) {
      budget.entries = budget.version = 1;
      budget.update_time = model_.now();
      saved_[budget.id] = budget;
      book_.budgets[budget.id] = budget;
    }
  }

  // Takes one step in both; what came of it in each.
  std::pair<std::string, std::string> Step() {
    const GrantStep step = model_.Draw();
    const absl::Time now = model_.now();  // before the step
    std::string found = Take(step, now);
    return {std::move(found), model_.Apply(step)};
  }

  // What is to be saved adds up, step by step.
  void Save() {
    const GrantEffects effects = book_.TakeEffects();
    std::set<std::string> moved;
    for (const BudgetEntry& line : effects.lines) {
      Budget& budget = saved_.at(line.budget_id);
      moved.insert(budget.id);
      EXPECT_EQ(line.number, budget.entries + 1);
      EXPECT_GE(line.create_time, budget.update_time);
      BudgetEntry again = line;
      EXPECT_TRUE(Post(again, budget).ok());
    }
    EXPECT_EQ(effects.budgets.size(), moved.size());
    for (const Budget& budget : effects.budgets) {
      Budget& saved = saved_.at(budget.id);
      EXPECT_EQ(budget.version, ++saved.version);
      EXPECT_EQ(BalanceOf(budget), BalanceOf(saved));
      EXPECT_EQ(budget.update_time, saved.update_time);
    }
    for (const Entitlement& entitlement : effects.granted) EXPECT_EQ(entitlement.version, 1);
    for (const Entitlement& entitlement : effects.revoked) EXPECT_EQ(entitlement.version, 2);
  }

  // Both agree of all that can be counted.
  void Compare() const {
    for (size_t i = 0; i < model_.budgets().size(); ++i) {
      const Budget& budget = book_.budgets.at(model_.budgets()[i].id);
      EXPECT_EQ(BalanceOf(budget), model_.BalanceOf(i));
      EXPECT_EQ(budget.entries, model_.LinesOf(i));
    }
    for (size_t i = 0; i < ids_.size(); ++i) {
      const testing::ModelGrant& grant = model_.grants()[i];
      const Entitlement& held =
          book_.accounts.at(model_.accounts()[grant.account].id).held.at(ids_[i]);
      EXPECT_EQ(held.reserved_cost, grant.cost);
      EXPECT_EQ(held.start_time, grant.start_time);
      EXPECT_EQ(held.end_time, grant.end_time);
      EXPECT_EQ(held.state == EntitlementState::kRevoked, grant.revoked);
    }
    EXPECT_EQ(ids_.size(), model_.grants().size());
  }

 private:
  std::string Take(const GrantStep& step, absl::Time now) {
    using Kind = GrantStep::Kind;
    const std::string account = step.account < 0 ? "none" : model_.accounts()[step.account].id;
    const std::string benefit = step.benefit < 0 ? "none" : model_.benefits()[step.benefit].id;
    switch (step.kind) {
      case Kind::kGrant: {
        GrantRequest request = {.account_id = account, .benefit_id = benefit};
        if (step.start) request.start_time = now + *step.start;
        const std::string id = absl::StrCat("e", ids_.size());
        const auto granted = book_.Grant(request, id, now);
        if (!granted.ok()) return TextOf(granted.status());
        ids_.push_back(id);
        return "granted";
      }
      case Kind::kRevoke: {
        RevokeRequest request = {.name = {account, "none"}, .etag = step.etag};
        if (step.grant >= 0) {
          request.name = {model_.accounts()[model_.grants()[step.grant].account].id,
                          ids_[step.grant]};
        }
        const auto revoked = book_.Revoke(request, now);
        return revoked.ok() ? "revoked" : TextOf(revoked.status());
      }
      case Kind::kAdjust: {
        Save();  // what a transaction of its own does
        Budget& budget = book_.budgets.at(model_.budgets()[step.budget].id);
        BudgetEntry line = {.kind = BudgetEntryKind::kAdjust,
                            .amount = step.amount,
                            .seats = step.seats,
                            .create_time = now};
        if (const absl::Status posted = Post(line, budget); !posted.ok()) return TextOf(posted);
        ++budget.version;
        saved_[budget.id] = budget;
        return "done";
      }
      case Kind::kRetire: {
        Benefit& retired = book_.benefits.at(benefit);
        if (retired.state != BenefitState::kActive) {
          return absl::StrCat(static_cast<int>(ErrorReason::kWrongState));
        }
        retired.state = BenefitState::kRetired;
        return "done";
      }
      case Kind::kDelete: {
        auto& deleted = book_.accounts.at(account).grantee.delete_time;
        deleted = deleted ? std::nullopt : std::optional<absl::Time>(now);
        return "done";
      }
      case Kind::kNewTier:
        book_.accounts.at(account).grantee.assessment.tier = step.tier;
        return "done";
      case Kind::kTimePasses:
        break;
    }
    return "done";
  }

  static std::string BalanceOf(const Budget& budget) {
    EXPECT_GE(AvailableOf(budget), 0);
    return absl::StrCat(budget.limit, " ", budget.seat_limit.value_or(-1), " ", budget.reserved,
                        " ", budget.seats_reserved);
  }

  GrantModel model_;
  GrantBook book_;
  std::map<std::string, Budget> saved_;
  std::vector<std::string> ids_;  // of the model's grants
};

TEST(GrantModelTest, AMillionStepsAgreeWithTheModel) {
  const uint64_t seed = testing::PrintedSeed();
  std::map<std::string, int> outcomes;
  for (int i = 0; i < kWorlds && !HasFailure(); ++i) {
    World world(seed + i);
    for (int step = 0; step < kStepsInAWorld; ++step) {
      const auto [found, expected] = world.Step();
      ASSERT_EQ(found, expected) << "world " << seed + i << ", step " << step;
      ++outcomes[found];
      if (step % 7 == 0) world.Save();
    }
    world.Save();
    world.Compare();
  }
  // Every way to end was taken, so that none is true for want of trying.
  for (const ErrorReason reason :
       {ErrorReason::kInvalidFields, ErrorReason::kResourceNotFound, ErrorReason::kEtagMismatch,
        ErrorReason::kResourceDeleted, ErrorReason::kWrongState, ErrorReason::kFxRateMissing,
        ErrorReason::kBudgetExceeded, ErrorReason::kSeatsExceeded,
        ErrorReason::kAccountLimitExceeded, ErrorReason::kNotEligible,
        ErrorReason::kAlreadyEntitled}) {
    EXPECT_GT(outcomes[absl::StrCat(static_cast<int>(reason))], 1000) << static_cast<int>(reason);
  }
  EXPECT_GT(outcomes["granted"], 50'000);
  EXPECT_GT(outcomes["revoked"], 10'000);
}

}  // namespace
}  // namespace kam::domain
