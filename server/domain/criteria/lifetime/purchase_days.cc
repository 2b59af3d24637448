#include "domain/criteria/lifetime/purchase_days.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kam::domain {
namespace {

double WeeksBetween(int32_t first_day, int32_t last_day) {
  return static_cast<double>(int64_t{last_day} - first_day) / 7;
}

}  // namespace

absl::StatusOr<PurchaseHistory> HistoryFromPurchaseDays(absl::Span<const int32_t> purchase_days,
                                                        int32_t last_observed_day) {
  if (purchase_days.empty()) return absl::InvalidArgumentError("purchase_days is empty");
  for (size_t i = 1; i < purchase_days.size(); ++i) {
    if (purchase_days[i] > purchase_days[i - 1]) continue;
    return absl::InvalidArgumentError(absl::StrCat("purchase_days[", i, "] = ", purchase_days[i],
                                                   " is not after the day before it, ",
                                                   purchase_days[i - 1]));
  }
  if (purchase_days.back() > last_observed_day) {
    return absl::InvalidArgumentError(absl::StrCat("purchase day ", purchase_days.back(),
                                                   " is after the last observed day, ",
                                                   last_observed_day));
  }
  return PurchaseHistory{static_cast<int64_t>(purchase_days.size()) - 1,
                         WeeksBetween(purchase_days.front(), purchase_days.back()),
                         WeeksBetween(purchase_days.front(), last_observed_day)};
}

}  // namespace kam::domain
