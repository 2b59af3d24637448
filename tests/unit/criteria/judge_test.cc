#include "domain/criteria/judge.h"

#include <string>

#include "gtest/gtest.h"

namespace kam::domain {
namespace {

constexpr MetricKey kAlive{Metric::kPAlive, 0};
constexpr MetricKey kTenure{Metric::kTenureMonths, 0};
constexpr MetricKey kShare{Metric::kRevenueShare, 12};

Measurement Value(const MetricKey& key, double value) {
  return {.key = key, .value = value, .evidence_count = 1, .evidence_needed = 1};
}

// A criterion whose one metric scores its value × 100.
Criterion Of(std::string id, const MetricKey& key, double weight = 1) {
  return {.id = std::move(id),
          .metrics = {{.key = key, .weight = 1, .curve = {{0, 0}, {1, 100}}}},
          .pass_mark = 50,
          .weight = weight};
}

ScorecardDefinition Definition() {
  ScorecardDefinition definition;
  definition.criteria = {Of("alive", kAlive, 3), Of("share", kShare, 1)};
  definition.tiers = {{.tier = Tier::kStrategic, .enter_score = 90, .leave_score = 80},
                      {.tier = Tier::kKey, .enter_score = 70, .leave_score = 60},
                      {.tier = Tier::kGrowth, .enter_score = 40, .leave_score = 30}};
  return definition;
}

TEST(JudgeTest, CurvesAreLinearBetweenAndLevelBeyondTheirPoints) {
  const std::vector<CurvePoint> curve = {{10, 0}, {20, 100}, {40, 50}};
  EXPECT_EQ(ScoreOf(curve, 5), 0);
  EXPECT_EQ(ScoreOf(curve, 10), 0);
  EXPECT_EQ(ScoreOf(curve, 12.5), 25);
  EXPECT_EQ(ScoreOf(curve, 20), 100);
  EXPECT_EQ(ScoreOf(curve, 30), 75);
  EXPECT_EQ(ScoreOf(curve, 99), 50);
  EXPECT_EQ(ScoreOf(std::vector<CurvePoint>{{3, 40}}, -7), 40);
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
  definition.criteria[0].metrics.push_back(
      {.key = kTenure, .weight = 3, .curve = {{0, 0}, {10, 100}}});
  const Judgement both = Judge(definition, {Value(kAlive, 1), Value(kTenure, 2)}, Tier::kNone);
  EXPECT_EQ(both.criteria[0].score, (100 + 3 * 20) / 4.0);
  const Judgement one = Judge(definition, {Value(kAlive, 1), {.key = kTenure}}, Tier::kNone);
  EXPECT_EQ(one.criteria[0].score, 100);
  EXPECT_FALSE(one.criteria[0].metric_scores[1].has_value());
}

TEST(JudgeTest, AScoreOnTheMarkReachesIt) {
  ScorecardDefinition definition = Definition();
  definition.criteria[0].weight = 0.1;
  definition.criteria[1].weight = 0.2;
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

  definition.criteria[1].missing_evidence = MissingEvidence::kNotMet;
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
  definition.min_evidence_share = 0.75;
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
  definition.criteria[1].required = true;
  EXPECT_EQ(Judge(definition, {Value(kAlive, 1), Value(kShare, 0.49)}, Tier::kNone).tier,
            Tier::kGrowth);
  EXPECT_EQ(Judge(definition, {Value(kAlive, 1), Value(kShare, 0.5)}, Tier::kNone).tier,
            Tier::kKey);
  // Not known to be met is not met.
  EXPECT_EQ(Judge(definition, {Value(kAlive, 1)}, Tier::kNone).tier, Tier::kGrowth);
}

// Requirements over three criteria that are met, not met and unknown.
class RequirementTest : public testing::Test {
 protected:
  static Requirement Criterion(std::string id) {
    return {.kind = Requirement::Kind::kCriterion, .criterion = std::move(id)};
  }
  static Requirement Group(Requirement::Kind kind, std::vector<Requirement> children,
                           int count = 0) {
    return {.kind = kind, .count = count, .children = std::move(children)};
  }
  static bool Holds(const Requirement& requirement) {
    ScorecardDefinition definition;
    definition.criteria = {Of("yes", kAlive), Of("no", kShare), Of("unknown", kTenure)};
    definition.tiers = {{.tier = Tier::kGrowth, .requirement = requirement}};
    return Judge(definition, {Value(kAlive, 1), Value(kShare, 0)}, Tier::kNone).tier ==
           Tier::kGrowth;
  }

  const Requirement yes_ = Criterion("yes");
  const Requirement no_ = Criterion("no");
  const Requirement unknown_ = Criterion("unknown");
};

TEST_F(RequirementTest, OnlyWhatIsKnownToHoldHolds) {
  EXPECT_TRUE(Holds({}));
  EXPECT_TRUE(Holds(yes_));
  EXPECT_FALSE(Holds(no_));
  EXPECT_FALSE(Holds(unknown_));
}

TEST_F(RequirementTest, AllNeedsEveryOne) {
  const auto all = Requirement::Kind::kAllOf;
  EXPECT_TRUE(Holds(Group(all, {yes_, yes_})));
  EXPECT_FALSE(Holds(Group(all, {yes_, no_})));
  EXPECT_FALSE(Holds(Group(all, {yes_, unknown_})));
}

TEST_F(RequirementTest, AnyNeedsOneWhateverElseIsUnknown) {
  const auto any = Requirement::Kind::kAnyOf;
  EXPECT_TRUE(Holds(Group(any, {unknown_, no_, yes_})));
  EXPECT_FALSE(Holds(Group(any, {unknown_, no_})));
}

TEST_F(RequirementTest, AtLeastCounts) {
  const auto at_least = Requirement::Kind::kAtLeast;
  EXPECT_TRUE(Holds(Group(at_least, {yes_, yes_, unknown_, no_}, 2)));
  EXPECT_FALSE(Holds(Group(at_least, {yes_, unknown_, no_}, 2)));
  EXPECT_FALSE(Holds(Group(at_least, {yes_, no_, no_}, 2)));
}

TEST_F(RequirementTest, GroupsNest) {
  EXPECT_TRUE(Holds(Group(Requirement::Kind::kAllOf,
                          {yes_, Group(Requirement::Kind::kAnyOf, {unknown_, yes_})})));
  EXPECT_FALSE(Holds(
      Group(Requirement::Kind::kAllOf, {yes_, Group(Requirement::Kind::kAnyOf, {unknown_, no_})})));
}

TEST(JudgeTest, KeysAreDistinct) {
  ScorecardDefinition definition = Definition();
  definition.criteria.push_back(Of("again", kShare));
  definition.criteria.push_back(Of("other window", {Metric::kPriceRealisation, 6}));
  EXPECT_EQ(KeysOf(definition),
            (std::vector<MetricKey>{kAlive, {Metric::kPriceRealisation, 6}, kShare}));
}

}  // namespace
}  // namespace kam::domain
