#include "domain/criteria/order_days.h"

#include <algorithm>

#include "base/status_macros.h"
#include "model/money.h"

namespace kam::domain {

absl::Span<const DayTotals> DaysBetween(const AccountHistory& history, int32_t from,
                                        int32_t until) {
  const auto before = [](const DayTotals& totals, int32_t day) { return totals.day < day; };
  const auto first = std::lower_bound(history.days.begin(), history.days.end(), from, before);
  const auto last = std::lower_bound(first, history.days.end(), until, before);
  return absl::MakeConstSpan(history.days).subspan(first - history.days.begin(), last - first);
}

absl::StatusOr<OrderTotals> SumOf(absl::Span<const DayTotals> days) {
  OrderTotals sum;
  for (const DayTotals& day : days) {
    sum.orders += day.orders;
    sum.full_price_orders += day.full_price_orders;
    KAM_ASSIGN_OR_RETURN(sum.net, CheckedAdd(sum.net, day.net));
    KAM_ASSIGN_OR_RETURN(sum.list, CheckedAdd(sum.list, day.list));
  }
  return sum;
}

}  // namespace kam::domain
