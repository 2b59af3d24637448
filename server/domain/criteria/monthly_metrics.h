#pragma once

#include "absl/status/statusor.h"
#include "model/criteria/metric.h"
#include "model/history/account_history.h"

namespace kam::domain {

// Metrics of monthly series: calendar months in UTC. The months observed are those from the month
// of the first order in the window to the month of the last day before `as_of_day`.
//   kActiveMonthShare  months with an order ÷ months observed; evidence: months observed
//   kDemandAdi         months observed ÷ months with demand (net amount above 0)
//   kDemandCv2         (sample standard deviation ÷ mean)² of the amounts of months with demand
//   kDemandClass       from these two, cut at 1.32 and 0.49; evidence of all three: months with
//                      demand (Syntetos & Boylan 2005, Int. J. of Forecasting 21(2))
//   kRevenueTrend      least-squares slope of monthly net revenue ÷ its mean, over the calendar
//                      months that lie wholly between as_of and the later of the window's start and
//                      the first order ever; evidence: those months, none when they brought nothing
// Errors: OUT_OF_RANGE (kAmountOverflow).
absl::StatusOr<Measurement> MeasureMonths(const AccountHistory& history, int32_t as_of_day,
                                          const MetricKey& key);

}  // namespace kam::domain
