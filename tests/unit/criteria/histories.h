#pragma once

#include <cstdint>
#include <initializer_list>

#include "absl/time/civil_time.h"
#include "model/history/account_history.h"

namespace kam::domain {

inline int32_t Day(int year, int month, int day) {
  return static_cast<int32_t>(absl::CivilDay(year, month, day) - absl::CivilDay(1970, 1, 1));
}

// A day with one order at full price.
inline DayTotals OneOrder(int32_t day, int64_t net) {
  return {.day = day, .orders = 1, .full_price_orders = 1, .net = net, .list = net};
}

inline AccountHistory HistoryOf(std::initializer_list<DayTotals> days) {
  AccountHistory history;
  history.account_id = "acme";
  history.currency = "EUR";
  history.days = days;
  return history;
}

}  // namespace kam::domain
