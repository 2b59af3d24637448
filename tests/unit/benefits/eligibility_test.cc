#include "domain/benefits/eligibility.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/terms.h"

namespace kam::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Eligibility Asks(const std::string& text) { return testing::FromText<Eligibility>(text); }

StoredAssessment KeyAccount() {
  StoredAssessment assessment;
  assessment.account_id = "acme";
  assessment.evaluation_id = "e1";
  assessment.tier = Tier::kKey;
  assessment.pareto_class = 1;
  assessment.score = 71.5;
  assessment.criteria_met = {"loyal", "regular"};
  return assessment;
}

auto Types(const std::vector<PreconditionViolation>& lacking) {
  std::vector<std::string> types;
  for (const PreconditionViolation& violation : lacking) types.push_back(violation.type);
  return types;
}

TEST(EligibilityTest, WithoutConditionsAnyoneIsEligible) {
  EXPECT_TRUE(IsEligible({}, StoredAssessment()));
  EXPECT_THAT(LackingFor({}, "acme", nullptr), IsEmpty());
}

TEST(EligibilityTest, AnAccountNeverEvaluatedLacksItsAssessment) {
  const auto lacking = LackingFor(Asks("tiers: TIER_KEY"), "acme", nullptr);
  ASSERT_EQ(lacking.size(), 1u);
  EXPECT_EQ(lacking[0].type, "ASSESSMENT");
  EXPECT_EQ(lacking[0].subject, "accounts/acme");
  EXPECT_THAT(Types(LackingFor(Asks("min_score: 1"), "acme", nullptr)), ElementsAre("ASSESSMENT"));
}

TEST(EligibilityTest, AllThatIsLackingIsNamedAtOnce) {
  const Eligibility eligibility = Asks(R"(
      tiers: TIER_STRATEGIC
      pareto_classes: [ PARETO_CLASS_B, PARETO_CLASS_C ]
      criteria_met: [ "regular", "solvent", "growing" ]
      min_score: 80)");
  const StoredAssessment assessment = KeyAccount();
  EXPECT_FALSE(IsEligible(eligibility, assessment));
  const auto lacking = LackingFor(eligibility, "acme", &assessment);
  EXPECT_THAT(Types(lacking),
              ElementsAre("TIER", "PARETO_CLASS", "CRITERION", "CRITERION", "SCORE"));
  EXPECT_EQ(lacking[0].subject, "accounts/acme/assessments/e1");
  EXPECT_EQ(lacking[0].description, "is KEY, would have to be one of STRATEGIC");
  EXPECT_EQ(lacking[1].description, "is A, would have to be one of B, C");
  EXPECT_EQ(lacking[2].subject, "solvent");
  EXPECT_EQ(lacking[3].subject, "growing");
  EXPECT_EQ(lacking[4].description, "is 71.5, would have to be at least 80");
}

TEST(EligibilityTest, EachConditionAloneDecides) {
  const StoredAssessment assessment = KeyAccount();
  EXPECT_FALSE(IsEligible(Asks("tiers: TIER_STRATEGIC"), assessment));
  EXPECT_FALSE(IsEligible(Asks("pareto_classes: PARETO_CLASS_B"), assessment));
  EXPECT_FALSE(IsEligible(Asks("criteria_met: ['loyal', 'solvent']"), assessment));
  EXPECT_FALSE(IsEligible(Asks("min_score: 71.51"), assessment));
  EXPECT_TRUE(IsEligible(Asks(R"(
      tiers: [ TIER_STRATEGIC, TIER_KEY ]
      pareto_classes: PARETO_CLASS_A
      criteria_met: [ "loyal", "regular" ]
      min_score: 71.5)"),
                         assessment));
}

}  // namespace
}  // namespace kam::domain
