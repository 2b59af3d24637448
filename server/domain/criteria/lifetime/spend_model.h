// Gamma-Gamma model of what a customer spends on a purchase: Fader & Hardie (2013), The Gamma-Gamma
// Model of Monetary Value. The value of each purchase is Gamma(p, ν) with mean p / ν, and ν ~
// Gamma(q, v) varies between customers; value does not depend on how often a customer buys.
// Amounts may be in any unit, the same throughout: v and the results are in it, p and q have none.
// All functions are pure and thread-safe.
#ifndef KAM_SERVER_DOMAIN_LIFETIME_SPEND_MODEL_H_
#define KAM_SERVER_DOMAIN_LIFETIME_SPEND_MODEL_H_

#include <compare>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "model/criteria/lifetime_model.h"

namespace kam::domain {

// Valid when both are not negative and mean_value is finite.
struct SpendHistory {
  // x: purchases after the first. The first one is left out, as in the paper's CDNOW example.
  int64_t repeat_purchases = 0;
  // z̄: mean value of these purchases; ignored when there are none.
  double mean_value = 0;

  friend auto operator<=>(const SpendHistory&, const SpendHistory&) = default;
};

struct SpendFit {
  SpendParameters parameters;
  // evidence.customers counts those the model was fitted to.
  FitEvidence evidence;
  // Customers left out because they made no repeat purchase or spent nothing on them, on which the
  // model is silent.
  int64_t customers_left_out = 0;
};

// OK, or INVALID_ARGUMENT saying what is wrong with the history.
absl::Status ValidateSpendHistory(const SpendHistory& history);

// Maximum likelihood (Fader & Hardie 2013, eq. 1a). Deterministic, whatever the order of the
// customers. A fit that did not converge is returned with evidence.converged = false and the
// reason. Errors: INVALID_ARGUMENT names the first invalid history by its index;
// FAILED_PRECONDITION when fewer than kMinCustomersToFit customers have x >= 1 and z̄ > 0; INTERNAL
// when the likelihood cannot be computed.
absl::StatusOr<SpendFit> FitSpendModel(absl::Span<const SpendHistory> histories);

// ln of the density of z̄ given x, both positive; NaN for other histories or invalid parameters.
double LogLikelihood(const SpendParameters& parameters, const SpendHistory& history);

// The mean value expected of the customer's future purchases (Fader & Hardie 2013, eq. 5):
//   p (v + x z̄) / (p x + q - 1),
// a weighted mean of z̄ and the population's, which is what x = 0 gives: p v / (q - 1).
// Errors: INVALID_ARGUMENT for an invalid history or parameters; FAILED_PRECONDITION when
// p x + q <= 1, for then the mean is infinite.
absl::StatusOr<double> ExpectedOrderValue(const SpendParameters& parameters,
                                          const SpendHistory& history);

}  // namespace kam::domain

#endif  // KAM_SERVER_DOMAIN_LIFETIME_SPEND_MODEL_H_
