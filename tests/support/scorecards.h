#pragma once

// Small scorecards to test with.

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "model/criteria/scorecard.h"

namespace kam::testing {

using Curve = std::vector<std::pair<double, double>>;  // values and scores

inline void SetCurve(MetricRule& rule, const Curve& curve) {
  rule.clear_curve();
  for (const auto& [value, score] : curve) {
    CurvePoint& point = *rule.add_curve();
    point.set_value(value);
    point.set_score(score);
  }
}

inline MetricRule MakeRule(const MetricKey& key, const Curve& curve, double weight = 1) {
  MetricRule rule;
  rule.set_metric(static_cast<v1::Metric>(NumberOf(key.metric)));
  rule.set_window_months(key.window_months);
  rule.set_weight(weight);
  SetCurve(rule, curve);
  return rule;
}

// A criterion of one metric, met from 50 on.
inline Criterion MakeCriterion(const std::string& id, const MetricKey& key, const Curve& curve,
                               double weight = 1) {
  Criterion criterion;
  criterion.set_id(id);
  *criterion.add_metrics() = MakeRule(key, curve);
  criterion.set_pass_mark(50);
  criterion.set_weight(weight);
  return criterion;
}

inline TierRule MakeTier(Tier tier, double enter_score, double leave_score,
                         const Requirement& requirement = {}) {
  TierRule rule;
  rule.set_tier(static_cast<v1::Tier>(NumberOf(tier)));
  rule.set_enter_score(enter_score);
  rule.set_leave_score(leave_score);
  *rule.mutable_requirement() = requirement;
  return rule;
}

inline Requirement Met(const std::string& criterion) {
  Requirement requirement;
  requirement.set_criterion(criterion);
  return requirement;
}

inline Requirement AllOf(std::initializer_list<Requirement> requirements) {
  Requirement all;
  all.mutable_all_of()->mutable_requirements()->Add(requirements.begin(), requirements.end());
  return all;
}

inline Requirement AnyOf(std::initializer_list<Requirement> requirements) {
  Requirement any;
  any.mutable_any_of()->mutable_requirements()->Add(requirements.begin(), requirements.end());
  return any;
}

inline Requirement AtLeast(int count, std::initializer_list<Requirement> requirements) {
  Requirement some;
  some.mutable_at_least()->set_count(count);
  some.mutable_at_least()->mutable_requirements()->Add(requirements.begin(), requirements.end());
  return some;
}

inline ScorecardDefinition MakeDefinition(std::initializer_list<Criterion> criteria,
                                          std::initializer_list<TierRule> tiers) {
  ScorecardDefinition definition;
  definition.mutable_criteria()->Add(criteria.begin(), criteria.end());
  definition.mutable_tiers()->Add(tiers.begin(), tiers.end());
  return definition;
}

}  // namespace kam::testing
