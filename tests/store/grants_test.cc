#include "domain/benefits/grants.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/benefits/catalogue.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/benefits/names.h"
#include "model/error.h"
#include "store/benefits/benefits.h"
#include "store/benefits/budgets.h"
#include "store/benefits/entitlements.h"
#include "support/benefits.h"
#include "support/facts.h"
#include "support/terms.h"
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

  absl::StatusOr<Entitlement> Grant(const GrantRequest& request) {
    return store::TransactFor<Entitlement>(*store_, {}, [&](store::Transaction& tx) {
      store::Transaction then(tx.session(), TestNow());
      return testing::GrantOne(then, request);
    });
  }
  absl::StatusOr<Entitlement> Grant(const std::string& account, const std::string& benefit) {
    return Grant({.account_id = account, .benefit_id = benefit, .principal = "tester"});
  }
  absl::StatusOr<Entitlement> Revoke(const Entitlement& entitlement, const std::string& etag = "") {
    return store::TransactFor<Entitlement>(
        *store_, {}, [&](store::Transaction& tx) -> absl::StatusOr<Entitlement> {
          const RevokeRequest request{.name = {entitlement.account_id, entitlement.id},
                                      .etag = etag,
                                      .reason = "left",
                                      .principal = "tester"};
          KAM_ASSIGN_OR_RETURN(std::vector<GrantVerdict> verdicts,
                               RevokeEntitlements(tx, {&request, 1}));
          return *std::move(verdicts.front());
        });
  }
  Budget GetBudget(const std::string& id = "year") {
    return *store::TransactFor<Budget>(
        *store_, {}, [&](store::Transaction& tx) { return store::GetBudget(tx, id); });
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
  benefit.terms = testing::FromText<BenefitTerms>(R"(
      club_membership { level: "gold" seats: 2 }
      cost { percent_of_revenue: 3 }
      eligibility { tiers: TIER_KEY })");
  benefit.validity_days = 73;
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
  EXPECT_EQ(granted->end_time, granted->start_time + absl::Hours(24 * 73));
  EXPECT_EQ(granted->stacking_group, "club");
  EXPECT_EQ(GetBudget().reserved, 600);
  EXPECT_EQ(GetBudget().seats_reserved, 2);
  EXPECT_EQ(database_.Sql("SELECT concat_ws(' ', account_id, resource, version) FROM changes "
                          "WHERE kind = 'entitlement.granted'"),
            absl::StrCat("acme accounts/acme/entitlements/", granted->id, " 1"));
  EXPECT_EQ(database_.Sql("SELECT concat_ws(' ', resource, version) FROM changes "
                          "WHERE kind = 'budget.moved'"),
            "budgets/year 2");
}

TEST_F(EntitlementsTest, TellsWhatIsMissingOrInTheWrongState) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 1)).ok());
  EXPECT_TRUE(HasReason(Grant("none", "gold").status(), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Grant("acme", "none").status(), ErrorReason::kResourceNotFound));
  Benefit draft = MakeBenefit("draft");
  draft.state = BenefitState::kDraft;
  ASSERT_TRUE(AddBenefit(*store_, draft).ok());
  EXPECT_TRUE(HasReason(Grant("acme", "draft").status(), ErrorReason::kWrongState));
  database_.Sql("UPDATE budgets SET end_time = start_time + interval '1 day'");
  EXPECT_TRUE(HasReason(Grant("acme", "gold").status(), ErrorReason::kWrongState));
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
  *benefit.terms.mutable_eligibility() =
      testing::FromText<Eligibility>("tiers: TIER_STRATEGIC criteria_met: ['loyal', 'solvent']");
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
    EXPECT_EQ(GetErrorDetails(refused)->resource, (EntitlementName{"acme", held->id}.ToString()));
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
  seats.terms.mutable_event()->set_seats(4);
  seats.terms.mutable_event()->mutable_start_time()->set_seconds(
      absl::ToUnixSeconds(TestNow() + absl::Hours(1)));
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
                Benefit dearer = MakeBenefit("gold", "year", 999);
                dearer.version = 2;
                return store::UpdateBenefit(tx, dearer, ChangeKind::kBenefitUpdated);
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
  database_.Sql(
      "UPDATE entitlements SET start_time = start_time - interval '31 days', "
      "end_time = end_time - interval '31 days'");
  EXPECT_TRUE(HasReason(Revoke(*granted).status(), ErrorReason::kWrongState));
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

// Groups.

