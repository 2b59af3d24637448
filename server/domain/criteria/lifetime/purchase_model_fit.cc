#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/criteria/lifetime/distinct_histories.h"
#include "domain/criteria/lifetime/gamma_functions.h"
#include "domain/criteria/lifetime/likelihood_search.h"
#include "domain/criteria/lifetime/purchase_model.h"

namespace kam::domain {
namespace {

using WeightedPurchases = WeightedHistory<PurchaseHistory>;

// What all customers with the same number of repeat purchases share, and its derivatives.
struct CountTerms {
  CountTerms(PurchaseModelKind kind, const PurchaseParameters& parameters, int64_t repeat_purchases)
      : x(static_cast<double>(repeat_purchases)),
        stayed(kind == PurchaseModelKind::kBgNbd ? x : x + 1) {
    const auto& [r, alpha, a, b] = parameters;
    log_likelihood = LogGamma(r + x) - LogGamma(r) + r * std::log(alpha) + LogGamma(a + b) -
                     LogGamma(b) + LogGamma(b + stayed) - LogGamma(a + b + stayed);
    by_r = Digamma(r + x) - Digamma(r) + std::log(alpha);
    by_a = Digamma(a + b) - Digamma(a + b + stayed);
    by_b = by_a - Digamma(b) + Digamma(b + stayed);
    if (stayed > 0) log_leaving = std::log(a / (b + stayed - 1));
  }

  double x;
  // Times the customer could have left and is known, if alive, to have stayed. With none, the
  // customer cannot have left.
  double stayed;
  double log_likelihood;
  double by_r;
  double by_a;
  double by_b;
  // ln of the odds of having left, but for the silence since the last purchase.
  double log_leaving = 0;
};

// LogLikelihood() of many histories at once, with its gradient by r, alpha, a, b.
class PortfolioLikelihood {
 public:
  // `histories` are in ascending order, by repeat_purchases first, and outlive this.
  PortfolioLikelihood(PurchaseModelKind kind, absl::Span<const WeightedPurchases> histories)
      : kind_(kind), histories_(histories) {}

  double operator()(absl::Span<const double> point, absl::Span<double> gradient) const {
    const PurchaseParameters parameters{point[0], point[1], point[2], point[3]};
    for (double& slope : gradient) slope = 0;
    double sum = 0;
    for (size_t i = 0; i < histories_.size();) {
      const CountTerms terms(kind_, parameters, histories_[i].history.repeat_purchases);
      size_t end = i;
      while (end < histories_.size() &&
             histories_[end].history.repeat_purchases == histories_[i].history.repeat_purchases) {
        sum += Add(terms, parameters, histories_[end++], gradient);
      }
      i = end;
    }
    return sum;
  }

 private:
  static double Add(const CountTerms& terms, const PurchaseParameters& parameters,
                    const WeightedPurchases& customers, absl::Span<double> gradient) {
    const auto& [r, alpha, a, b] = parameters;
    const double weight = customers.weight;
    const double shape = r + terms.x;
    const double until_now = alpha + customers.history.observed_weeks;
    const double until_last = alpha + customers.history.last_purchase_weeks;
    const double log_now = std::log(until_now);
    double value = terms.log_likelihood - shape * log_now;
    double by_r = terms.by_r - log_now;
    double by_alpha = r / alpha - shape / until_now;
    double by_a = terms.by_a;
    double by_b = terms.by_b;
    if (terms.stayed > 0) {
      const double log_silence = log_now - std::log(until_last);
      const double log_odds = terms.log_leaving + shape * log_silence;
      const double inverse_odds = std::exp(-log_odds);
      const double left = 1 / (1 + inverse_odds);
      // ln(1 + odds); the first form where odds could overflow, the second where they are small.
      value += log_odds > 0 ? log_odds + std::log1p(inverse_odds) : std::log1p(std::exp(log_odds));
      by_r += left * log_silence;
      by_alpha += left * shape * (1 / until_now - 1 / until_last);
      by_a += left / a;
      by_b -= left / (b + terms.stayed - 1);
    }
    gradient[0] += weight * by_r;
    gradient[1] += weight * by_alpha;
    gradient[2] += weight * by_a;
    gradient[3] += weight * by_b;
    return weight * value;
  }

  PurchaseModelKind kind_;
  absl::Span<const WeightedPurchases> histories_;
};

absl::Status Check(absl::Span<const PurchaseHistory> histories) {
  bool anyone_returned = false;
  for (size_t i = 0; i < histories.size(); ++i) {
    if (absl::Status status = ValidatePurchaseHistory(histories[i]); !status.ok()) {
      return absl::Status(status.code(), absl::StrCat("histories[", i, "]: ", status.message()));
    }
    anyone_returned |= histories[i].repeat_purchases > 0;
  }
  if (static_cast<int64_t>(histories.size()) < kMinCustomersToFit) {
    return absl::FailedPreconditionError(absl::StrCat("a purchase model needs at least ",
                                                      kMinCustomersToFit, " customers, there are ",
                                                      histories.size()));
  }
  if (!anyone_returned) {
    return absl::FailedPreconditionError(
        absl::StrCat("none of the ", histories.size(), " customers made a repeat purchase"));
  }
  return absl::OkStatus();
}

// The weeks customers are observed for each repeat purchase they make.
double WeeksPerPurchase(absl::Span<const WeightedPurchases> customers) {
  double weeks = 0;
  double purchases = 0;
  for (const auto& [history, weight] : customers) {
    weeks += weight * history.observed_weeks;
    purchases += weight * static_cast<double>(history.repeat_purchases);
  }
  return weeks / purchases;
}

}  // namespace

absl::StatusOr<PurchaseFit> FitPurchaseModel(PurchaseModelKind kind,
                                             absl::Span<const PurchaseHistory> histories) {
  if (absl::Status status = Check(histories); !status.ok()) return status;
  const std::vector<WeightedPurchases> distinct =
      CountDistinct(std::vector<PurchaseHistory>(histories.begin(), histories.end()));

  // alpha is searched around the mean time between purchases, so that the unit does not matter.
  const double gap = WeeksPerPurchase(distinct);
  const std::vector<ParameterRange> ranges = {
      {"r", 1e-5, 1e5}, {"alpha", 1e-5 * gap, 1e5 * gap}, {"a", 1e-5, 1e5}, {"b", 1e-5, 1e5}};
  const std::vector<std::vector<double>> starts = {
      {1, gap, 1, 3}, {0.3, 0.3 * gap, 0.5, 5}, {3, 2 * gap, 0.2, 1}, {1, 0.5 * gap, 5, 20}};
  const PortfolioLikelihood likelihood(kind, distinct);
  absl::StatusOr<LikelihoodMaximum> maximum = MaximizeLikelihood(likelihood, ranges, starts);
  if (!maximum.ok()) return maximum.status();

  const std::vector<double>& at = maximum->parameters;
  return PurchaseFit{kind,
                     {at[0], at[1], at[2], at[3]},
                     {static_cast<int64_t>(histories.size()), static_cast<int64_t>(distinct.size()),
                      maximum->evaluations, maximum->log_likelihood, maximum->converged,
                      std::move(maximum->stop_reason)}};
}

}  // namespace kam::domain
