#include "store/benefits/budgets.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/benefits/budgets.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/benefits.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using testing::AddBudget;
using testing::Do;
using testing::MakeBudget;
using testing::TestDatabase;
using testing::TestNow;

class BudgetRowsTest : public ::testing::Test {
 protected:
  absl::StatusOr<Budget> Get(const std::string& id = "year") {
    return TransactFor<Budget>(*store_, {}, [&](Transaction& tx) { return GetBudget(tx, id); });
  }
  // Replaces the budget by what `change` makes of it, as one step.
  absl::Status Change(absl::FunctionRef<void(Budget&)> change) {
    return Do(*store_, [&](Transaction& tx) -> absl::Status {
      auto budget = GetBudgetForUpdate(tx, "year");
      if (!budget.ok()) return budget.status();
      ++budget->version;
      change(*budget);
      return UpdateBudgets(tx, {&*budget, 1}, ChangeKind::kBudgetMoved);
    });
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

TEST_F(BudgetRowsTest, ABudgetBeginsWithTheLineOfItsLimits) {
  Budget budget = MakeBudget("year", 1000);
  budget.account_limit = 300;
  budget.seat_limit = 20;
  ASSERT_TRUE(AddBudget(*store_, budget).ok());
  const auto read = Get();
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->display_name, "Budget year");
  EXPECT_EQ(read->currency, "EUR");
  EXPECT_EQ(read->limit, 1000);
  EXPECT_EQ(read->account_limit, 300);
  EXPECT_EQ(read->seat_limit, 20);
  EXPECT_EQ(read->entries, 1);
  EXPECT_EQ(read->version, 1);
  EXPECT_EQ(read->start_time, budget.start_time);
  EXPECT_EQ(read->end_time, budget.end_time);
  EXPECT_EQ(read->create_time, read->update_time);
  EXPECT_GE(read->create_time, TestNow());
  EXPECT_EQ(database_.Sql("SELECT concat_ws(' ', number, kind, amount, seats) FROM budget_entries"),
            "1 4 1000 20");
  EXPECT_EQ(database_.Sql("SELECT concat_ws(' ', kind, resource, version) FROM changes"),
            "budget.created budgets/year 1");
}

TEST_F(BudgetRowsTest, TellsMissingAndTakenIds) {
  EXPECT_TRUE(HasReason(Get().status(), ErrorReason::kResourceNotFound));
  ASSERT_TRUE(AddBudget(*store_, MakeBudget("year", 1)).ok());
  EXPECT_TRUE(
      HasReason(AddBudget(*store_, MakeBudget("year", 1)), ErrorReason::kResourceAlreadyExists));
}

TEST_F(BudgetRowsTest, MovesOneStepAtATime) {
  ASSERT_TRUE(AddBudget(*store_, MakeBudget("year", 1000)).ok());
  ASSERT_TRUE(Change([](Budget& budget) { budget.reserved = 400; }).ok());
  EXPECT_EQ(Get()->reserved, 400);
  EXPECT_EQ(Get()->version, 2);
  // Whoever did not read the version before cannot write.
  EXPECT_FALSE(Change([](Budget& budget) { ++budget.version; }).ok());
  EXPECT_FALSE(Change([](Budget& budget) { --budget.version; }).ok());
  EXPECT_EQ(Get()->version, 2);
  EXPECT_EQ(database_.Sql("SELECT concat_ws(' ', kind, resource, version) FROM changes "
                          "ORDER BY version DESC LIMIT 1"),
            "budget.moved budgets/year 2");
}

// Whatever a rule forgets, the row does not hold more than its limits allow.
TEST_F(BudgetRowsTest, TheRowItselfHoldsItsLimits) {
  Budget budget = MakeBudget("year", 1000);
  budget.seat_limit = 3;
  ASSERT_TRUE(AddBudget(*store_, budget).ok());
  EXPECT_FALSE(Change([](Budget& row) { row.reserved = 1001; }).ok());
  EXPECT_FALSE(Change([](Budget& row) { row.reserved = row.spent = 501; }).ok());
  EXPECT_FALSE(Change([](Budget& row) { row.reserved = -1; }).ok());
  EXPECT_FALSE(Change([](Budget& row) { row.spent = -1; }).ok());
  EXPECT_FALSE(Change([](Budget& row) { row.seats_reserved = 4; }).ok());
  EXPECT_FALSE(Change([](Budget& row) { row.seats_reserved = -1; }).ok());
  EXPECT_TRUE(Change([](Budget& row) {
                row.reserved = row.spent = 500;
                row.seats_reserved = 3;
              }).ok());
}

TEST_F(BudgetRowsTest, TheLedgerIsListedNewestFirst) {
  ASSERT_TRUE(AddBudget(*store_, MakeBudget("year", 1000)).ok());
  const std::vector<BudgetEntry> lines = {{.budget_id = "year",
                                           .number = 2,
                                           .kind = BudgetEntryKind::kReserve,
                                           .amount = 10,
                                           .seats = 1,
                                           .account_id = "acme",
                                           .entitlement_id = "e1",
                                           .reason = "because \"{}\\",
                                           .principal = "tester",
                                           .create_time = TestNow()},
                                          {.budget_id = "year", .number = 3, .amount = 20},
                                          {.budget_id = "other", .number = 3}};
  ASSERT_TRUE(Do(*store_, [&](Transaction& tx) { return InsertEntries(tx, lines); }).ok());
  const auto list = [&](const std::string& after) {
    return *TransactFor<Page<BudgetEntry>>(*store_, {}, [&](Transaction& tx) {
      return ListEntries(tx, "year", {.size = 2, .after = after});
    });
  };
  Page<BudgetEntry> page = list("");
  ASSERT_EQ(page.items.size(), 2u);
  EXPECT_EQ(page.items[0].number, 3);
  EXPECT_EQ(page.items[0].amount, 20);
  const BudgetEntry& line = page.items[1];
  EXPECT_EQ(line.budget_id, "year");
  EXPECT_EQ(line.kind, BudgetEntryKind::kReserve);
  EXPECT_EQ(line.amount, 10);
  EXPECT_EQ(line.seats, 1);
  EXPECT_EQ(line.account_id, "acme");
  EXPECT_EQ(line.entitlement_id, "e1");
  EXPECT_EQ(line.reason, "because \"{}\\");
  EXPECT_EQ(line.principal, "tester");
  EXPECT_EQ(line.create_time, TestNow());
  page = list(page.next);
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].kind, BudgetEntryKind::kAdjust);
  EXPECT_EQ(page.next, "");
  // A number is taken once.
  EXPECT_FALSE(Do(*store_, [&](Transaction& tx) { return InsertEntries(tx, lines); }).ok());
}

}  // namespace
}  // namespace kam::store
