#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "model/history/account_history.h"

namespace kam::domain {

// The order days in [from, until).
absl::Span<const DayTotals> DaysBetween(const AccountHistory& history, int32_t from, int32_t until);

// Sums over days; amounts are minor units.
struct OrderTotals {
  int64_t orders = 0;
  int64_t full_price_orders = 0;
  int64_t net = 0;
  int64_t list = 0;
};

// OUT_OF_RANGE (kAmountOverflow).
absl::StatusOr<OrderTotals> SumOf(absl::Span<const DayTotals> days);

}  // namespace kam::domain