class GroupsTest : public EntitlementsTest {
 protected:
  // One verdict an account: `granted`, the reason of its refusal, or `busy`.
  std::vector<std::string> GrantAll(const std::vector<std::string>& accounts,
                                    const std::string& benefit) {
    std::vector<GrantRequest> requests;
    for (const std::string& account : accounts) {
      requests.push_back({.account_id = account, .benefit_id = benefit, .principal = "tester"});
    }
    std::vector<std::string> outcomes;
    const absl::Status status = Do(*store_, [&](store::Transaction& tx) -> absl::Status {
      auto verdicts = GrantEntitlements(tx, requests);
      if (!verdicts.ok()) return verdicts.status();
      outcomes.clear();
      for (const GrantVerdict& verdict : *verdicts) outcomes.push_back(TextOf(verdict));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return outcomes;
  }
  static std::string TextOf(const GrantVerdict& verdict) {
    if (!verdict) return "busy";
    if (verdict->ok()) return "granted";
    const auto details = GetErrorDetails(verdict->status());
    return details ? absl::StrCat(static_cast<int>(details->reason)) : "?";
  }
};

TEST_F(GroupsTest, OneCallsRefusalDoesNotTouchItsNeighbours) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 400)).ok());
  ASSERT_TRUE(AddAccounts(*store_, {"cyan", "dead", "tokyo"}).ok());
  database_.Sql("UPDATE accounts SET delete_time = now() WHERE account_id = 'dead'");
  database_.Sql("UPDATE accounts SET currency = 'JPY' WHERE account_id = 'tokyo'");
  // Not there, deleted, granted, held already, of another currency, granted, beyond the limit.
  EXPECT_THAT(GrantAll({"none", "dead", "acme", "acme", "tokyo", "blue", "cyan"}, "gold"),
              ElementsAre("20", "60", "granted", "69", "63", "granted", "65"));
  EXPECT_EQ(GetBudget().reserved, 800);
  EXPECT_EQ(GetBudget().entries, 3);
  EXPECT_EQ(Lines(), "3 3 3 800");
  // One step of the budget, one change an entitlement.
  EXPECT_EQ(GetBudget().version, 2);
  EXPECT_EQ(database_.Sql("SELECT string_agg(kind || ' ' || version, ', ' ORDER BY kind, resource) "
                          "FROM changes WHERE kind IN ('budget.moved', 'entitlement.granted')"),
            "budget.moved 2, entitlement.granted 1, entitlement.granted 1");
}

TEST_F(GroupsTest, ALockedAccountHoldsUpOnlyItsOwnCaller) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 400)).ok());
  ASSERT_TRUE(Do(*store_, [&](store::Transaction& tx) -> absl::Status {
                EXPECT_TRUE(LockAccount(tx, "acme").ok());
                EXPECT_THAT(GrantAll({"acme", "blue", "none"}, "gold"),
                            ElementsAre("busy", "granted", "20"));
                return absl::OkStatus();
              }).ok());
  EXPECT_EQ(database_.Sql("SELECT string_agg(account_id, ' ') FROM entitlements"), "blue");
  EXPECT_THAT(GrantAll({"acme"}, "gold"), ElementsAre("granted"));
}

TEST_F(GroupsTest, ALockedEntitlementHoldsUpOnlyItsOwnCaller) {
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 400)).ok());
  const auto first = Grant("acme", "gold");
  const auto second = Grant("blue", "gold");
  ASSERT_TRUE(second.ok()) << second.status();
  const std::vector<RevokeRequest> requests = {
      {.name = {"acme", first->id}}, {.name = {"blue", second->id}}, {.name = {"blue", "none"}}};
  ASSERT_TRUE(Do(*store_, [&](store::Transaction& tx) -> absl::Status {
                auto locked = store::FindEntitlementsForUpdate(tx, {&requests[0].name, 1},
                                                               store::Locked::kWait);
                EXPECT_EQ(locked->size(), 1u);
                return Do(*store_, [&](store::Transaction& other) -> absl::Status {
                  const auto verdicts = RevokeEntitlements(other, requests);
                  EXPECT_EQ(TextOf(verdicts->at(0)), "busy");
                  EXPECT_EQ(TextOf(verdicts->at(1)), "granted");
                  EXPECT_EQ(TextOf(verdicts->at(2)), "20");
                  return absl::OkStatus();
                });
              }).ok());
  EXPECT_EQ(GetBudget().reserved, 400);
  EXPECT_TRUE(Revoke(*first).ok());
  EXPECT_EQ(Lines(), "5 5 5 0");
}

TEST_F(GroupsTest, ManyGroupsAtOnceNeverPassTheLimit) {
  // Room for 25 of 256: 25 × 40 ≤ 1000.
  ASSERT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 40)).ok());
  std::vector<std::string> accounts;
  for (int i = 0; i < 256; ++i) accounts.push_back(absl::StrCat("account-", i));
  ASSERT_TRUE(AddAccounts(*store_, accounts).ok());
  std::atomic<int> granted = 0, refused = 0;
  InThreads([&](int i) {
    const std::vector<std::string> mine(accounts.begin() + 16 * i, accounts.begin() + 16 * i + 16);
    for (const std::string& outcome : GrantAll(mine, "gold")) {
      if (outcome == "granted") ++granted;
      if (outcome == "65") ++refused;
    }
  });
  EXPECT_EQ(granted, 25);
  EXPECT_EQ(refused, 231);
  EXPECT_EQ(GetBudget().reserved, 1000);
  EXPECT_EQ(Lines(), "26 26 26 1000");
  EXPECT_EQ(database_.Sql("SELECT count(*) || ' ' || sum(reserved_cost) FROM entitlements"),
            "25 1000");
}

}  // namespace
}  // namespace kam::domain
