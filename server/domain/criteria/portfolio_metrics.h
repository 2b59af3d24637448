#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include "absl/strings/string_view.h"

#include "absl/status/statusor.h"
#include "model/criteria/metric.h"

namespace kam::domain {

// What an account brought in the last 12 months, in minor units of the reporting currency.
struct AccountRevenue {
  std::string account_id;
  int64_t revenue_12m = 0;
};

// What metrics need to know of all accounts together. Small; may be copied and kept.
class PortfolioContext {
 public:
  // OUT_OF_RANGE (kAmountOverflow) when the sum does not fit.
  static absl::StatusOr<PortfolioContext> Of(std::vector<AccountRevenue> accounts);

  int64_t revenue_12m() const { return revenue_12m_; }

  // 1 A: the fewest top accounts that make at least 80 %; 2 B: the next ones, to 95 %; 3 C: the
  // rest and whoever brought nothing. Accounts of equal revenue stand in the order of their ids.
  int32_t ParetoClassOf(absl::string_view account_id, int64_t revenue_12m) const;

 private:
  int64_t revenue_12m_ = 0;
  AccountRevenue last_a_;
  AccountRevenue last_b_;
};

// kRevenueShare and kParetoClass.
bool IsPortfolioMetric(Metric metric);

// `orders_ever`: completed orders before as_of, which are the evidence.
Measurement MeasureInPortfolio(const PortfolioContext& portfolio, absl::string_view account_id,
                               int64_t revenue_12m, int64_t orders_ever, const MetricKey& key);

}  // namespace kam::domain
