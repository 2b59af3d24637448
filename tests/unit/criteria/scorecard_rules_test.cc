#include "domain/criteria/scorecard_rules.h"

#include <limits>
#include <string>

#include "domain/criteria/default_scorecard.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/scorecards.h"

namespace kam::domain {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::AtLeast;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MakeCriterion;
using testing::MakeDefinition;
using testing::MakeRule;
using testing::MakeTier;
using testing::Met;
using testing::SetCurve;

std::vector<std::string> Fields(const ScorecardDefinition& definition) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : CheckDefinition(definition, "d")) {
    EXPECT_FALSE(violation.description.empty());
    fields.push_back(violation.field);
  }
  return fields;
}

ScorecardDefinition Good() {
  return MakeDefinition({MakeCriterion("alive", {Metric::kPAlive, 0}, {{0, 0}, {1, 100}})},
                        {MakeTier(Tier::kKey, 70, 60), MakeTier(Tier::kGrowth, 40, 40)});
}

TEST(ScorecardRulesTest, AcceptsGoodOnes) {
  EXPECT_THAT(Fields(Good()), IsEmpty());
  EXPECT_THAT(Fields(DefaultScorecard()), IsEmpty());
}

TEST(ScorecardRulesTest, NeedsCriteriaAndTiers) {
  EXPECT_THAT(Fields({}), ElementsAre("d.criteria", "d.tiers"));
}

TEST(ScorecardRulesTest, NamesEveryViolationAtOnce) {
  ScorecardDefinition definition = Good();
  Criterion& first = *definition.mutable_criteria(0);
  first.set_pass_mark(101);
  first.set_weight(0);
  first.mutable_metrics(0)->set_weight(-1);
  SetCurve(*first.mutable_metrics(0), {{1, 0}, {1, 50}, {0.5, -1}});
  *first.add_metrics() = MakeRule({Metric::kActiveMonthShare, 121}, {{0, 0}});
  *first.add_metrics() = MakeRule({Metric::kRevenue12m, 6}, {});
  *first.add_metrics() = MakeRule({static_cast<Metric>(99), 0}, {{0, 0}});
  *first.add_metrics() = MakeRule({Metric::kPAlive, 0}, {{0, 0}});
  *definition.add_criteria() = MakeCriterion("alive", {Metric::kPAlive, 0}, {{0, 0}});
  Criterion& last = *definition.add_criteria();
  last.set_weight(1);
  definition.set_min_evidence_share(1.5);
  EXPECT_THAT(
      Fields(definition),
      ElementsAre(
          "d.criteria[0].metrics[0].weight", "d.criteria[0].metrics[0].curve[1].value",
          "d.criteria[0].metrics[0].curve[2].value", "d.criteria[0].metrics[0].curve[2].score",
          "d.criteria[0].metrics[1].window_months", "d.criteria[0].metrics[2].window_months",
          "d.criteria[0].metrics[2].curve", "d.criteria[0].metrics[3].metric",
          "d.criteria[0].metrics[4].metric", "d.criteria[0].pass_mark", "d.criteria[0].weight",
          "d.criteria[1].id", "d.criteria[2].id", "d.criteria[2].metrics", "d.min_evidence_share"));
}

TEST(ScorecardRulesTest, RefusesValuesThatAreNoNumbers) {
  ScorecardDefinition definition = Good();
  definition.mutable_criteria(0)->set_weight(std::numeric_limits<double>::quiet_NaN());
  definition.mutable_criteria(0)->set_pass_mark(std::numeric_limits<double>::quiet_NaN());
  definition.mutable_criteria(0)->mutable_metrics(0)->mutable_curve(1)->set_value(
      std::numeric_limits<double>::infinity());
  definition.set_min_evidence_share(std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(Fields(definition),
              ElementsAre("d.criteria[0].metrics[0].curve[1].value", "d.criteria[0].pass_mark",
                          "d.criteria[0].weight", "d.min_evidence_share"));
}

TEST(ScorecardRulesTest, TiersFallFromTheHighest) {
  ScorecardDefinition definition = Good();
  definition.clear_tiers();
  *definition.add_tiers() = MakeTier(Tier::kGrowth, 40, 41);
  *definition.add_tiers() = MakeTier(Tier::kKey, 70, -1);
  *definition.add_tiers() = MakeTier(Tier::kStandard, 20, 20);
  EXPECT_THAT(Fields(definition),
              ElementsAre("d.tiers[0].leave_score", "d.tiers[1].tier", "d.tiers[1].enter_score",
                          "d.tiers[1].leave_score", "d.tiers[2].tier"));
}

TEST(ScorecardRulesTest, ATierStandsOnce) {
  ScorecardDefinition definition = Good();
  definition.mutable_tiers(1)->set_tier(v1::TIER_KEY);
  EXPECT_THAT(Fields(definition), ElementsAre("d.tiers[1].tier"));
}

TEST(ScorecardRulesTest, RequirementsNameCriteriaThatExist) {
  ScorecardDefinition definition = Good();
  *definition.mutable_tiers(0)->mutable_requirement() =
      AtLeast(4, {Met("alive"), Met("dead"), AnyOf({})});
  *definition.mutable_tiers(1)->mutable_requirement() = AllOf({Requirement()});
  EXPECT_THAT(Fields(definition),
              ElementsAre("d.tiers[0].requirement.at_least.count",
                          "d.tiers[0].requirement.at_least.requirements[1].criterion",
                          "d.tiers[0].requirement.at_least.requirements[2].any_of.requirements",
                          "d.tiers[1].requirement.all_of.requirements[0]"));
}

TEST(ScorecardRulesTest, RequirementsNestEightDeepAndNoDeeper) {
  ScorecardDefinition definition = Good();
  Requirement requirement = Met("alive");
  for (int depth = 1; depth < kMaxRequirementDepth; ++depth) requirement = AllOf({requirement});
  *definition.mutable_tiers(0)->mutable_requirement() = requirement;
  EXPECT_THAT(Fields(definition), IsEmpty());
  *definition.mutable_tiers(0)->mutable_requirement() = AllOf({requirement});
  EXPECT_EQ(Fields(definition).size(), 1u);
}

TEST(ScorecardRulesTest, SaysWhatWasLeftToBeUnderstood) {
  ScorecardDefinition definition = Good();
  Criterion& criterion = *definition.mutable_criteria(0);
  criterion.clear_metrics();
  for (const MetricKey& key : {MetricKey{Metric::kActiveMonthShare, 0},
                               {Metric::kActiveMonthShare, 6},
                               {Metric::kRevenue12m, 0},
                               {Metric::kPAlive, 0}}) {
    *criterion.add_metrics() = MakeRule(key, {{0, 0}});
  }
  *definition.add_criteria() = criterion;
  definition.mutable_criteria(1)->set_missing_evidence(Criterion::MISSING_EVIDENCE_NOT_MET);
  ResolveDefaults(definition);
  EXPECT_EQ(criterion.metrics(0).window_months(), 12);
  EXPECT_EQ(criterion.metrics(1).window_months(), 6);
  EXPECT_EQ(criterion.metrics(2).window_months(), 12);
  EXPECT_EQ(criterion.metrics(3).window_months(), 0);
  EXPECT_EQ(criterion.missing_evidence(), Criterion::MISSING_EVIDENCE_INSUFFICIENT_DATA);
  EXPECT_EQ(definition.criteria(1).missing_evidence(), Criterion::MISSING_EVIDENCE_NOT_MET);
  EXPECT_FALSE(definition.tiers(0).has_requirement());
}

}  // namespace
}  // namespace kam::domain
