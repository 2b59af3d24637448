// Buy-till-you-die models of repeat purchasing: how often will a customer buy, and are they still
// one? A customer buys at random moments (Poisson, rate λ a week) and after a purchase leaves for
// good with probability p; λ ~ Gamma(r, α) and p ~ Beta(a, b) vary between customers.
//   BG/NBD:  Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science
//            24(2). A customer who never bought again is alive with certainty.
//   MBG/NBD: Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models
//            for customer base analysis, Int. J. of Research in Marketing 24(3). A customer may
//            leave after the first purchase as well.
// Time is in weeks since the customer's first purchase. All functions are pure and thread-safe.
#ifndef KAM_SERVER_DOMAIN_LIFETIME_PURCHASE_MODEL_H_
#define KAM_SERVER_DOMAIN_LIFETIME_PURCHASE_MODEL_H_

#include <compare>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "model/criteria/lifetime_model.h"

namespace kam::domain {

// What is known of one customer; sufficient for both models. Valid when
// 0 <= last_purchase_weeks <= observed_weeks, all finite, and last_purchase_weeks is 0 exactly when
// there is no repeat purchase.
struct PurchaseHistory {
  // x: purchases after the first.
  int64_t repeat_purchases = 0;
  // t_x: when the last of them was.
  double last_purchase_weeks = 0;
  // T: how long the customer has been observed.
  double observed_weeks = 0;

  friend auto operator<=>(const PurchaseHistory&, const PurchaseHistory&) = default;
};

struct PurchaseFit {
  PurchaseModelKind kind = PurchaseModelKind::kMbgNbd;
  PurchaseParameters parameters;
  FitEvidence evidence;
};

// OK, or INVALID_ARGUMENT saying what is wrong with the history.
absl::Status ValidatePurchaseHistory(const PurchaseHistory& history);

// Maximum likelihood. The order of the customers does not matter; the result is deterministic.
// A fit that did not converge is returned with evidence.converged = false and the reason.
// Errors: INVALID_ARGUMENT names the first invalid history by its index; FAILED_PRECONDITION when
// there are fewer than kMinCustomersToFit customers or nobody bought again; INTERNAL when the
// likelihood cannot be computed.
absl::StatusOr<PurchaseFit> FitPurchaseModel(PurchaseModelKind kind,
                                             absl::Span<const PurchaseHistory> histories);

// The functions below give NaN for an invalid history or parameters that are not positive.

// ln of the likelihood of one history. BG/NBD: Fader, Hardie & Lee (2005), eq. (6).
double LogLikelihood(PurchaseModelKind kind, const PurchaseParameters& parameters,
                     const PurchaseHistory& history);

// The chance, 0 to 1, that the customer has not left by the end of the observation.
//   BG/NBD:  1 / (1 + a/(b+x-1) ((α+T)/(α+t_x))^(r+x)), and 1 when x = 0 (Fader, Hardie & Lee,
//            Computing P(alive) Using the BG/NBD Model, 2008).
//   MBG/NBD: 1 / (1 + a/(b+x) ((α+T)/(α+t_x))^(r+x)).
double ProbabilityAlive(PurchaseModelKind kind, const PurchaseParameters& parameters,
                        const PurchaseHistory& history);

// Purchases expected in the `weeks` (>= 0) after the observation, given the history. BG/NBD: Fader,
// Hardie & Lee (2005), eq. (10), computed by another, stable series (see the .cc). The work grows
// with the purchases a customer who never leaves could make in that time; NaN when those pass four
// million.
double ExpectedPurchases(PurchaseModelKind kind, const PurchaseParameters& parameters,
                         const PurchaseHistory& history, double weeks);

}  // namespace kam::domain

#endif  // KAM_SERVER_DOMAIN_LIFETIME_PURCHASE_MODEL_H_
