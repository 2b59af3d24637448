#include "domain/benefits/entitlements.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/benefits/catalogue.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "model/names.h"
#include "support/benefits.h"
#include "support/facts.h"
#include "support/test_database.h"

namespace kam::domain {
namespace {

using testing::AddAccounts;
using testing::AddBenefit;
using testing::AddBudget;
using testing::AddEvaluation;
using testing::Do;
using ::testing::ElementsAre;
using testing::MakeAssessment;
using testing::MakeBenefit;
using testing::MakeBudget;
using testing::TestDatabase;
using testing::TestNow;

class EntitlementsTest : public ::testing::Test {
 protected:
  EntitlementsTest() {
    EXPECT_TRUE(AddAccounts(*store_, {"acme", "blue"}).ok());
    Budget budget = MakeBudget("year", 1000);
    budget.seat_limit = 3;
    budget.account_limit = 700;
    EXPECT_TRUE(AddBudget(*store_, budget).ok());
  }

  absl::StatusOr<Entitlement> Grant(const GrantRequest& request, absl::Time now = TestNow()) {
    return store::TransactFor<Entitlement>(
        *store_, {}, [&](store::Transaction& tx) { return GrantEntitlement(tx, request, now); });
  }
  absl::StatusOr<Entitlement> Grant(const std::string& account, const std::string& benefit) {
    return Grant({.account_id = account, .benefit_id = benefit, .principal = "tester"});
  }
  absl::StatusOr<Entitlement> Revoke(const Entitlement& entitlement, const std::string& etag = "",
                                     absl::Time now = TestNow()) {
    return store::TransactFor<Entitlement>(*store_, {}, [&](store::Transaction& tx) {
      return RevokeEntitlement(tx,
                               {.account_id = entitlement.account_id,
                                .entitlement_id = entitlement.id,
                                .etag = etag,
                                .reason = "left",
                                .principal = "tester"},
                               now);
    });
  }
  Budget GetBudget(const std::string& id = "year") {
    return *store::TransactFor<Budget>(
        *store_, {}, [&](store::Transaction& tx) { return tx.benefits().GetBudget(id); });
  }
  std::string Lines() {
    return database_.Sql(
        "SELECT concat_ws(' ', count(*), max(number), count(DISTINCT number), "
        "  sum(CASE kind WHEN 1 THEN amount WHEN 2 THEN -amount ELSE 0 END)) "
        "FROM budget_entries WHERE budget_id = 'year'");
  }
  // Runs `work(i)` in 16 threads at once.
  static void InThreads(const std::function<void(int)>& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) threads.emplace_back(work, i);
    for (std::thread& thread : threads) thread.join();
  }

  TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open(16);
};

TEST_F(EntitlementsTest, AGrantReservesItsExpectedCost) {
  Benefit benefit = MakeBenefit("ten", "year");
  benefit.cost = {.kind = CostModel::Kind::kPercentOfRevenue, .percent = 3};
  benefit.validity_days = 73;
  benefit.kind = ClubMembership{.level = "gold", .seats = 2};
  benefit.eligibility.tiers = {Tier::kKey};
  benefit.stacking_group = "club";
  ASSERT_TRUE(AddBenefit(*store_, benefit).ok());
  ASSERT_TRUE(AddEvaluation(*store_, "v1", TestNow(), {MakeAssessment("acme")}).ok());
  const auto granted = Grant(
      {.account_id = "acme", .benefit_id = "ten", .reason = "a good year", .principal = "tester"});
  ASSERT_TRUE(granted.ok()) << granted.status();
  EXPECT_EQ(granted->reserved_cost, 600);  // 3 % of a fifth of 1,000.00
  EXPECT_EQ(granted->seats, 2);
  EXPECT_EQ(granted->evaluation_id, "v1");
  EXPECT_EQ(granted->start_time, TestNow());
  EXPECT_EQ(granted->end_time, TestNow() + absl::Hours(24 * 73));
  EXPECT_EQ(granted->stacking_group, "club");
  EXPECT_EQ(GetBudget().reserved, 600);
  EXPECT_EQ(GetBudget().seats_reserved, 2);
  EXPECT_EQ(database_.Sql("SELECT account_id || ' ' || resource FROM changes "
                          "WHERE kind = 'entitlement.granted'"),
            absl::StrCat("acme accounts/acme/entitlements/", granted->id));
}

TEST_F(EntitlementsTest, TellsWhatIsMissingOrInTheWrongState) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 1)).ok());
  EXPECT_TRUE(HasReason(Grant("none", "gold").status(), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Grant("acme", "none").status(), ErrorReason::kResourceNotFound));
  Benefit draft = MakeBenefit("draft");
  draft.state = BenefitState::kDraft;
  ASSERT_TRUE(AddBenefit(*store_, draft).ok());
  EXPECT_TRUE(HasReason(Grant("acme", "draft").status(), ErrorReason::kWrongState));
  const GrantRequest gold = {.account_id = "acme", .benefit_id = "gold"};
  EXPECT_TRUE(HasReason(Grant(gold, GetBudget().end_time).status(), ErrorReason::kWrongState));
  EXPECT_TRUE(Grant(gold, GetBudget().end_time - absl::Microseconds(1)).ok());
}

