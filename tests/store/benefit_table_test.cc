#include "store/benefits/benefit_table.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/benefits.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using testing::AddBudget;
using testing::Do;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MakeBenefit;
using testing::MakeBudget;
using testing::TestDatabase;
using testing::TestNow;

class BenefitTableTest : public ::testing::Test {
 protected:
  template <typename T>
  absl::StatusOr<T> Ask(absl::FunctionRef<absl::StatusOr<T>(BenefitTable&)> question) {
    return TransactFor<T>(*store_, {}, [&](Transaction& tx) { return question(tx.benefits()); });
  }
  absl::Status Tell(absl::FunctionRef<absl::Status(BenefitTable&)> change) {
    return Do(*store_, [&](Transaction& tx) { return change(tx.benefits()); });
  }
  absl::Status Insert(const Benefit& benefit) {
    return Tell([&](BenefitTable& table) { return table.InsertBenefit(benefit); });
  }
  absl::StatusOr<Benefit> GetBenefit(const std::string& id) {
    return Ask<Benefit>([&](BenefitTable& table) { return table.GetBenefit(id); });
  }
  absl::StatusOr<Budget> GetBudget(const std::string& id) {
    return Ask<Budget>([&](BenefitTable& table) { return table.GetBudget(id); });
  }
  absl::Status Apply(const std::string& budget_id, const std::vector<BudgetEntry>& entries) {
    return Tell([&](BenefitTable& table) { return table.ApplyEntries(budget_id, entries); });
  }
  // What the ledger adds up to, as limit, seat limit, reserved, spent and seats.
  std::string LedgerSum(const std::string& budget_id) {
    return database_.Sql(absl::StrCat(R"(
        SELECT concat_ws(' ', sum(amount) FILTER (WHERE kind = 4),
                         sum(seats) FILTER (WHERE kind = 4),
                         sum(CASE kind WHEN 1 THEN amount WHEN 4 THEN 0 ELSE -amount END),
                         sum(CASE kind WHEN 3 THEN amount ELSE 0 END),
                         sum(CASE kind WHEN 1 THEN seats WHEN 2 THEN -seats ELSE 0 END))
        FROM budget_entries WHERE budget_id = ')",
                                      budget_id, "'"));
  }
  static std::string BalanceOf(const Budget& budget) {
    return absl::StrCat(budget.limit, " ", budget.seat_limit.value_or(0), " ", budget.reserved, " ",
                        budget.spent, " ", budget.seats_reserved);
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

BudgetEntry Line(BudgetEntryKind kind, int64_t amount, int64_t seats = 0) {
  return {.kind = kind,
          .amount = amount,
          .seats = seats,
          .account_id = "acme",
          .entitlement_id = "e1",
          .reason = "because \"{}\\",
          .principal = "tester",
          .create_time = TestNow()};
}

TEST_F(BenefitTableTest, KeepsEveryKindAsItIs) {
  const std::vector<BenefitKind> kinds = {
      Discount{.reduction = 12.3456789},
      Discount{.reduction = Money{INT64_MAX, "JPY"},
               .cap = Money{500, "JPY"},
               .minimum_order = Money{1, "JPY"}},
      CreditTerms{.extra_days = 30},
      CreditTerms{.extra_days = 0, .limit_raise = Money{100, "KWD"}},
      ClubMembership{.level = "gøld \"1\"", .seats = 1000},
      Event{.start_time = TestNow() + absl::Microseconds(1), .seats = 2},
      PaymentMode{.mode = PaymentMode::Mode::kInstalments, .instalments = 12},
      DeliveryArrangement{.service = DeliveryArrangement::Service::kPremium, .free_freight = true},
      DedicatedContact{.role = "logistics"}};
  for (size_t i = 0; i < kinds.size(); ++i) {
    Benefit benefit = MakeBenefit(absl::StrCat("benefit-", i));
    benefit.kind = kinds[i];
    ASSERT_TRUE(Insert(benefit).ok());
    const auto read = GetBenefit(benefit.id);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->kind, kinds[i]) << i;
  }
}

TEST_F(BenefitTableTest, KeepsABenefitAsItIs) {
  Benefit benefit = MakeBenefit("gold", "year");
  benefit.eligibility = {.tiers = {Tier::kKey, Tier::kStrategic},
                         .pareto_classes = {1, 2},
                         .criteria_met = {"loyal", "regular_orders"},
                         .min_score = 1.0 / 3};
  benefit.stacking_group = "club";
  benefit.cost = {.kind = CostModel::Kind::kPercentOfRevenue, .percent = 0.1};
  benefit.value = {.kind = ValueModel::Kind::kRevenueUplift, .percent = 2.5};
  ASSERT_TRUE(Insert(benefit).ok());
  benefit.state = BenefitState::kRetired;
  benefit.cost = {.kind = CostModel::Kind::kPerOrder, .amount = {7, "EUR"}};
  benefit.version = 2;
  benefit.update_time = TestNow() + absl::Seconds(1);
  benefit.display_name = "Gold, new";
  ASSERT_TRUE(Tell([&](BenefitTable& table) { return table.UpdateBenefit(benefit); }).ok());
  const auto read = GetBenefit("gold");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->eligibility, benefit.eligibility);
  EXPECT_EQ(read->cost, benefit.cost);
  EXPECT_EQ(read->value, benefit.value);
  EXPECT_EQ(read->display_name, "Gold, new");
  EXPECT_EQ(read->stacking_group, "club");
  EXPECT_EQ(read->validity_days, 30);
  EXPECT_EQ(read->budget_id, "year");
  EXPECT_EQ(read->state, BenefitState::kRetired);
  EXPECT_TRUE(read->was_activated);
  EXPECT_EQ(read->version, 2);
  EXPECT_EQ(read->create_time, TestNow());
  EXPECT_EQ(read->update_time, TestNow() + absl::Seconds(1));
}

