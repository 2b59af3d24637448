#include "domain/criteria/scorecard_rules.h"

#include <limits>
#include <string>

#include "domain/criteria/default_scorecard.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kam::domain {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Fields(const ScorecardDefinition& definition) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : CheckDefinition(definition, "d")) {
    EXPECT_FALSE(violation.description.empty());
    fields.push_back(violation.field);
  }
  return fields;
}

ScorecardDefinition Good() {
  ScorecardDefinition definition;
  definition.criteria = {
      {.id = "alive",
       .metrics = {{.key = {Metric::kPAlive, 0}, .weight = 1, .curve = {{0, 0}, {1, 100}}}},
       .pass_mark = 50}};
  definition.tiers = {{.tier = Tier::kKey, .enter_score = 70, .leave_score = 60},
                      {.tier = Tier::kGrowth, .enter_score = 40, .leave_score = 40}};
  return definition;
}

Requirement Met(std::string id) {
  return {.kind = Requirement::Kind::kCriterion, .criterion = std::move(id)};
}

Requirement AllOf(Requirement child) {
  return {.kind = Requirement::Kind::kAllOf, .children = {std::move(child)}};
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
  Criterion& first = definition.criteria[0];
  first.pass_mark = 101;
  first.weight = 0;
  first.metrics[0].weight = -1;
  first.metrics[0].curve = {{1, 0}, {1, 50}, {0.5, -1}};
  first.metrics.push_back({.key = {Metric::kActiveMonthShare, 121}, .curve = {{0, 0}}});
  first.metrics.push_back({.key = {Metric::kRevenue12m, 6}, .curve = {}});
  first.metrics.push_back({.key = {static_cast<Metric>(99), 0}, .curve = {{0, 0}}});
  first.metrics.push_back({.key = {Metric::kPAlive, 0}, .curve = {{0, 0}}});
  definition.criteria.push_back(
      {.id = "alive", .metrics = {{.key = {Metric::kPAlive, 0}, .curve = {{0, 0}}}}});
  definition.criteria.push_back({.id = ""});
  definition.min_evidence_share = 1.5;
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
  definition.criteria[0].weight = std::numeric_limits<double>::quiet_NaN();
  definition.criteria[0].pass_mark = std::numeric_limits<double>::quiet_NaN();
  definition.criteria[0].metrics[0].curve[1].value = std::numeric_limits<double>::infinity();
  definition.min_evidence_share = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(Fields(definition),
              ElementsAre("d.criteria[0].metrics[0].curve[1].value", "d.criteria[0].pass_mark",
                          "d.criteria[0].weight", "d.min_evidence_share"));
}

TEST(ScorecardRulesTest, TiersFallFromTheHighest) {
  ScorecardDefinition definition = Good();
  definition.tiers = {{.tier = Tier::kGrowth, .enter_score = 40, .leave_score = 41},
                      {.tier = Tier::kKey, .enter_score = 70, .leave_score = -1},
                      {.tier = Tier::kStandard, .enter_score = 20, .leave_score = 20}};
  EXPECT_THAT(Fields(definition),
              ElementsAre("d.tiers[0].leave_score", "d.tiers[1].tier", "d.tiers[1].enter_score",
                          "d.tiers[1].leave_score", "d.tiers[2].tier"));
}

TEST(ScorecardRulesTest, ATierStandsOnce) {
  ScorecardDefinition definition = Good();
  definition.tiers[1].tier = Tier::kKey;
  EXPECT_THAT(Fields(definition), ElementsAre("d.tiers[1].tier"));
}

TEST(ScorecardRulesTest, RequirementsNameCriteriaThatExist) {
  ScorecardDefinition definition = Good();
  definition.tiers[0].requirement = {
      .kind = Requirement::Kind::kAtLeast,
      .count = 4,
      .children = {Met("alive"), Met("dead"), {.kind = Requirement::Kind::kAnyOf}}};
  definition.tiers[1].requirement = AllOf({});
  EXPECT_THAT(Fields(definition),
              ElementsAre("d.tiers[0].requirement.at_least.count",
                          "d.tiers[0].requirement.at_least.requirements[1].criterion",
                          "d.tiers[0].requirement.at_least.requirements[2].any_of.requirements",
                          "d.tiers[1].requirement.all_of.requirements[0]"));
}

TEST(ScorecardRulesTest, RequirementsNestEightDeepAndNoDeeper) {
  ScorecardDefinition definition = Good();
  Requirement requirement = Met("alive");
  for (int depth = 1; depth < kMaxRequirementDepth; ++depth) requirement = AllOf(requirement);
  definition.tiers[0].requirement = requirement;
  EXPECT_THAT(Fields(definition), IsEmpty());
  definition.tiers[0].requirement = AllOf(requirement);
  EXPECT_EQ(Fields(definition).size(), 1u);
}

TEST(ScorecardRulesTest, GivesDefaultWindowsAndKeepsOthers) {
  ScorecardDefinition definition = Good();
  definition.criteria[0].metrics = {{.key = {Metric::kActiveMonthShare, 0}},
                                    {.key = {Metric::kActiveMonthShare, 6}},
                                    {.key = {Metric::kRevenue12m, 0}},
                                    {.key = {Metric::kPAlive, 0}}};
  ResolveWindows(definition);
  EXPECT_EQ(definition.criteria[0].metrics[0].key.window_months, 12);
  EXPECT_EQ(definition.criteria[0].metrics[1].key.window_months, 6);
  EXPECT_EQ(definition.criteria[0].metrics[2].key.window_months, 12);
  EXPECT_EQ(definition.criteria[0].metrics[3].key.window_months, 0);
}

}  // namespace
}  // namespace kam::domain