TEST_F(EntitlementsTest, ADeletedAccountGetsNothing) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold")).ok());
  ASSERT_TRUE(Do(*store_, [](store::Transaction& tx) -> absl::Status {
                Account account = testing::MakeAccount("acme");
                account.delete_time = TestNow();
                return store::UpdateAccount(tx, account, ChangeKind::kAccountUpdated);
              }).ok());
  EXPECT_TRUE(HasReason(Grant("acme", "gold").status(), ErrorReason::kResourceDeleted));
}

TEST_F(EntitlementsTest, TellsAllThatIsLacking) {
  Benefit benefit = MakeBenefit("gold");
  benefit.eligibility = {.tiers = {Tier::kStrategic}, .criteria_met = {"loyal", "solvent"}};
  ASSERT_TRUE(AddBenefit(*store_, benefit).ok());
  auto refused = Grant("acme", "gold").status();
  ASSERT_TRUE(HasReason(refused, ErrorReason::kNotEligible)) << refused;
  EXPECT_EQ(GetErrorDetails(refused)->preconditions[0].type, "ASSESSMENT");
  ASSERT_TRUE(AddEvaluation(*store_, "v1", TestNow(), {MakeAssessment("acme")}).ok());
  refused = Grant("acme", "gold").status();
  ASSERT_TRUE(HasReason(refused, ErrorReason::kNotEligible)) << refused;
  std::vector<std::string> types;
  const auto details = GetErrorDetails(refused);
  for (const PreconditionViolation& violation : details->preconditions) {
    types.push_back(violation.type);
  }
  EXPECT_THAT(types, ElementsAre("TIER", "CRITERION"));
}

TEST_F(EntitlementsTest, HoldsAtMostOneOfABenefitAndOfAGroup) {
  Benefit gold = MakeBenefit("gold");
  gold.stacking_group = "club";
  Benefit silver = MakeBenefit("silver");
  silver.stacking_group = "club";
  ASSERT_TRUE(AddBenefit(*store_, gold).ok());
  ASSERT_TRUE(AddBenefit(*store_, silver).ok());
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("trip")).ok());
  const auto held = Grant("acme", "gold");
  ASSERT_TRUE(held.ok()) << held.status();
  for (const char* id : {"gold", "silver"}) {
    const absl::Status refused = Grant("acme", id).status();
    ASSERT_TRUE(HasReason(refused, ErrorReason::kAlreadyEntitled)) << refused;
    EXPECT_EQ(GetErrorDetails(refused)->resource, EntitlementName("acme", held->id));
  }
  EXPECT_TRUE(Grant("acme", "trip").ok());
  EXPECT_TRUE(Grant("blue", "silver").ok());
  // One that follows the other is no double.
  GrantRequest next = {.account_id = "acme", .benefit_id = "gold", .start_time = held->end_time};
  EXPECT_TRUE(Grant(next).ok());
  EXPECT_TRUE(HasReason(Grant(next).status(), ErrorReason::kAlreadyEntitled));
  // One that was revoked neither.
  ASSERT_TRUE(Revoke(*held).ok());
  EXPECT_TRUE(Grant("acme", "silver").ok());
}

TEST_F(EntitlementsTest, StartsNowOrLater) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold")).ok());
  GrantRequest request = {.account_id = "acme", .benefit_id = "gold"};
  request.start_time = TestNow() - absl::Microseconds(1);
  EXPECT_TRUE(HasReason(Grant(request).status(), ErrorReason::kInvalidFields));
  request.start_time = TestNow() + absl::Hours(24 * 3651);
  EXPECT_TRUE(HasReason(Grant(request).status(), ErrorReason::kInvalidFields));
  request.start_time = TestNow() + absl::Hours(1);
  EXPECT_TRUE(Grant(request).ok());
}

TEST_F(EntitlementsTest, NoLimitOfTheBudgetIsPassed) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("a", "year", 400)).ok());
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("b", "year", 301)).ok());
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("c", "year", 601)).ok());
  Benefit seats = MakeBenefit("seats", "year", 0);
  seats.kind = Event{.start_time = TestNow() + absl::Hours(1), .seats = 4};
  ASSERT_TRUE(AddBenefit(*store_, seats).ok());
  ASSERT_TRUE(Grant("acme", "a").ok());
  const absl::Status account = Grant("acme", "b").status();
  ASSERT_TRUE(HasReason(account, ErrorReason::kAccountLimitExceeded)) << account;
  EXPECT_THAT(GetErrorDetails(account)->metadata,
              ElementsAre(std::pair("resource", "budgets/year"),
                          std::pair("account", "accounts/acme"), std::pair("available", "300"),
                          std::pair("wanted", "301"), std::pair("currency", "EUR")));
  EXPECT_TRUE(HasReason(Grant("blue", "c").status(), ErrorReason::kBudgetExceeded));
  EXPECT_TRUE(HasReason(Grant("blue", "seats").status(), ErrorReason::kSeatsExceeded));
  EXPECT_EQ(GetBudget().reserved, 400);
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM entitlements"), "1");
}

