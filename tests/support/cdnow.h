// The public CDNOW data the lifetime models were published with: all customers who first bought in
// the first quarter of 1997, followed to the end of June 1998. Files are read from the directory
// named by the environment variable KAM_CDNOW_DIR (folder lifetimes/datasets of the PyPI package
// Lifetimes 0.11.3); a missing variable or file is an error, never an empty answer.
#ifndef KAM_TESTS_SUPPORT_CDNOW_H_
#define KAM_TESTS_SUPPORT_CDNOW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace kam::support {

// Days since 1970-01-01, the last ones of weeks 39 (1997-09-30) and 78 (1998-06-30).
inline constexpr int32_t kCdnowCalibrationEnd = 10134;
inline constexpr int32_t kCdnowHoldoutEnd = 10407;

struct CdnowPurchase {
  // Since 1970-01-01.
  int32_t day;
  // All orders of the day, in dollars; 0 occurs.
  double value;
};

struct CdnowCustomer {
  std::string id;
  // One a day, ascending; at least one.
  std::vector<CdnowPurchase> purchases;

  std::vector<int32_t> DaysUntil(int32_t last_day) const;
};

enum class CdnowFile { kSample, kMaster };

// The 2,357 customers of the 1/10 sample, or all 23,570, each by its own ids in ascending
// order; the sample's are those of the summary below.
absl::StatusOr<std::vector<CdnowCustomer>> ReadCdnow(CdnowFile file);

// One customer of the authors' summary of the sample at the end of week 39; times in weeks with two
// decimals, mean_value in dollars of the repeat purchases.
struct CdnowSummary {
  int64_t repeat_purchases;
  double last_purchase_weeks;
  double observed_weeks;
  double mean_value;
};

absl::StatusOr<std::vector<CdnowSummary>> ReadCdnowSummary();

}  // namespace kam::support

#endif  // KAM_TESTS_SUPPORT_CDNOW_H_
