// Customer lifetime value: what a customer's future purchases are worth today.
#ifndef KAM_SERVER_DOMAIN_LIFETIME_LIFETIME_VALUE_H_
#define KAM_SERVER_DOMAIN_LIFETIME_LIFETIME_VALUE_H_

#include "absl/status/statusor.h"
#include "domain/criteria/lifetime/purchase_model.h"

namespace kam::domain {

// A mean month of 365.25 / 12 days.
inline constexpr double kWeeksPerMonth = 365.25 / 12 / 7;
inline constexpr int kMaxLifetimeMonths = 600;

struct LifetimeHorizon {
  // How far to look, 1 to kMaxLifetimeMonths.
  int months = 36;
  // Effective rate a year as a fraction, 0 to 10; .1 for 10 %. A month discounts by
  // (1 + rate)^(1/12).
  double annual_discount_rate = 0.1;
};

// Expected *revenue*, not profit: no margin and no cost of keeping the customer is taken off.
//   Σ_{m=1..months} (E[purchases by month m] - E[purchases by month m-1]) value / (1 + rate)^(m/12)
// as purchases of a month are discounted from its end. `expected_order_value` (>= 0) is of one
// purchase (see spend_model.h), in any unit; the result has the same. Errors: INVALID_ARGUMENT for
// arguments outside their ranges; OUT_OF_RANGE where ExpectedPurchases() gives up.
absl::StatusOr<double> DiscountedLifetimeValue(PurchaseModelKind kind,
                                               const PurchaseParameters& parameters,
                                               const PurchaseHistory& history,
                                               double expected_order_value,
                                               const LifetimeHorizon& horizon);

}  // namespace kam::domain

#endif  // KAM_SERVER_DOMAIN_LIFETIME_LIFETIME_VALUE_H_
