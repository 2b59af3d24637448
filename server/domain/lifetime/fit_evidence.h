// What a fitted model stands on. Kept and shown with the parameters, so that a poor fit is seen.
#ifndef KAM_SERVER_DOMAIN_LIFETIME_FIT_EVIDENCE_H_
#define KAM_SERVER_DOMAIN_LIFETIME_FIT_EVIDENCE_H_

#include <cstdint>
#include <string>

namespace kam::domain {

// The fewest customers a model is fitted to. Fewer say nothing about a whole portfolio.
inline constexpr int64_t kMinCustomersToFit = 30;

struct FitEvidence {
  // Customers the likelihood was computed over.
  int64_t customers = 0;
  // Histories that differ among them; equal ones are computed once and weighted.
  int64_t distinct_histories = 0;
  // Evaluations of the likelihood, over all starting points.
  int iterations = 0;
  // Natural logarithm of the likelihood of all customers at the fitted parameters.
  double log_likelihood = 0;
  // Whether the parameters are a maximum: every slope is zero within tolerance, and no parameter
  // lies on the edge of the range searched. Otherwise the parameters are the best found, and
  // stop_reason says what is wrong with them; portfolios of a few hundred customers often end on
  // an edge.
  bool converged = false;
  // Why the search ended, in words; names the parameter where one is to blame.
  std::string stop_reason;
};

}  // namespace kam::domain

#endif  // KAM_SERVER_DOMAIN_LIFETIME_FIT_EVIDENCE_H_
