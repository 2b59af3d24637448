#include "domain/criteria/calendar_months.h"

#include <algorithm>

#include "absl/time/civil_time.h"

namespace kam::domain {
namespace {

absl::CivilDay ToCivil(int32_t day) { return absl::CivilDay(1970, 1, 1) + day; }

int32_t FromCivil(absl::CivilDay day) {
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

}  // namespace

int32_t MonthsBefore(int32_t day, int32_t months) {
  const absl::CivilDay civil = ToCivil(day);
  const absl::CivilMonth month = absl::CivilMonth(civil) - months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return FromCivil(std::min(absl::CivilDay(month) + (civil.day() - 1), last));
}

int32_t MonthOf(int32_t day) {
  return static_cast<int32_t>(absl::CivilMonth(ToCivil(day)) - absl::CivilMonth(1970, 1));
}

int32_t FirstDayOf(int32_t month) {
  return FromCivil(absl::CivilDay(absl::CivilMonth(1970, 1) + month));
}

}  // namespace kam::domain
