#include "domain/criteria/flips.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "domain/criteria/default_scorecard.h"
#include "gtest/gtest.h"
#include "model/criteria/metric_catalogue.h"
#include "support/scorecards.h"

namespace kam::domain {
namespace {

using testing::MakeCriterion;
using testing::MakeDefinition;
using testing::MakeTier;
using testing::SetCurve;

constexpr MetricKey kAlive{Metric::kPAlive, 0};
constexpr MetricKey kTenure{Metric::kTenureMonths, 0};
constexpr MetricKey kClass{Metric::kParetoClass, 12};

Measurement Value(const MetricKey& key, double value) {
  return {.key = key, .value = value, .evidence_count = 1, .evidence_needed = 1};
}

ScorecardDefinition Definition() {
  return MakeDefinition({MakeCriterion("alive", kAlive, {{0, 0}, {1, 100}}),
                         MakeCriterion("tenure", kTenure, {{0, 0}, {100, 100}})},
                        {MakeTier(Tier::kKey, 70, 60)});
}

TEST(FlipsTest, FindsTheNearestChangeOfTheTier) {
  // Score 65; KEY needs 70, so that either metric must gain 10 points.
  const WhyNot why_not =
      FindFlips(Definition(), {Value(kAlive, 0.7), Value(kTenure, 60)}, Tier::kNone);
  ASSERT_EQ(why_not.flips.size(), 2u);
  EXPECT_TRUE(why_not.none.empty());
  EXPECT_NEAR(why_not.flips[0].required_value, 0.8, 1e-9);
  EXPECT_NEAR(why_not.flips[0].score_distance, 10, 1e-7);
  EXPECT_EQ(std::get<Tier>(why_not.flips[0].outcome), Tier::kKey);
  EXPECT_NEAR(why_not.flips[1].required_value, 70, 1e-7);
}

TEST(FlipsTest, HysteresisMovesTheLine) {
  // In KEY already: it leaves below 60, which is 10 points of either metric down.
  const WhyNot why_not =
      FindFlips(Definition(), {Value(kAlive, 0.7), Value(kTenure, 60)}, Tier::kKey);
  ASSERT_EQ(why_not.flips.size(), 2u);
  EXPECT_EQ(std::get<Tier>(why_not.flips[0].outcome), Tier::kStandard);
  EXPECT_NEAR(why_not.flips[0].required_value, 0.6, 1e-9);
  EXPECT_LT(why_not.flips[0].required_value, 0.6);
}

TEST(FlipsTest, AnswersAVerdictWhereNoTierIsInReach) {
  // Tenure brings at most (10 + 100) / 2 = 55.
  const WhyNot why_not =
      FindFlips(Definition(), {Value(kAlive, 0.1), Value(kTenure, 20)}, Tier::kNone);
  ASSERT_EQ(why_not.flips.size(), 2u);
  for (const Flip& flip : why_not.flips) {
    const auto& change = std::get<VerdictChange>(flip.outcome);
    EXPECT_EQ(change.criterion, flip.key == kAlive ? "alive" : "tenure");
    EXPECT_EQ(change.verdict, Verdict::kMet);
  }
  EXPECT_EQ(why_not.flips[0].key, kTenure);  // 30 points away, the other 40
  EXPECT_NEAR(why_not.flips[0].required_value, 50, 1e-7);
}

TEST(FlipsTest, SaysWhenNoChangeOfAMetricChangesAnything) {
  ScorecardDefinition definition = Definition();
  SetCurve(*definition.mutable_criteria(1)->mutable_metrics(0),
           {{0, 60}});  // always met, never enough
  *definition.mutable_tiers(0) = MakeTier(Tier::kKey, 100, 100);
  const WhyNot why_not =
      FindFlips(definition, {Value(kAlive, 0.1), Value(kTenure, 20)}, Tier::kNone);
  EXPECT_EQ(why_not.none, std::vector<MetricKey>{kTenure});
}

TEST(FlipsTest, PassesOverMetricsWithoutAValue) {
  const WhyNot why_not =
      FindFlips(Definition(), {Value(kAlive, 0.5), {.key = kTenure}}, Tier::kNone);
  ASSERT_EQ(why_not.flips.size(), 1u);
  EXPECT_EQ(why_not.flips[0].key, kAlive);
  EXPECT_TRUE(why_not.none.empty());
}

TEST(FlipsTest, StaysWithinTheRangeOfTheMetric) {
  // Alive would need 1.1.
  ScorecardDefinition definition = Definition();
  SetCurve(*definition.mutable_criteria(0)->mutable_metrics(0), {{0, 0}, {2, 100}});
  definition.mutable_criteria(0)->set_pass_mark(55);
  const WhyNot why_not = FindFlips(definition, {Value(kAlive, 0.5)}, Tier::kNone);
  EXPECT_TRUE(why_not.flips.empty());
  EXPECT_EQ(why_not.none, std::vector<MetricKey>{kAlive});
}

TEST(FlipsTest, ClassesMoveByWholeNumbers) {
  ScorecardDefinition definition = Definition();
  *definition.mutable_criteria(1) = MakeCriterion("class", kClass, {{1, 100}, {3, 0}});
  const WhyNot why_not = FindFlips(definition, {Value(kAlive, 0.9), Value(kClass, 3)}, Tier::kNone);
  ASSERT_EQ(why_not.flips.size(), 2u);
  const Flip& flip = why_not.flips[0].key == kClass ? why_not.flips[0] : why_not.flips[1];
  EXPECT_EQ(flip.required_value, 2);  // (90 + 50) / 2
  EXPECT_EQ(std::get<Tier>(flip.outcome), Tier::kKey);
}

TEST(FlipsTest, SeesThroughCurvesThatFall) {
  // Being too old is as bad as being too young: met from 30 to 70.
  const ScorecardDefinition definition =
      MakeDefinition({MakeCriterion("tenure", kTenure, {{0, 20}, {50, 70}, {100, 20}})},
                     {MakeTier(Tier::kKey, 100, 60)});
  const WhyNot why_not = FindFlips(definition, {Value(kTenure, 90)}, Tier::kNone);
  ASSERT_EQ(why_not.flips.size(), 1u);
  EXPECT_NEAR(why_not.flips[0].required_value, 70, 1e-7);
  EXPECT_EQ(std::get<VerdictChange>(why_not.flips[0].outcome).verdict, Verdict::kMet);
}

std::string Outcome(const ScorecardDefinition& definition, std::vector<Measurement> measurements,
                    const MetricKey& key, double value, Tier previous) {
  for (Measurement& measured : measurements) {
    if (measured.key == key) measured.value = value;
  }
  const Judgement judged = Judge(definition, measurements, previous);
  std::string outcome = std::to_string(static_cast<int>(judged.tier));
  for (const CriterionJudgement& criterion : judged.criteria) {
    outcome += std::to_string(static_cast<int>(criterion.verdict));
  }
  return outcome;
}

// A random value within the range of a metric.
double RandomValue(const MetricDescription& metric, std::mt19937_64& random) {
  const double low = metric.min_value.value_or(-2);
  const double high = metric.max_value.value_or(low + 40);
  const double value = std::uniform_real_distribution<double>(low, high)(random);
  return metric.whole_numbers ? std::round(value) : value;
}

TEST(FlipsTest, EveryFlipFlipsAndNothingNearerDoes) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  const ScorecardDefinition definition = DefaultScorecard();
  int flips = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<Measurement> measurements;
    for (const MetricKey& key : KeysOf(definition)) {
      measurements.push_back({.key = key});
      if (random() % 5 != 0) measurements.back().value = RandomValue(Describe(key.metric), random);
    }
    const Tier previous = static_cast<Tier>(random() % 5);
    const Judgement now = Judge(definition, measurements, previous);
    for (const Flip& flip : FindFlips(definition, measurements, previous).flips) {
      ++flips;
      const auto at = [&](double value) {
        return Outcome(definition, measurements, flip.key, value, previous);
      };
      const std::string before = at(flip.current_value);
      ASSERT_NE(at(flip.required_value), before);
      const bool tier_flip = std::holds_alternative<Tier>(flip.outcome);
      ASSERT_EQ(tier_flip, at(flip.required_value)[0] != before[0]);
      // On either side of the current value, up to just short of the flip.
      const double distance = std::abs(flip.required_value - flip.current_value);
      const MetricDescription& metric = Describe(flip.key.metric);
      for (double part : {0.1, 0.5, 0.9, 0.999, 0.999999}) {
        for (double sign : {-1.0, 1.0}) {
          double value = flip.current_value + sign * part * distance;
          if (metric.whole_numbers) value = std::trunc(value);
          value = std::clamp(value, metric.min_value.value_or(-1e300),
                             metric.max_value.value_or(1e300));
          if (metric.whole_numbers && std::abs(value - flip.current_value) >= distance) continue;
          if (tier_flip) {
            ASSERT_EQ(at(value)[0], before[0]) << NameOf(metric.metric) << " at " << value;
          } else {
            ASSERT_EQ(at(value), before) << NameOf(metric.metric) << " at " << value;
          }
        }
      }
    }
    ASSERT_EQ(Judge(definition, measurements, previous).tier, now.tier);
  }
  EXPECT_GT(flips, 300);
}

}  // namespace
}  // namespace kam::domain
