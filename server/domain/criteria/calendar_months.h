#pragma once

#include <cstdint>

namespace kam::domain {

// Calendar arithmetic in UTC on days since 1970-01-01.

// The day `months` calendar months before; the last day of that month when it is shorter:
// one month before 31 March is the end of February.
int32_t MonthsBefore(int32_t day, int32_t months);

// Number of the calendar month that contains a day; consecutive months have consecutive numbers.
int32_t MonthOf(int32_t day);

// The first day of a month numbered by MonthOf.
int32_t FirstDayOf(int32_t month);

}  // namespace kam::domain
