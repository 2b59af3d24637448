#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "base/enum_map.h"
#include "model/criteria/metric.h"

namespace kam {

// Numbers are those of the contract and of the store; a greater number is a higher tier.
enum class Tier { kNone = 0, kStandard = 1, kGrowth = 2, kKey = 3, kStrategic = 4 };

template <>
inline constexpr auto kEnumNames<Tier> = EnumMap<Tier, 5>{{{
    {Tier::kNone, "UNSPECIFIED"},
    {Tier::kStandard, "STANDARD"},
    {Tier::kGrowth, "GROWTH"},
    {Tier::kKey, "KEY"},
    {Tier::kStrategic, "STRATEGIC"},
}}};

struct CurvePoint {
  double value = 0;
  double score = 0;

  friend bool operator==(const CurvePoint&, const CurvePoint&) = default;
};

// How a metric becomes a score: piecewise linear, level beyond the ends.
struct MetricRule {
  MetricKey key;  // its window is resolved: the metric's default when the caller named none
  double weight = 1;
  std::vector<CurvePoint> curve;  // values rise strictly

  friend bool operator==(const MetricRule&, const MetricRule&) = default;
};

enum class MissingEvidence { kInsufficientData = 1, kNotMet = 2 };

// One question asked of an account.
struct Criterion {
  std::string id;
  std::string display_name;
  std::vector<MetricRule> metrics;
  double pass_mark = 0;
  double weight = 1;
  bool required = false;
  MissingEvidence missing_evidence = MissingEvidence::kInsufficientData;

  friend bool operator==(const Criterion&, const Criterion&) = default;
};

// A condition on criteria, three-valued.
struct Requirement {
  enum class Kind { kNothing, kCriterion, kAllOf, kAnyOf, kAtLeast };

  Kind kind = Kind::kNothing;
  std::string criterion;              // for kCriterion
  int32_t count = 0;                  // for kAtLeast
  std::vector<Requirement> children;  // for the groups

  friend bool operator==(const Requirement&, const Requirement&) = default;
};

// Where a tier begins and ends.
struct TierRule {
  Tier tier = Tier::kKey;
  double enter_score = 0;
  double leave_score = 0;
  Requirement requirement;

  friend bool operator==(const TierRule&, const TierRule&) = default;
};

// Criteria, how they add up, and where the tiers begin.
struct ScorecardDefinition {
  std::vector<Criterion> criteria;
  std::vector<TierRule> tiers;  // from the highest to the lowest
  double min_evidence_share = 0;

  friend bool operator==(const ScorecardDefinition&, const ScorecardDefinition&) = default;
};

// A draft under edit.
struct Scorecard {
  std::string id;
  std::string display_name;
  ScorecardDefinition definition;
  int32_t latest_revision = 0;  // 0 while none is published
  int64_t version = 0;          // the etag is made of it
  absl::Time create_time;
  absl::Time update_time;
};

// A frozen one.
struct ScorecardRevision {
  std::string scorecard_id;
  int32_t number = 0;  // from 1
  ScorecardDefinition definition;
  absl::Time publish_time;
};

}  // namespace kam
