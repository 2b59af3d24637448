// From the days a customer bought on to what the purchase models know of them.
#ifndef KAM_SERVER_DOMAIN_LIFETIME_PURCHASE_DAYS_H_
#define KAM_SERVER_DOMAIN_LIFETIME_PURCHASE_DAYS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "domain/criteria/lifetime/purchase_model.h"

namespace kam::domain {

// Orders of one day are one purchase, as in the papers. `purchase_days` are UTC days since
// 1970-01-01, each once, ascending; `last_observed_day` is the last day of the observation, itself
// observed: for a window [start, end) it is the day before `end` when `end` is a midnight.
// Errors: INVALID_ARGUMENT when there is no day, the days do not ascend (names the index), or the
// last of them is after last_observed_day.
absl::StatusOr<PurchaseHistory> HistoryFromPurchaseDays(absl::Span<const int32_t> purchase_days,
                                                        int32_t last_observed_day);

}  // namespace kam::domain

#endif  // KAM_SERVER_DOMAIN_LIFETIME_PURCHASE_DAYS_H_
