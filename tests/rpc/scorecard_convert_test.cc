#include "rpc/criteria/scorecard_convert.h"

#include "gtest/gtest.h"
#include "kam/v1/evaluation.pb.h"
#include "model/criteria/verdict.h"
#include "rpc/contract/convert.h"
#include "support/same_shape.h"

namespace kam::rpc {
namespace {

TEST(CriteriaEnumsTest, NumbersThatAreNoValueAreNothing) {
  EXPECT_EQ(FromProtoEnum<Tier>(v1::TIER_KEY), Tier::kKey);
  EXPECT_FALSE(FromProtoEnum<Tier>(static_cast<v1::Tier>(99)).has_value());
  EXPECT_FALSE(FromProtoEnum<Verdict>(v1::VERDICT_UNSPECIFIED).has_value());
}

TEST(ScorecardConvertTest, TheDocumentHasTheFieldsOfTheContract) {
  testing::ExpectSameShape<stored::v1::ScorecardDefinition, v1::ScorecardDefinition>();
}

TEST(ScorecardConvertTest, ATierKeepsItsConditionBothWays) {
  v1::ScorecardDefinition sent;
  v1::TierRule& tier = *sent.add_tiers();
  tier.set_tier(v1::TIER_KEY);
  tier.mutable_requirement()->mutable_at_least()->set_count(2);
  const ScorecardDefinition kept = FromProto(sent);
  EXPECT_EQ(TierOf(kept.tiers(0)), Tier::kKey);
  EXPECT_EQ(kept.tiers(0).requirement().at_least().count(), 2);
  EXPECT_EQ(CopyAs<v1::ScorecardDefinition>(kept).SerializeAsString(), sent.SerializeAsString());
}

}  // namespace
}  // namespace kam::rpc