TEST_F(BenefitTableTest, TellsMissingAndTakenIds) {
  EXPECT_TRUE(HasReason(GetBenefit("none").status(), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(GetBudget("none").status(), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(
      HasReason(Tell([](BenefitTable& table) { return table.UpdateBenefit(MakeBenefit("none")); }),
                ErrorReason::kResourceNotFound));
  ASSERT_TRUE(Insert(MakeBenefit("gold")).ok());
  EXPECT_TRUE(HasReason(Insert(MakeBenefit("gold")), ErrorReason::kResourceAlreadyExists));
  ASSERT_TRUE(AddBudget(*store_, MakeBudget("year", 1)).ok());
  EXPECT_TRUE(
      HasReason(AddBudget(*store_, MakeBudget("year", 1)), ErrorReason::kResourceAlreadyExists));
  EXPECT_TRUE(HasReason(Apply("none", {Line(BudgetEntryKind::kReserve, 1)}),
                        ErrorReason::kResourceNotFound));
}

TEST_F(BenefitTableTest, ListsPageByPageAndTheActiveOnes) {
  for (const char* id : {"c", "a", "b"}) ASSERT_TRUE(Insert(MakeBenefit(id)).ok());
  Benefit retired = MakeBenefit("d");
  retired.state = BenefitState::kRetired;
  ASSERT_TRUE(Insert(retired).ok());
  const auto list = [&](PageRequest page) {
    auto found = Ask<Page<Benefit>>([&](BenefitTable& table) { return table.ListBenefits(page); });
    std::vector<std::string> ids;
    for (const Benefit& benefit : found->items) ids.push_back(benefit.id);
    ids.push_back("next " + found->next);
    return ids;
  };
  EXPECT_THAT(list({.size = 3}), ElementsAre("a", "b", "c", "next c"));
  EXPECT_THAT(list({.size = 3, .after = "c"}), ElementsAre("d", "next "));
  EXPECT_THAT(list({.size = 4}), ElementsAre("a", "b", "c", "d", "next "));
  const auto active =
      Ask<std::vector<Benefit>>([](BenefitTable& table) { return table.ActiveBenefits(); });
  ASSERT_EQ(active->size(), 3u);
  EXPECT_EQ(active->front().id, "a");
}

TEST_F(BenefitTableTest, ABudgetBeginsWithTheLineOfItsLimits) {
  Budget budget = MakeBudget("year", 1000);
  budget.account_limit = 300;
  budget.seat_limit = 20;
  ASSERT_TRUE(AddBudget(*store_, budget).ok());
  const auto read = GetBudget("year");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->limit, 1000);
  EXPECT_EQ(read->account_limit, 300);
  EXPECT_EQ(read->seat_limit, 20);
  EXPECT_EQ(read->entries, 1);
  EXPECT_EQ(read->start_time, budget.start_time);
  EXPECT_EQ(read->end_time, budget.end_time);
  EXPECT_EQ(LedgerSum("year"), BalanceOf(*read));
}

TEST_F(BenefitTableTest, TheBalanceIsTheSumOfTheLines) {
  Budget budget = MakeBudget("year", 1000);
  budget.seat_limit = 20;
  ASSERT_TRUE(AddBudget(*store_, budget).ok());
  ASSERT_TRUE(Apply("year", {Line(BudgetEntryKind::kReserve, 400, 5),
                             Line(BudgetEntryKind::kReserve, 600, 15)})
                  .ok());
  ASSERT_TRUE(Apply("year", {Line(BudgetEntryKind::kRelease, 100, 3),
                             Line(BudgetEntryKind::kSpend, 250, 0)})
                  .ok());
  ASSERT_TRUE(Apply("year", {Line(BudgetEntryKind::kAdjust, -100, -2)}).ok());
  const auto read = GetBudget("year");
  EXPECT_EQ(BalanceOf(*read), "900 18 650 250 17");
  EXPECT_EQ(LedgerSum("year"), BalanceOf(*read));
  EXPECT_EQ(read->entries, 6);
  EXPECT_EQ(read->version, 4);
}

TEST_F(BenefitTableTest, NoLineTakesMoreThanThereIs) {
  Budget budget = MakeBudget("year", 1000);
  budget.seat_limit = 3;
  ASSERT_TRUE(AddBudget(*store_, budget).ok());
  ASSERT_TRUE(Apply("year", {Line(BudgetEntryKind::kReserve, 900, 2)}).ok());

  const absl::Status money = Apply(
      "year", {Line(BudgetEntryKind::kReserve, 60, 0), Line(BudgetEntryKind::kReserve, 41, 0)});
  ASSERT_TRUE(HasReason(money, ErrorReason::kBudgetExceeded)) << money;
  const auto details = GetErrorDetails(money);
  EXPECT_THAT(details->metadata,
              ElementsAre(std::pair("resource", "budgets/year"), std::pair("available", "100"),
                          std::pair("wanted", "101"), std::pair("currency", "EUR")));
  EXPECT_TRUE(HasReason(Apply("year", {Line(BudgetEntryKind::kReserve, 1, 2)}),
                        ErrorReason::kSeatsExceeded));
  EXPECT_TRUE(HasReason(Apply("year", {Line(BudgetEntryKind::kAdjust, -101)}),
                        ErrorReason::kBudgetExceeded));
  EXPECT_TRUE(HasReason(Apply("year", {Line(BudgetEntryKind::kAdjust, 0, -2)}),
                        ErrorReason::kSeatsExceeded));
  EXPECT_TRUE(HasReason(Apply("year", {Line(BudgetEntryKind::kReserve, INT64_MAX),
                                       Line(BudgetEntryKind::kReserve, 1)}),
                        ErrorReason::kAmountOverflow));
  EXPECT_FALSE(Apply("year", {Line(BudgetEntryKind::kRelease, 901)}).ok());
  // Nothing of it left a trace.
  EXPECT_EQ(BalanceOf(*GetBudget("year")), "1000 3 900 0 2");
  EXPECT_EQ(LedgerSum("year"), "1000 3 900 0 2");
  EXPECT_TRUE(Apply("year", {Line(BudgetEntryKind::kReserve, 100, 1)}).ok());
}

TEST_F(BenefitTableTest, ABudgetWithoutSeatLimitCountsThemOnly) {
  ASSERT_TRUE(AddBudget(*store_, MakeBudget("year", 1)).ok());
  ASSERT_TRUE(Apply("year", {Line(BudgetEntryKind::kReserve, 0, 1'000'000)}).ok());
  EXPECT_EQ(GetBudget("year")->seats_reserved, 1'000'000);
}

TEST_F(BenefitTableTest, TheLedgerIsNumberedAndListedNewestFirst) {
  ASSERT_TRUE(AddBudget(*store_, MakeBudget("year", 1000)).ok());
  ASSERT_TRUE(Apply("year", {Line(BudgetEntryKind::kReserve, 10, 1),
                             Line(BudgetEntryKind::kReserve, 20, 2)})
                  .ok());
  ASSERT_TRUE(Apply("year", {Line(BudgetEntryKind::kRelease, 10, 1)}).ok());
  auto page = Ask<Page<BudgetEntry>>(
      [](BenefitTable& table) { return table.ListEntries("year", {.size = 3}); });
  ASSERT_EQ(page->items.size(), 3u);
  EXPECT_EQ(page->items[0].number, 4);
  EXPECT_EQ(page->items[0].kind, BudgetEntryKind::kRelease);
  EXPECT_EQ(page->items[1].amount, 20);
  EXPECT_EQ(page->items[1].seats, 2);
  EXPECT_EQ(page->items[2].amount, 10);
  EXPECT_EQ(page->items[2].account_id, "acme");
  EXPECT_EQ(page->items[2].entitlement_id, "e1");
  EXPECT_EQ(page->items[2].reason, "because \"{}\\");
  EXPECT_EQ(page->items[2].create_time, TestNow());
  page = Ask<Page<BudgetEntry>>([&](BenefitTable& table) {
    return table.ListEntries("year", {.size = 3, .after = page->next});
  });
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items[0].kind, BudgetEntryKind::kAdjust);
  EXPECT_EQ(page->next, "");
}

// Entitlements.

Entitlement Right(const std::string& account_id, const std::string& id, absl::Duration from,
                  absl::Duration until) {
  Entitlement entitlement = {.id = id,
                             .account_id = account_id,
                             .benefit_id = "gold",
                             .stacking_group = "club",
                             .budget_id = "year",
                             .reserved_cost = 100,
                             .currency = "EUR",
                             .seats = 2,
                             .plan_id = "p1",
                             .evaluation_id = "v1",
                             .principal = "tester",
                             .reason = "earned, \"it\"",
                             .version = 1};
  entitlement.start_time = TestNow() + from;
  entitlement.end_time = TestNow() + until;
  entitlement.create_time = TestNow();
  return entitlement;
}

class EntitlementTableTest : public BenefitTableTest {
 protected:
  EntitlementTableTest() {
    EXPECT_TRUE(Insert({Right("acme", "e1", -absl::Hours(2), -absl::Hours(1)),
                        Right("acme", "e3", -absl::Hours(1), absl::Hours(1)),
                        Right("blue", "e2", absl::Hours(1), absl::Hours(2)),
                        Right("blue", "e4", absl::ZeroDuration(), absl::Hours(1))})
                    .ok());
  }
  absl::Status Insert(const std::vector<Entitlement>& entitlements) {
    return Tell([&](BenefitTable& table) { return table.InsertEntitlements(entitlements); });
  }
  void Revoke(const std::string& account_id, const std::string& id) {
    Entitlement entitlement = *Ask<Entitlement>(
        [&](BenefitTable& table) { return table.GetEntitlementForUpdate(account_id, id); });
    entitlement.state = EntitlementState::kRevoked;
    entitlement.revoke_time = TestNow();
    entitlement.revoke_reason = "left";
    ++entitlement.version;
    EXPECT_TRUE(
        Tell([&](BenefitTable& table) { return table.UpdateEntitlement(entitlement); }).ok());
  }
  static std::vector<std::string> Ids(const std::vector<Entitlement>& entitlements) {
    std::vector<std::string> ids;
    for (const Entitlement& entitlement : entitlements) ids.push_back(entitlement.id);
    return ids;
  }
  // All pages of two.
  std::vector<std::string> List(const std::string& account_id, std::optional<absl::Time> live_at) {
    std::vector<std::string> ids;
    PageRequest page = {.size = 2};
    do {
      const auto found = Ask<Page<Entitlement>>(
          [&](BenefitTable& table) { return table.ListEntitlements(account_id, live_at, page); });
      for (const std::string& id : Ids(found->items)) ids.push_back(id);
      page.after = found->next;
    } while (!page.after.empty());
    return ids;
  }
};

TEST_F(EntitlementTableTest, KeepsThemAsTheyAre) {
  Revoke("acme", "e3");
  const auto read =
      Ask<Entitlement>([](BenefitTable& table) { return table.GetEntitlement("acme", "e3"); });
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->benefit_id, "gold");
  EXPECT_EQ(read->stacking_group, "club");
  EXPECT_EQ(read->state, EntitlementState::kRevoked);
  EXPECT_EQ(read->start_time, TestNow() - absl::Hours(1));
  EXPECT_EQ(read->end_time, TestNow() + absl::Hours(1));
  EXPECT_EQ(read->budget_id, "year");
  EXPECT_EQ(read->reserved_cost, 100);
  EXPECT_EQ(read->currency, "EUR");
  EXPECT_EQ(read->seats, 2);
  EXPECT_EQ(read->plan_id, "p1");
  EXPECT_EQ(read->evaluation_id, "v1");
  EXPECT_EQ(read->principal, "tester");
  EXPECT_EQ(read->reason, "earned, \"it\"");
  EXPECT_EQ(read->version, 2);
  EXPECT_EQ(read->create_time, TestNow());
  EXPECT_EQ(read->revoke_time, TestNow());
  EXPECT_EQ(read->revoke_reason, "left");
}

