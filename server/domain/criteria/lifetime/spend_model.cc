#include "domain/criteria/lifetime/spend_model.h"

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/criteria/lifetime/distinct_histories.h"
#include "domain/criteria/lifetime/gamma_functions.h"
#include "domain/criteria/lifetime/likelihood_search.h"

namespace kam::domain {
namespace {

using WeightedSpend = WeightedHistory<SpendHistory>;

bool IsPositive(double value) { return std::isfinite(value) && value > 0; }

bool AreValid(const SpendParameters& parameters) {
  return IsPositive(parameters.p) && IsPositive(parameters.q) && IsPositive(parameters.v);
}

// What all customers with the same number of repeat purchases share, and its derivatives.
struct CountTerms {
  CountTerms(const SpendParameters& parameters, int64_t repeat_purchases)
      : x(static_cast<double>(repeat_purchases)), log_x(std::log(x)) {
    const auto& [p, q, v] = parameters;
    log_likelihood = LogGamma(p * x + q) - LogGamma(p * x) - LogGamma(q) + q * std::log(v);
    by_p = x * (Digamma(p * x + q) - Digamma(p * x));
    by_q = Digamma(p * x + q) - Digamma(q) + std::log(v);
  }

  double x;
  double log_x;
  double log_likelihood;
  double by_p;
  double by_q;
};

// LogLikelihood() of many histories at once, with its gradient by p, q, v. `histories` are in
// ascending order.
double PortfolioLikelihood(absl::Span<const WeightedSpend> histories,
                           absl::Span<const double> point, absl::Span<double> gradient) {
  const SpendParameters parameters{point[0], point[1], point[2]};
  const auto& [p, q, v] = parameters;
  for (double& slope : gradient) slope = 0;
  double sum = 0;
  for (size_t i = 0; i < histories.size();) {
    const int64_t count = histories[i].history.repeat_purchases;
    const CountTerms terms(parameters, count);
    for (; i < histories.size() && histories[i].history.repeat_purchases == count; ++i) {
      const auto& [history, weight] = histories[i];
      const double log_mean = std::log(history.mean_value);
      const double scale = v + terms.x * history.mean_value;
      const double log_share = terms.log_x + log_mean - std::log(scale);
      sum += weight *
             (terms.log_likelihood + p * terms.x * log_share - log_mean - q * std::log(scale));
      gradient[0] += weight * (terms.by_p + terms.x * log_share);
      gradient[1] += weight * (terms.by_q - std::log(scale));
      gradient[2] += weight * (q / v - (p * terms.x + q) / scale);
    }
  }
  return sum;
}

// The histories the model speaks of.
absl::StatusOr<std::vector<SpendHistory>> SelectSpenders(absl::Span<const SpendHistory> histories) {
  std::vector<SpendHistory> spenders;
  for (size_t i = 0; i < histories.size(); ++i) {
    if (absl::Status status = ValidateSpendHistory(histories[i]); !status.ok()) {
      return absl::Status(status.code(), absl::StrCat("histories[", i, "]: ", status.message()));
    }
    if (histories[i].repeat_purchases > 0 && histories[i].mean_value > 0) {
      spenders.push_back(histories[i]);
    }
  }
  if (static_cast<int64_t>(spenders.size()) < kMinCustomersToFit) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a spend model needs at least ", kMinCustomersToFit,
        " customers who spent something on repeat purchases, there are ", spenders.size()));
  }
  return spenders;
}

}  // namespace

absl::Status ValidateSpendHistory(const SpendHistory& history) {
  if (history.repeat_purchases < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("repeat_purchases is negative: ", history.repeat_purchases));
  }
  if (!std::isfinite(history.mean_value) || history.mean_value < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("mean_value is not a finite number of 0 or more: ", history.mean_value));
  }
  return absl::OkStatus();
}

double LogLikelihood(const SpendParameters& parameters, const SpendHistory& history) {
  if (!AreValid(parameters) || !ValidateSpendHistory(history).ok() ||
      history.repeat_purchases == 0 || history.mean_value == 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const auto& [p, q, v] = parameters;
  const CountTerms terms(parameters, history.repeat_purchases);
  const double total = terms.x * history.mean_value;
  return terms.log_likelihood - p * terms.x * std::log1p(v / total) - std::log(history.mean_value) -
         q * std::log(v + total);
}

absl::StatusOr<SpendFit> FitSpendModel(absl::Span<const SpendHistory> histories) {
  absl::StatusOr<std::vector<SpendHistory>> spenders = SelectSpenders(histories);
  if (!spenders.ok()) return spenders.status();
  const auto customers = static_cast<int64_t>(spenders->size());
  const std::vector<WeightedSpend> distinct = CountDistinct(*std::move(spenders));
  double mean = 0;
  for (const auto& [history, weight] : distinct) {
    mean += weight * history.mean_value / static_cast<double>(customers);
  }

  // v is searched around the mean value, so that the unit does not matter.
  const std::vector<ParameterRange> ranges = {
      {"p", 1e-5, 1e5}, {"q", 1e-5, 1e5}, {"v", 1e-5 * mean, 1e5 * mean}};
  const std::vector<std::vector<double>> starts = {
      {5, 4, 0.5 * mean}, {1, 2, mean}, {20, 20, mean}, {2, 0.5, 0.2 * mean}};
  absl::StatusOr<LikelihoodMaximum> maximum = MaximizeLikelihood(
      [&](absl::Span<const double> point, absl::Span<double> gradient) {
        return PortfolioLikelihood(distinct, point, gradient);
      },
      ranges, starts);
  if (!maximum.ok()) return maximum.status();

  const std::vector<double>& at = maximum->parameters;
  return SpendFit{{at[0], at[1], at[2]},
                  {customers, static_cast<int64_t>(distinct.size()), maximum->evaluations,
                   maximum->log_likelihood, maximum->converged, std::move(maximum->stop_reason)},
                  static_cast<int64_t>(histories.size()) - customers};
}

absl::StatusOr<double> ExpectedOrderValue(const SpendParameters& parameters,
                                          const SpendHistory& history) {
  if (!AreValid(parameters)) {
    return absl::InvalidArgumentError("spend parameters are not positive and finite");
  }
  if (absl::Status status = ValidateSpendHistory(history); !status.ok()) return status;
  const auto& [p, q, v] = parameters;
  const double x = static_cast<double>(history.repeat_purchases);
  const double weight = p * x + q - 1;
  if (!(weight > 0)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the expected order value is infinite: p x + q = ", weight + 1, " <= 1"));
  }
  const double total = history.repeat_purchases == 0 ? 0 : x * history.mean_value;
  return p * (v + total) / weight;
}

}  // namespace kam::domain
