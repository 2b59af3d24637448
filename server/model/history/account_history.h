#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace kam {

// The completed orders of one account on one UTC day. Amounts are minor units.
struct DayTotals {
  int32_t day = 0;  // days since 1970-01-01
  int32_t orders = 0;
  int32_t full_price_orders = 0;  // charged at their list amount or more
  int64_t net = 0;
  int64_t list = 0;

  friend bool operator==(const DayTotals&, const DayTotals&) = default;
};

// All that evaluating an account needs of its past: sufficient statistics of its orders, kept as
// monthly rollups, and what it declared. The same whether read from the rollups or from raw
// versions as known at a time.
struct AccountHistory {
  std::string account_id;
  std::string currency;
  std::optional<int64_t> declared_annual_spend;
  std::optional<int64_t> marketing_budget;
  std::vector<DayTotals> days;  // ascending, days with at least one completed order

  friend bool operator==(const AccountHistory&, const AccountHistory&) = default;
};

// The completed orders of one account in one calendar month (UTC).
struct MonthTotals {
  std::string account_id;
  int32_t month = 0;            // its first day, since 1970-01-01
  std::vector<DayTotals> days;  // ascending, days with at least one completed order
};

// Days since 1970-01-01 of the UTC day that contains `time`.
inline int32_t DayOf(absl::Time time) {
  return static_cast<int32_t>(
      absl::ToInt64Hours(absl::Floor(time - absl::UnixEpoch(), absl::Hours(24))) / 24);
}

// The first day of the UTC month that contains `time`, in days since 1970-01-01.
inline int32_t MonthOf(absl::Time time) {
  const absl::CivilDay first(absl::ToCivilMonth(time, absl::UTCTimeZone()));
  return static_cast<int32_t>(first - absl::CivilDay(1970));
}

// The start of a day in UTC.
inline absl::Time StartOfDay(int32_t day) { return absl::UnixEpoch() + absl::Hours(24) * day; }

}  // namespace kam