TEST_F(EntitlementTableTest, TellsMissingOnesAndRefusesDoubles) {
  const auto of_other =
      Ask<Entitlement>([](BenefitTable& table) { return table.GetEntitlement("blue", "e1"); });
  EXPECT_TRUE(HasReason(of_other.status(), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Tell([](BenefitTable& table) {
                          return table.UpdateEntitlement(
                              Right("none", "e1", absl::ZeroDuration(), absl::Hours(1)));
                        }),
                        ErrorReason::kResourceNotFound));
  EXPECT_FALSE(Insert({Right("acme", "e1", absl::ZeroDuration(), absl::Hours(1))}).ok());
}

TEST_F(EntitlementTableTest, FindsLiveOnes) {
  const auto live = [&](const std::vector<std::string>& accounts) {
    return Ids(*Ask<std::vector<Entitlement>>(
        [&](BenefitTable& table) { return table.FindLive(accounts, TestNow()); }));
  };
  EXPECT_THAT(live({}), ElementsAre("e3", "e2", "e4"));
  EXPECT_THAT(live({"acme", "none"}), ElementsAre("e3"));
  Revoke("acme", "e3");
  EXPECT_THAT(live({"acme"}), IsEmpty());
  EXPECT_THAT(live({}), ElementsAre("e2", "e4"));
}

