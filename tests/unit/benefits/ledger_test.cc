#include "domain/benefits/ledger.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"

namespace kam::domain {
namespace {

using Kind = BudgetEntryKind;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Budget Year(int64_t limit, std::optional<int64_t> seat_limit = std::nullopt) {
  Budget budget;
  budget.id = "year";
  budget.currency = "EUR";
  budget.limit = limit;
  budget.seat_limit = seat_limit;
  budget.entries = 1;
  budget.version = 1;
  budget.update_time = kNow;
  return budget;
}

absl::Status PostOne(Budget& budget, Kind kind, int64_t amount, int64_t seats = 0) {
  BudgetEntry line = {.kind = kind, .amount = amount, .seats = seats, .create_time = kNow};
  return Post(line, budget);
}

std::string BalanceOf(const Budget& budget) {
  return absl::StrCat(budget.limit, " ", budget.seat_limit.value_or(-1), " ", budget.reserved, " ",
                      budget.spent, " ", budget.seats_reserved, " ", budget.entries);
}

TEST(LedgerTest, TheBalanceIsTheSumOfTheLines) {
  Budget budget = Year(1000, 20);
  ASSERT_TRUE(PostOne(budget, Kind::kReserve, 400, 5).ok());
  ASSERT_TRUE(PostOne(budget, Kind::kReserve, 600, 15).ok());
  ASSERT_TRUE(PostOne(budget, Kind::kRelease, 100, 3).ok());
  ASSERT_TRUE(PostOne(budget, Kind::kSpend, 250).ok());
  ASSERT_TRUE(PostOne(budget, Kind::kAdjust, -100, -2).ok());
  EXPECT_EQ(BalanceOf(budget), "900 18 650 250 17 6");
  EXPECT_EQ(AvailableOf(budget), 0);
  EXPECT_EQ(budget.version, 1);
}

TEST(LedgerTest, NoLineTakesMoreThanThereIs) {
  Budget budget = Year(1000, 3);
  ASSERT_TRUE(PostOne(budget, Kind::kReserve, 900, 2).ok());
  const absl::Status money = PostOne(budget, Kind::kReserve, 101);
  ASSERT_TRUE(HasReason(money, ErrorReason::kBudgetExceeded)) << money;
  const auto details = GetErrorDetails(money);
  EXPECT_EQ(details->resource, "budgets/year");
  EXPECT_TRUE(HasReason(PostOne(budget, Kind::kReserve, 1, 2), ErrorReason::kSeatsExceeded));
  EXPECT_TRUE(HasReason(PostOne(budget, Kind::kAdjust, -101), ErrorReason::kBudgetExceeded));
  EXPECT_TRUE(HasReason(PostOne(budget, Kind::kAdjust, 0, -2), ErrorReason::kSeatsExceeded));
  EXPECT_TRUE(HasReason(PostOne(budget, Kind::kAdjust, INT64_MAX), ErrorReason::kAmountOverflow));
  EXPECT_TRUE(HasReason(PostOne(budget, Kind::kReserve, INT64_MAX), ErrorReason::kBudgetExceeded));
  EXPECT_TRUE(
      HasReason(PostOne(budget, Kind::kReserve, 0, INT64_MAX), ErrorReason::kAmountOverflow));
  EXPECT_FALSE(PostOne(budget, Kind::kRelease, 901).ok());
  EXPECT_FALSE(PostOne(budget, Kind::kRelease, 0, 3).ok());
  EXPECT_FALSE(PostOne(budget, Kind::kSpend, 901).ok());
  // Nothing of it left a trace.
  EXPECT_EQ(BalanceOf(budget), "1000 3 900 0 2 2");
  EXPECT_TRUE(PostOne(budget, Kind::kReserve, 100, 1).ok());
}

TEST(LedgerTest, ABudgetWithoutSeatLimitCountsThemOnly) {
  Budget budget = Year(1);
  ASSERT_TRUE(PostOne(budget, Kind::kReserve, 0, 1'000'000).ok());
  EXPECT_EQ(budget.seats_reserved, 1'000'000);
}

TEST(LedgerTest, LinesAreNumberedWithoutGaps) {
  Budget budget = Year(100);
  for (int64_t number = 2; number < 10; ++number) {
    EXPECT_FALSE(PostOne(budget, Kind::kReserve, 101).ok());
    BudgetEntry line = {.kind = Kind::kReserve, .amount = 1, .create_time = kNow};
    ASSERT_TRUE(Post(line, budget).ok());
    EXPECT_EQ(line.number, number);
    EXPECT_EQ(line.budget_id, "year");
  }
}

TEST(LedgerTest, TimesNeverRunBackwards) {
  Budget budget = Year(100);
  BudgetEntry line = {.kind = Kind::kReserve, .amount = 1, .create_time = kNow + absl::Seconds(5)};
  ASSERT_TRUE(Post(line, budget).ok());
  EXPECT_EQ(budget.update_time, kNow + absl::Seconds(5));
  // A clock that was set back, or another transaction's that began before.
  line.create_time = kNow - absl::Hours(1);
  ASSERT_TRUE(Post(line, budget).ok());
  EXPECT_EQ(line.create_time, kNow + absl::Seconds(5));
  EXPECT_EQ(budget.update_time, kNow + absl::Seconds(5));
}

}  // namespace
}  // namespace kam::domain