TEST_F(EntitlementsTest, AnotherCurrencyNeedsARate) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 1)).ok());
  ASSERT_TRUE(Do(*store_, [](store::Transaction& tx) {
                return store::InsertAccount(tx, testing::MakeAccount("tokyo", "JPY"));
              }).ok());
  const absl::Status refused = Grant("tokyo", "gold").status();
  ASSERT_TRUE(HasReason(refused, ErrorReason::kFxRateMissing)) << refused;
  EXPECT_THAT(GetErrorDetails(refused)->metadata,
              ElementsAre(std::pair("resource", "budgets/year"), std::pair("from", "EUR"),
                          std::pair("to", "JPY")));
}

TEST_F(EntitlementsTest, ARevokeReleasesWhatWasReservedOnce) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 400)).ok());
  const auto granted = Grant("acme", "gold");
  ASSERT_TRUE(granted.ok()) << granted.status();
  EXPECT_TRUE(HasReason(Revoke(*granted, "v9").status(), ErrorReason::kEtagMismatch));
  // The catalogue may change meanwhile; what was reserved counts.
  ASSERT_TRUE(Do(*store_, [](store::Transaction& tx) {
                return tx.benefits().UpdateBenefit(MakeBenefit("gold", "year", 999));
              }).ok());
  const auto revoked = Revoke(*granted, "v1");
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_EQ(revoked->state, EntitlementState::kRevoked);
  EXPECT_EQ(revoked->revoke_reason, "left");
  EXPECT_EQ(GetBudget().reserved, 0);
  EXPECT_TRUE(HasReason(Revoke(*granted).status(), ErrorReason::kWrongState));
  EXPECT_EQ(Lines(), "3 3 3 0");
}

TEST_F(EntitlementsTest, AnExpiredOneCannotBeRevoked) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 400)).ok());
  const auto granted = Grant("acme", "gold");
  EXPECT_TRUE(
      HasReason(Revoke(*granted, "", granted->end_time).status(), ErrorReason::kWrongState));
  EXPECT_EQ(GetBudget().reserved, 400);
}

TEST_F(EntitlementsTest, ManyGrantsAtOnceNeverPassTheLimit) {
  // Room for 5 of 16: 5 × 190 ≤ 1000 < 6 × 190.
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 190)).ok());
  std::vector<std::string> accounts;
  for (int i = 0; i < 16; ++i) accounts.push_back(absl::StrCat("account-", i));
  ASSERT_TRUE(AddAccounts(*store_, accounts).ok());
  std::atomic<int> granted = 0, refused = 0;
  InThreads([&](int i) {
    const auto outcome = Grant(accounts[i], "gold");
    if (outcome.ok()) ++granted;
    if (HasReason(outcome.status(), ErrorReason::kBudgetExceeded)) ++refused;
  });
  EXPECT_EQ(granted, 5);
  EXPECT_EQ(refused, 11);
  const Budget budget = GetBudget();
  EXPECT_EQ(budget.reserved, 5 * 190);
  EXPECT_EQ(budget.entries, 6);
  EXPECT_EQ(Lines(), "6 6 6 950");
  EXPECT_EQ(database_.Sql("SELECT sum(reserved_cost) FROM entitlements WHERE state = 1"), "950");
}

TEST_F(EntitlementsTest, ManyGrantsAtOnceToOneAccountGiveOne) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 1)).ok());
  std::atomic<int> granted = 0, refused = 0;
  InThreads([&](int) {
    const auto outcome = Grant("acme", "gold");
    if (outcome.ok()) ++granted;
    if (HasReason(outcome.status(), ErrorReason::kAlreadyEntitled)) ++refused;
  });
  EXPECT_EQ(granted, 1);
  EXPECT_EQ(refused, 15);
  EXPECT_EQ(Lines(), "2 2 2 1");
}

TEST_F(EntitlementsTest, ManyRevokesAtOnceReleaseOnce) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 400)).ok());
  const auto granted = Grant("acme", "gold");
  ASSERT_TRUE(granted.ok());
  std::atomic<int> revoked = 0, refused = 0;
  InThreads([&](int) {
    const auto outcome = Revoke(*granted);
    if (outcome.ok()) ++revoked;
    if (HasReason(outcome.status(), ErrorReason::kWrongState)) ++refused;
  });
  EXPECT_EQ(revoked, 1);
  EXPECT_EQ(refused, 15);
  EXPECT_EQ(GetBudget().reserved, 0);
  EXPECT_EQ(Lines(), "3 3 3 0");
}

}  // namespace
}  // namespace kam::domain
