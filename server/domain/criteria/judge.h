#pragma once

#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "model/criteria/metric.h"
#include "model/criteria/scorecard.h"
#include "model/criteria/verdict.h"

namespace kam::domain {

struct CriterionJudgement {
  Verdict verdict = Verdict::kInsufficientData;
  std::optional<double> score;                       // 0 to 100
  bool has_evidence = false;                         // at least one metric has a value
  std::vector<std::optional<double>> metric_scores;  // by the criterion's metrics
};

struct Judgement {
  double score = 0;  // 0 to 100
  Tier tier = Tier::kStandard;
  double evidence_share = 0;                 // of the weight of the criteria, 0 to 1
  std::vector<CriterionJudgement> criteria;  // by the scorecard's criteria
};

// The score of a value by the curve of a rule, which has at least one point.
double ScoreOf(const MetricRule& rule, double value);

// Applies a scorecard to what was measured; a key that is not among `measurements` has no value.
// The score is the weighted mean of the scores of the criteria that have one. The tier is the
// highest one
//   - whose score is reached: the one to leave for an account that was in it or above
//     (`previous`), else the one to enter;
//   - whose requirement is known to hold (Kleene's logic: a criterion without evidence is unknown);
//   - with all required criteria met, for KEY and STRATEGIC;
// and STANDARD when less than the least evidence share has evidence. Pure; same input, same answer.
Judgement Judge(const ScorecardDefinition& definition, absl::Span<const Measurement> measurements,
                Tier previous);

// The distinct keys a scorecard asks for, in order.
std::vector<MetricKey> KeysOf(const ScorecardDefinition& definition);

// The measurement of a key, or null.
const Measurement* FindMeasurement(absl::Span<const Measurement> measurements,
                                   const MetricKey& key);

}  // namespace kam::domain