TEST_F(EntitlementTableTest, FindsThoseOfABenefitNewestFirst) {
  const auto find = [&](const std::string& benefit) {
    return Ids(*Ask<std::vector<Entitlement>>(
        [&](BenefitTable& table) { return table.FindByBenefit("acme", benefit); }));
  };
  EXPECT_THAT(find("gold"), ElementsAre("e3", "e1"));
  EXPECT_THAT(find("silver"), IsEmpty());
}

TEST_F(EntitlementTableTest, ListsNewestFirst) {
  EXPECT_THAT(List("acme", std::nullopt), ElementsAre("e3", "e1"));
  EXPECT_THAT(List("", std::nullopt), ElementsAre("e4", "e3", "e2", "e1"));
  EXPECT_THAT(List("", TestNow()), ElementsAre("e4", "e3"));
  EXPECT_THAT(List("blue", TestNow()), ElementsAre("e4"));
  EXPECT_THAT(List("blue", TestNow() + absl::Hours(1)), ElementsAre("e2"));
  EXPECT_THAT(List("none", std::nullopt), IsEmpty());
  // Equal ids of two accounts are both listed.
  ASSERT_TRUE(Insert({Right("blue", "e3", absl::ZeroDuration(), absl::Hours(1))}).ok());
  EXPECT_THAT(List("", std::nullopt), ElementsAre("e4", "e3", "e3", "e2", "e1"));
}

TEST_F(EntitlementTableTest, AddsUpWhatAccountsHaveTaken) {
  const auto taken = [&](const std::string& budget, const std::string& account) {
    return *Ask<int64_t>(
        [&](BenefitTable& table) { return table.ReservedByAccount(budget, account); });
  };
  EXPECT_EQ(taken("year", "acme"), 200);  // an expired one counts
  EXPECT_EQ(taken("other", "acme"), 0);
  Revoke("acme", "e3");
  EXPECT_EQ(taken("year", "acme"), 100);
  const auto all = Ask<absl::flat_hash_map<std::string, int64_t>>(
      [](BenefitTable& table) { return table.ReservedByAccounts("year"); });
  EXPECT_EQ(*all, (absl::flat_hash_map<std::string, int64_t>{{"acme", 100}, {"blue", 200}}));
}

}  // namespace
}  // namespace kam::store
