#pragma once

#include <string>
#include <variant>
#include <vector>

#include "absl/types/span.h"
#include "domain/criteria/judge.h"
#include "model/criteria/metric.h"
#include "model/criteria/scorecard.h"

namespace kam::domain {

// A criterion would have another verdict; the tier would stay.
struct VerdictChange {
  std::string criterion;
  Verdict verdict = Verdict::kMet;
};

// The smallest change of one metric alone that changes the outcome.
struct Flip {
  MetricKey key;
  double current_value = 0;
  double required_value = 0;
  double score_distance = 0;  // points of the metric's own score; the greatest where it has several
  std::variant<Tier, VerdictChange> outcome;
};

struct WhyNot {
  std::vector<Flip> flips;      // nearest first
  std::vector<MetricKey> none;  // no change of it alone changes the tier or a verdict
};

// For every metric with a value: the smallest change, up or down and within the metric's own range,
// that changes the tier; where no value does, the smallest that changes a verdict. Judging with
// `required_value` gives the outcome; any value nearer to the current one does not.
WhyNot FindFlips(const ScorecardDefinition& definition, absl::Span<const Measurement> measurements,
                 Tier previous);

}  // namespace kam::domain
