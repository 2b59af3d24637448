#include "domain/criteria/lifetime/purchase_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "domain/criteria/lifetime/gamma_functions.h"

namespace kam::domain {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kMaxTerms = int64_t{1} << 22;

bool IsPositive(double value) { return std::isfinite(value) && value > 0; }

bool AreValid(const PurchaseParameters& parameters, const PurchaseHistory& history) {
  return IsPositive(parameters.r) && IsPositive(parameters.alpha) && IsPositive(parameters.a) &&
         IsPositive(parameters.b) && ValidatePurchaseHistory(history).ok();
}

// Times the customer could have left and is known, if alive, to have stayed.
double TimesStayed(PurchaseModelKind kind, const PurchaseHistory& history) {
  const double x = static_cast<double>(history.repeat_purchases);
  return kind == PurchaseModelKind::kBgNbd ? x : x + 1;
}

// ln of the odds that the customer left at the last purchase; -infinity when that cannot be.
double LogOddsOfHavingLeft(PurchaseModelKind kind, const PurchaseParameters& parameters,
                           const PurchaseHistory& history) {
  const double stayed = TimesStayed(kind, history);
  if (stayed == 0) return -std::numeric_limits<double>::infinity();
  const double x = static_cast<double>(history.repeat_purchases);
  const double silence = (history.observed_weeks - history.last_purchase_weeks) /
                         (parameters.alpha + history.last_purchase_weeks);
  return std::log(parameters.a / (parameters.b + stayed - 1)) +
         (parameters.r + x) * std::log1p(silence);
}

// ln(1 + e^y) without overflow.
double LogOnePlusExp(double y) {
  return y > 0 ? y + std::log1p(std::exp(-y)) : std::log1p(std::exp(y));
}

// The number of purchases N of a customer who never leaves, over the next t weeks, is negative
// binomial with shape k = r + x and mean k s, where s = t / (α + T).
class FuturePurchases {
 public:
  FuturePurchases(double shape, double scale)
      : shape_(shape),
        scale_(scale),
        ratio_(scale / (1 + scale)),
        log_constant_(-LogGamma(shape) - shape * std::log1p(scale)),
        log_ratio_(-std::log1p(1 / scale)) {}

  // P(N = n).
  double Probability(double n) const {
    return std::exp(log_constant_ + LogGamma(shape_ + n) - LogGamma(n + 1) + n * log_ratio_);
  }

  // P(N = n - 1) / P(N = n).
  double StepDown(double n) const { return n / ((shape_ + n - 1) * ratio_); }

  // The smallest n tried for which Σ_{m>n} (m - n) P(N = m), which bounds what the series leaves
  // out, is lost in the rounding of P(N > 0), its first term. The ratio of successive
  // probabilities beyond n never exceeds `decay`, hence the geometric bound. -1: above kMaxTerms.
  int64_t LastTerm() const {
    const double mean = shape_ * scale_;
    const double deviation = std::sqrt(mean * (1 + scale_));
    const double step = deviation + 3 * (1 + scale_);
    const double negligible =
        -std::expm1(-shape_ * std::log1p(scale_)) * std::numeric_limits<double>::epsilon() / 4;
    for (double n = std::ceil(mean + 6 * deviation + 4 * (1 + scale_));
         n <= static_cast<double>(kMaxTerms); n = std::ceil(n + step)) {
      const double decay = std::max(ratio_, ratio_ * (shape_ + n) / (n + 1));
      if (decay < 1 && Probability(n) * decay <= negligible * (1 - decay) * (1 - decay)) {
        return static_cast<int64_t>(n);
      }
    }
    return -1;
  }

 private:
  double shape_;
  double scale_;
  double ratio_;
  double log_constant_;
  double log_ratio_;
};

// E[purchases | alive at T]. The (j+1)-th future purchase happens when N > j and the customer
// stayed after each of the j before it; with p ~ Beta(a, b') given the history,
//   E = Σ_{j>=0} P(N > j) Π_{i<j} (b' + i) / (a + b' + i).
// Every term is positive, so nothing cancels: unlike the published 2F1 form, it holds at a = 1 and
// for short times. Summed from the far end by Horner's rule, so nothing underflows that matters.
double ExpectedWhenAlive(const FuturePurchases& future, double a, double stay) {
  const int64_t last = future.LastTerm();
  if (last < 0) return kNaN;
  double probability = future.Probability(static_cast<double>(last));
  double tail = 0;
  double sum = 0;
  for (int64_t n = last; n >= 1; --n) {
    const double j = static_cast<double>(n - 1);
    tail += probability;
    sum = tail + (stay + j) / (a + stay + j) * sum;
    probability *= future.StepDown(static_cast<double>(n));
  }
  return sum;
}

}  // namespace

absl::Status ValidatePurchaseHistory(const PurchaseHistory& history) {
  const auto& [x, last, observed] = history;
  if (x < 0) {
    return absl::InvalidArgumentError(absl::StrCat("repeat_purchases is negative: ", x));
  }
  if (!std::isfinite(last) || last < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("last_purchase_weeks is not a finite number of 0 or more: ", last));
  }
  if (!std::isfinite(observed) || observed < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("observed_weeks is not a finite number of 0 or more: ", observed));
  }
  if (last > observed) {
    return absl::InvalidArgumentError(absl::StrCat(
        "last_purchase_weeks ", last, " is after the end of observed_weeks ", observed));
  }
  if ((x == 0) != (last == 0)) {
    return absl::InvalidArgumentError(absl::StrCat("repeat_purchases ", x,
                                                   " contradicts last_purchase_weeks ", last,
                                                   ": both are 0 or neither is"));
  }
  return absl::OkStatus();
}

double LogLikelihood(PurchaseModelKind kind, const PurchaseParameters& parameters,
                     const PurchaseHistory& history) {
  if (!AreValid(parameters, history)) return kNaN;
  const auto& [r, alpha, a, b] = parameters;
  const double x = static_cast<double>(history.repeat_purchases);
  const double stayed = TimesStayed(kind, history);
  return LogGamma(r + x) - LogGamma(r) - r * std::log1p(history.observed_weeks / alpha) -
         x * std::log(alpha + history.observed_weeks) + LogGamma(a + b) - LogGamma(b) +
         LogGamma(b + stayed) - LogGamma(a + b + stayed) +
         LogOnePlusExp(LogOddsOfHavingLeft(kind, parameters, history));
}

double ProbabilityAlive(PurchaseModelKind kind, const PurchaseParameters& parameters,
                        const PurchaseHistory& history) {
  if (!AreValid(parameters, history)) return kNaN;
  return 1 / (1 + std::exp(LogOddsOfHavingLeft(kind, parameters, history)));
}

double ExpectedPurchases(PurchaseModelKind kind, const PurchaseParameters& parameters,
                         const PurchaseHistory& history, double weeks) {
  if (!AreValid(parameters, history) || !std::isfinite(weeks) || weeks < 0) return kNaN;
  if (weeks == 0) return 0;
  const double x = static_cast<double>(history.repeat_purchases);
  const FuturePurchases future(parameters.r + x,
                               weeks / (parameters.alpha + history.observed_weeks));
  return ProbabilityAlive(kind, parameters, history) *
         ExpectedWhenAlive(future, parameters.a, parameters.b + TimesStayed(kind, history));
}

}  // namespace kam::domain
