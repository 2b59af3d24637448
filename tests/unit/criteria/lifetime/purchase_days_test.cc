#include "domain/criteria/lifetime/purchase_days.h"

#include <limits>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kam::domain {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(const std::vector<int32_t>& days, int32_t last_observed_day) {
  const absl::StatusOr<PurchaseHistory> history = HistoryFromPurchaseDays(days, last_observed_day);
  EXPECT_EQ(history.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(history.status().message());
}

TEST(PurchaseDays, RefusesNoDays) { EXPECT_EQ(ErrorOf({}, 10), "purchase_days is empty"); }

TEST(PurchaseDays, RefusesDaysOutOfOrderAndNamesTheFirst) {
  EXPECT_THAT(ErrorOf({1, 5, 4, 3}, 10), HasSubstr("purchase_days[2] = 4"));
}

TEST(PurchaseDays, RefusesADayGivenTwice) {
  EXPECT_THAT(ErrorOf({1, 5, 5}, 10), HasSubstr("purchase_days[2] = 5"));
}

TEST(PurchaseDays, RefusesAPurchaseAfterTheObservation) {
  EXPECT_THAT(ErrorOf({1, 11}, 10), HasSubstr("purchase day 11"));
}

TEST(PurchaseDays, CountsRepeatPurchasesAndMeasuresInWeeksFromTheFirst) {
  const absl::StatusOr<PurchaseHistory> history = HistoryFromPurchaseDays({100, 107, 121}, 135);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(*history, (PurchaseHistory{2, 3, 5}));
}

TEST(PurchaseDays, OnePurchaseOnTheLastDayIsAnEmptyHistory) {
  const absl::StatusOr<PurchaseHistory> history = HistoryFromPurchaseDays({-3}, -3);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(*history, (PurchaseHistory{0, 0, 0}));
}

TEST(PurchaseDays, TheWholeRangeOfDaysDoesNotOverflow) {
  constexpr int32_t kFirst = std::numeric_limits<int32_t>::min();
  constexpr int32_t kLast = std::numeric_limits<int32_t>::max();
  const absl::StatusOr<PurchaseHistory> history = HistoryFromPurchaseDays({kFirst}, kLast);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_DOUBLE_EQ(history->observed_weeks, 4294967295.0 / 7);
}

}  // namespace
}  // namespace kam::domain
