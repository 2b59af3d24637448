#include "domain/criteria/judge.h"

#include <string>

#include "gtest/gtest.h"
#include "support/scorecards.h"

namespace kam::domain {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::AtLeast;
using testing::MakeDefinition;
using testing::MakeRule;
using testing::MakeTier;
using testing::Met;

constexpr MetricKey kAlive{Metric::kPAlive, 0};
constexpr MetricKey kTenure{Metric::kTenureMonths, 0};
constexpr MetricKey kShare{Metric::kRevenueShare, 12};

Measurement Value(const MetricKey& key, double value) {
  return {.key = key, .value = value, .evidence_count = 1, .evidence_needed = 1};
}

// A criterion whose one metric scores its value × 100.
Criterion Of(const std::string& id, const MetricKey& key, double weight = 1) {
  return testing::MakeCriterion(id, key, {{0, 0}, {1, 100}}, weight);
}

ScorecardDefinition Definition() {
  return MakeDefinition({Of("alive", kAlive, 3), Of("share", kShare, 1)},
                        {MakeTier(Tier::kStrategic, 90, 80), MakeTier(Tier::kKey, 70, 60),
                         MakeTier(Tier::kGrowth, 40, 30)});
}

TEST(JudgeTest, CurvesAreLinearBetweenAndLevelBeyondTheirPoints) {
  const MetricRule curve = MakeRule(kTenure, {{10, 0}, {20, 100}, {40, 50}});
  EXPECT_EQ(ScoreOf(curve, 5), 0);
  EXPECT_EQ(ScoreOf(curve, 10), 0);
  EXPECT_EQ(ScoreOf(curve, 12.5), 25);
  EXPECT_EQ(ScoreOf(curve, 20), 100);
  EXPECT_EQ(ScoreOf(curve, 30), 75);
  EXPECT_EQ(ScoreOf(curve, 99), 50);
  EXPECT_EQ(ScoreOf(MakeRule(kTenure, {{3, 40}}), -7), 40);
}

TEST(JudgeTest, ScoreIsTheWeightedMeanOfCriteria) {
  const Judgement judged =
      Judge(Definition(), {Value(kAlive, 0.9), Value(kShare, 0.1)}, Tier::kNone);
  EXPECT_DOUBLE_EQ(judged.score, (3 * 90 + 10) / 4.0);
  EXPECT_EQ(judged.tier, Tier::kKey);
  EXPECT_EQ(judged.evidence_share, 1);
  EXPECT_EQ(judged.criteria[0].verdict, Verdict::kMet);
  EXPECT_EQ(judged.criteria[1].verdict, Verdict::kNotMet);
  EXPECT_EQ(judged.criteria[1].metric_scores[0], 10);
}

TEST(JudgeTest, CriterionScoreIsTheWeightedMeanOfItsMetricsWithEvidence) {
  ScorecardDefinition definition = Definition();
  *definition.mutable_criteria(0)->add_metrics() =
      MakeRule(kTenure, {{0, 0}, {10, 100}}, /*weight=*/3);
  const Judgement both = Judge(definition, {Value(kAlive, 1), Value(kTenure, 2)}, Tier::kNone);
  EXPECT_EQ(both.criteria[0].score, (100 + 3 * 20) / 4.0);
  const Judgement one = Judge(definition, {Value(kAlive, 1), {.key = kTenure}}, Tier::kNone);
  EXPECT_EQ(one.criteria[0].score, 100);
  EXPECT_FALSE(one.criteria[0].metric_scores[1].has_value());
}

TEST(JudgeTest, AScoreOnTheMarkReachesIt) {
  ScorecardDefinition definition = Definition();
  definition.mutable_criteria(0)->set_weight(0.1);
  definition.mutable_criteria(1)->set_weight(0.2);
  // (0.1 · 70 + 0.2 · 70) / 0.3 is 69.99999999999999 in doubles.
  EXPECT_EQ(Judge(definition, {Value(kAlive, 0.7), Value(kShare, 0.7)}, Tier::kNone).tier,
            Tier::kKey);
}

TEST(JudgeTest, MissingEvidenceIsLeftOutOrCountsAsZero) {
  ScorecardDefinition definition = Definition();
  const Judgement left_out = Judge(definition, {Value(kAlive, 0.8)}, Tier::kNone);
  EXPECT_EQ(left_out.score, 80);
  EXPECT_EQ(left_out.evidence_share, 0.75);
  EXPECT_EQ(left_out.criteria[1].verdict, Verdict::kInsufficientData);
  EXPECT_FALSE(left_out.criteria[1].score.has_value());

  definition.mutable_criteria(1)->set_missing_evidence(Criterion::MISSING_EVIDENCE_NOT_MET);
  const Judgement zero = Judge(definition, {Value(kAlive, 0.8)}, Tier::kNone);
  EXPECT_EQ(zero.score, 60);
  EXPECT_EQ(zero.evidence_share, 0.75);
  EXPECT_EQ(zero.criteria[1].verdict, Verdict::kNotMet);
  EXPECT_EQ(zero.criteria[1].score, 0);
}

TEST(JudgeTest, WithoutAnyEvidenceAnAccountIsStandard) {
  const Judgement judged = Judge(Definition(), {}, Tier::kStrategic);
  EXPECT_EQ(judged.score, 0);
  EXPECT_EQ(judged.evidence_share, 0);
  EXPECT_EQ(judged.tier, Tier::kStandard);
}

TEST(JudgeTest, TooLittleEvidenceMeansStandardWhateverTheScore) {
  ScorecardDefinition definition = Definition();
  definition.set_min_evidence_share(0.75);
  EXPECT_EQ(Judge(definition, {Value(kAlive, 1)}, Tier::kNone).tier, Tier::kStrategic);
  EXPECT_EQ(Judge(definition, {Value(kShare, 1)}, Tier::kNone).tier, Tier::kStandard);
}

TEST(JudgeTest, EnteringIsHarderThanStaying) {
  struct Case {
    double score;
    Tier previous, tier;
  };
  for (const Case& c :
       {Case{0.65, Tier::kNone, Tier::kGrowth}, Case{0.65, Tier::kStandard, Tier::kGrowth},
        Case{0.65, Tier::kGrowth, Tier::kGrowth}, Case{0.65, Tier::kKey, Tier::kKey},
        Case{0.65, Tier::kStrategic, Tier::kKey},  // above KEY before
        Case{0.85, Tier::kKey, Tier::kKey}, Case{0.85, Tier::kStrategic, Tier::kStrategic},
        Case{0.59, Tier::kKey, Tier::kGrowth}, Case{0.29, Tier::kStrategic, Tier::kStandard}}) {
    EXPECT_EQ(
        Judge(Definition(), {Value(kAlive, c.score), Value(kShare, c.score)}, c.previous).tier,
        c.tier)
        << c.score << " from " << static_cast<int>(c.previous);
  }
}

TEST(JudgeTest, RequiredCriteriaHoldBackFromKeyNotFromGrowth) {
  ScorecardDefinition definition = Definition();
  definition.mutable_criteria(1)->set_required(true);
  EXPECT_EQ(Judge(definition, {Value(kAlive, 1), Value(kShare, 0.49)}, Tier::kNone).tier,
            Tier::kGrowth);
  EXPECT_EQ(Judge(definition, {Value(kAlive, 1), Value(kShare, 0.5)}, Tier::kNone).tier,
            Tier::kKey);
  // Not known to be met is not met.
  EXPECT_EQ(Judge(definition, {Value(kAlive, 1)}, Tier::kNone).tier, Tier::kGrowth);
}

// Requirements over three criteria that are met, not met and unknown.
class RequirementTest : public ::testing::Test {
 protected:
  static bool Holds(const Requirement& requirement) {
    const ScorecardDefinition definition =
        MakeDefinition({Of("yes", kAlive), Of("no", kShare), Of("unknown", kTenure)},
                       {MakeTier(Tier::kGrowth, 0, 0, requirement)});
    return Judge(definition, {Value(kAlive, 1), Value(kShare, 0)}, Tier::kNone).tier ==
           Tier::kGrowth;
  }

