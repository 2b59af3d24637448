#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "base/enum_map.h"
#include "kam/stored/v1/scorecard.pb.h"
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

// What a scorecard says is a document; its parts are used as they are kept.
using stored::v1::Criterion;
using stored::v1::CurvePoint;
using stored::v1::MetricRule;
using stored::v1::Requirement;
using stored::v1::ScorecardDefinition;
using stored::v1::TierRule;

// What a rule measures; a number that is no metric gives a key that FindMetric does not know, and
// of a definition that was checked there is none.
inline MetricKey KeyOf(const MetricRule& rule) {
  return {.metric = EnumFromNumber<Metric>(rule.metric()).value_or(Metric{}),
          .window_months = rule.window_months()};
}

// The tier of a rule, or kNone for a number that is no tier.
inline Tier TierOf(const TierRule& rule) {
  return EnumFromNumber<Tier>(rule.tier()).value_or(Tier::kNone);
}

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
