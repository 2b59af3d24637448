#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "model/criteria/metric.h"
#include "model/history/account_history.h"

namespace kam::domain {

// Metrics of one account's own orders and attributes; the others are in portfolio_metrics.h and
// lifetime_metrics.h. Orders on `as_of_day` or later do not count.
// `key.metric` is one of them and its window is resolved. Evidence counts: gaps between order
// days for kOrderIntervalCv; orders ever for kTenureMonths and kRevenue12m; orders in the window
// for prices (none without a list amount); orders of the earlier year for kRevenueGrowth (none
// before a tenure of 24 months); 1 for an attribute that is recorded; monthly_metrics.h for the
// rest. Errors: OUT_OF_RANGE (kAmountOverflow).
absl::StatusOr<Measurement> MeasureOrders(const AccountHistory& history, int32_t as_of_day,
                                          const MetricKey& key);

// Whole units of the account's currency.
double WholeUnits(const AccountHistory& history, int64_t minor);

}  // namespace kam::domain