  const Requirement yes_ = Met("yes");
  const Requirement no_ = Met("no");
  const Requirement unknown_ = Met("unknown");
};

TEST_F(RequirementTest, OnlyWhatIsKnownToHoldHolds) {
  EXPECT_TRUE(Holds({}));
  EXPECT_TRUE(Holds(yes_));
  EXPECT_FALSE(Holds(no_));
  EXPECT_FALSE(Holds(unknown_));
}

TEST_F(RequirementTest, AllNeedsEveryOne) {
  EXPECT_TRUE(Holds(AllOf({yes_, yes_})));
  EXPECT_FALSE(Holds(AllOf({yes_, no_})));
  EXPECT_FALSE(Holds(AllOf({yes_, unknown_})));
}

TEST_F(RequirementTest, AnyNeedsOneWhateverElseIsUnknown) {
  EXPECT_TRUE(Holds(AnyOf({unknown_, no_, yes_})));
  EXPECT_FALSE(Holds(AnyOf({unknown_, no_})));
}

TEST_F(RequirementTest, AtLeastCounts) {
  EXPECT_TRUE(Holds(AtLeast(2, {yes_, yes_, unknown_, no_})));
  EXPECT_FALSE(Holds(AtLeast(2, {yes_, unknown_, no_})));
  EXPECT_FALSE(Holds(AtLeast(2, {yes_, no_, no_})));
}

TEST_F(RequirementTest, GroupsNest) {
  EXPECT_TRUE(Holds(AllOf({yes_, AnyOf({unknown_, yes_})})));
  EXPECT_FALSE(Holds(AllOf({yes_, AnyOf({unknown_, no_})})));
}

TEST(JudgeTest, KeysAreDistinct) {
  ScorecardDefinition definition = Definition();
  *definition.add_criteria() = Of("again", kShare);
  *definition.add_criteria() = Of("other window", {Metric::kPriceRealisation, 6});
  EXPECT_EQ(KeysOf(definition),
            (std::vector<MetricKey>{kAlive, {Metric::kPriceRealisation, 6}, kShare}));
}

}  // namespace
}  // namespace kam::domain
