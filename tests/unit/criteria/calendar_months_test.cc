#include "domain/criteria/calendar_months.h"

#include "gtest/gtest.h"
#include "unit/criteria/histories.h"

namespace kam::domain {
namespace {

TEST(CalendarMonthsTest, KeepsTheDayOfTheMonth) {
  EXPECT_EQ(MonthsBefore(Day(1998, 7, 1), 12), Day(1997, 7, 1));
  EXPECT_EQ(MonthsBefore(Day(2024, 3, 15), 3), Day(2023, 12, 15));
}

TEST(CalendarMonthsTest, EndsAtTheLastDayOfAShorterMonth) {
  EXPECT_EQ(MonthsBefore(Day(2023, 3, 31), 1), Day(2023, 2, 28));
  EXPECT_EQ(MonthsBefore(Day(2024, 3, 31), 1), Day(2024, 2, 29));
  EXPECT_EQ(MonthsBefore(Day(2024, 2, 29), 12), Day(2023, 2, 28));
}

TEST(CalendarMonthsTest, NumbersMonthsConsecutively) {
  EXPECT_EQ(MonthOf(Day(1970, 1, 31)), 0);
  EXPECT_EQ(MonthOf(Day(1969, 12, 31)), -1);
  EXPECT_EQ(MonthOf(Day(1998, 1, 1)), MonthOf(Day(1997, 12, 31)) + 1);
  EXPECT_EQ(FirstDayOf(MonthOf(Day(2024, 2, 29))), Day(2024, 2, 1));
}

}  // namespace
}  // namespace kam::domain
