#include "domain/criteria/judge.h"

#include <algorithm>
#include <cmath>
#include "absl/strings/string_view.h"

namespace kam::domain {
namespace {

// Without the noise of the last bits, so that a mean of scores of 60 is 60 and reaches a mark
// of 60.
double Settled(double value) { return std::round(value * 1e9) / 1e9; }

// Kleene's three values; a smaller one wins in a conjunction.
enum class Truth { kFalse = 0, kUnknown = 1, kTrue = 2 };

CriterionJudgement JudgeCriterion(const Criterion& criterion,
                                  absl::Span<const Measurement> measurements) {
  CriterionJudgement judgement;
  double sum = 0;
  double weight = 0;
  for (const MetricRule& rule : criterion.metrics()) {
    std::optional<double>& score = judgement.metric_scores.emplace_back();
    const Measurement* measured = FindMeasurement(measurements, KeyOf(rule));
    if (measured == nullptr || !measured->value) continue;
    score = ScoreOf(rule, *measured->value);
    sum += rule.weight() * *score;
    weight += rule.weight();
  }
  judgement.has_evidence = weight > 0;
  if (judgement.has_evidence) {
    judgement.score = Settled(sum / weight);
  } else if (criterion.missing_evidence() == Criterion::MISSING_EVIDENCE_NOT_MET) {
    judgement.score = 0;
    judgement.verdict = Verdict::kNotMet;
    return judgement;
  } else {
    return judgement;
  }
  judgement.verdict = *judgement.score >= criterion.pass_mark() ? Verdict::kMet : Verdict::kNotMet;
  return judgement;
}

// The requirements of one scorecard against the verdicts of one account.
class Requirements {
 public:
  Requirements(const ScorecardDefinition& definition, const Judgement& judgement)
      : definition_(definition), judgement_(judgement) {}

  Truth Of(const Requirement& requirement) const {
    switch (requirement.condition_case()) {
      case Requirement::kCriterion:
        return OfCriterion(requirement.criterion());
      case Requirement::kAllOf:
        return AtLeast(requirement.all_of().requirements_size(),
                       requirement.all_of().requirements());
      case Requirement::kAnyOf:
        return AtLeast(1, requirement.any_of().requirements());
      case Requirement::kAtLeast:
        return AtLeast(requirement.at_least().count(), requirement.at_least().requirements());
      case Requirement::CONDITION_NOT_SET:
        break;
    }
    return Truth::kTrue;
  }

 private:
  Truth OfCriterion(absl::string_view id) const {
    for (int i = 0; i < definition_.criteria_size(); ++i) {
      if (definition_.criteria(i).id() != id) continue;
      switch (judgement_.criteria[i].verdict) {
        case Verdict::kMet:
          return Truth::kTrue;
        case Verdict::kNotMet:
          return Truth::kFalse;
        case Verdict::kInsufficientData:
          return Truth::kUnknown;
      }
    }
    return Truth::kUnknown;
  }

  Truth AtLeast(int count,
                const google::protobuf::RepeatedPtrField<Requirement>& requirements) const {
    int holding = 0;
    int possible = 0;
    for (const Requirement& requirement : requirements) {
      const Truth truth = Of(requirement);
      holding += truth == Truth::kTrue;
      possible += truth != Truth::kFalse;
    }
    if (holding >= count) return Truth::kTrue;
    return possible >= count ? Truth::kUnknown : Truth::kFalse;
  }

  const ScorecardDefinition& definition_;
  const Judgement& judgement_;
};

bool RequiredCriteriaMet(const ScorecardDefinition& definition, const Judgement& judgement) {
  for (int i = 0; i < definition.criteria_size(); ++i) {
    if (definition.criteria(i).required() && judgement.criteria[i].verdict != Verdict::kMet) {
      return false;
    }
  }
  return true;
}

Tier ReachedTier(const ScorecardDefinition& definition, const Judgement& judgement, Tier previous) {
  if (judgement.evidence_share < definition.min_evidence_share()) return Tier::kStandard;
  const Requirements requirements(definition, judgement);
  const bool required_met = RequiredCriteriaMet(definition, judgement);
  for (const TierRule& rule : definition.tiers()) {
    const Tier tier = TierOf(rule);
    const double needed = previous >= tier ? rule.leave_score() : rule.enter_score();
    if (judgement.score >= needed && (tier < Tier::kKey || required_met) &&
        requirements.Of(rule.requirement()) == Truth::kTrue) {
      return tier;
    }
  }
  return Tier::kStandard;
}

}  // namespace

double ScoreOf(const MetricRule& rule, double value) {
  const auto& curve = rule.curve();
  if (value <= curve[0].value()) return curve[0].score();
  for (int i = 1; i < curve.size(); ++i) {
    const CurvePoint& left = curve[i - 1];
    const CurvePoint& right = curve[i];
    if (value < right.value()) {
      return left.score() + (right.score() - left.score()) *
                                ((value - left.value()) / (right.value() - left.value()));
    }
  }
  return curve[curve.size() - 1].score();
}

Judgement Judge(const ScorecardDefinition& definition, absl::Span<const Measurement> measurements,
                Tier previous) {
  Judgement judgement;
  double sum = 0;
  double scored = 0;
  double evident = 0;
  double weight = 0;
  for (const Criterion& criterion : definition.criteria()) {
    const CriterionJudgement& judged =
        judgement.criteria.emplace_back(JudgeCriterion(criterion, measurements));
    weight += criterion.weight();
    if (judged.has_evidence) evident += criterion.weight();
    if (!judged.score) continue;
    sum += criterion.weight() * *judged.score;
    scored += criterion.weight();
  }
  if (scored > 0) judgement.score = Settled(sum / scored);
  if (weight > 0) judgement.evidence_share = Settled(evident / weight);
  judgement.tier = ReachedTier(definition, judgement, previous);
  return judgement;
}

std::vector<MetricKey> KeysOf(const ScorecardDefinition& definition) {
  std::vector<MetricKey> keys;
  for (const Criterion& criterion : definition.criteria()) {
    for (const MetricRule& rule : criterion.metrics()) keys.push_back(KeyOf(rule));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

const Measurement* FindMeasurement(absl::Span<const Measurement> measurements,
                                   const MetricKey& key) {
  const auto found = std::find_if(measurements.begin(), measurements.end(),
                                  [&](const Measurement& measured) { return measured.key == key; });
  return found == measurements.end() ? nullptr : &*found;
}

}  // namespace kam::domain
