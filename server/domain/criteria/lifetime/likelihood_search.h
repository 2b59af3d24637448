// Maximum likelihood over a few positive parameters: the search shared by the lifetime models.
#ifndef KAM_SERVER_DOMAIN_LIFETIME_LIKELIHOOD_SEARCH_H_
#define KAM_SERVER_DOMAIN_LIFETIME_LIKELIHOOD_SEARCH_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace kam::domain {

// Returns the log-likelihood at `parameters` and writes its partial derivatives, by the same
// parameters, to `gradient` (of the same size).
using LogLikelihoodFunction =
    absl::FunctionRef<double(absl::Span<const double> parameters, absl::Span<double> gradient)>;

// The range one parameter is searched in: 0 < lowest < highest.
struct ParameterRange {
  std::string name;
  double lowest;
  double highest;
};

struct LikelihoodMaximum {
  std::vector<double> parameters;
  double log_likelihood;
  // Evaluations over all starting points.
  int evaluations;
  // See FitEvidence.
  bool converged;
  std::string stop_reason;
};

// Climbs from every starting point (L-BFGS over the logarithms of the parameters, by NLopt) and
// returns the highest point found. The same input gives the same answer. A search that ends
// anywhere but on a maximum is returned with converged = false. Errors: INVALID_ARGUMENT when
// there is no start or a start lies outside a range; INTERNAL when the likelihood is not finite
// along the way from every start.
absl::StatusOr<LikelihoodMaximum> MaximizeLikelihood(LogLikelihoodFunction log_likelihood,
                                                     absl::Span<const ParameterRange> ranges,
                                                     absl::Span<const std::vector<double>> starts);

}  // namespace kam::domain

#endif  // KAM_SERVER_DOMAIN_LIFETIME_LIKELIHOOD_SEARCH_H_
