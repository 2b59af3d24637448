#include "store/benefits/benefits.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/benefits.h"
#include "support/terms.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using testing::Do;
using ::testing::ElementsAre;
using testing::FromText;
using testing::MakeBenefit;
using testing::Same;
using testing::TestDatabase;
using testing::TestNow;

class BenefitRowsTest : public ::testing::Test {
 protected:
  absl::Status Insert(const Benefit& benefit) {
    return Do(*store_, [&](Transaction& tx) { return InsertBenefit(tx, benefit); });
  }
  absl::StatusOr<Benefit> Get(const std::string& id) {
    return TransactFor<Benefit>(*store_, {}, [&](Transaction& tx) { return GetBenefit(tx, id); });
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

TEST_F(BenefitRowsTest, KeepsEveryKindAsItIs) {
  const std::vector<std::string> kinds = {
      "discount { percent: 12.3456789 }",
      R"(discount {
           amount { minor: 9223372036854775807 currency: "JPY" }
           cap { minor: 500 currency: "JPY" }
           minimum_order { minor: 1 currency: "JPY" }
         })",
      "credit_terms { extra_days: 30 }",
      R"(credit_terms { limit_raise { minor: 100 currency: "KWD" } })",
      R"(club_membership { level: "gøld \"1\"" seats: 1000 })",
      "event { start_time { seconds: 1700000000 nanos: 1000 } seats: 2 }",
      "payment_mode { mode: MODE_INSTALMENTS instalments: 12 }",
      "delivery_arrangement { service: SERVICE_PREMIUM free_freight: true }",
      R"(dedicated_contact { role: "logistics" })"};
  for (size_t i = 0; i < kinds.size(); ++i) {
    Benefit benefit = MakeBenefit(absl::StrCat("benefit-", i));
    benefit.terms.MergeFrom(FromText<BenefitTerms>(kinds[i]));
    ASSERT_TRUE(Insert(benefit).ok());
    const auto read = Get(benefit.id);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(Same(read->terms, benefit.terms)) << read->terms.DebugString();
  }
}

TEST_F(BenefitRowsTest, KeepsABenefitAsItIs) {
  Benefit benefit = MakeBenefit("gold", "year");
  benefit.stacking_group = "club";
  ASSERT_TRUE(Insert(benefit).ok());
  benefit.terms = FromText<BenefitTerms>(R"(
      cost { per_order { minor: 7 currency: "EUR" } }
      value { revenue_uplift_percent: 2.5 }
      eligibility {
        tiers: [ TIER_KEY, TIER_STRATEGIC ]
        pareto_classes: [ PARETO_CLASS_A, PARETO_CLASS_B ]
        criteria_met: [ "loyal", "regular_orders" ]
        min_score: 0.3333333333333333
      })");
  benefit.state = BenefitState::kRetired;
  benefit.version = 2;
  benefit.update_time = TestNow() + absl::Seconds(1);
  benefit.display_name = "Gold, new";
  ASSERT_TRUE(Do(*store_, [&](Transaction& tx) {
                return UpdateBenefit(tx, benefit, ChangeKind::kBenefitRetired);
              }).ok());
  const auto read = Get("gold");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(Same(read->terms, benefit.terms)) << read->terms.DebugString();
  EXPECT_EQ(read->display_name, "Gold, new");
  EXPECT_EQ(read->stacking_group, "club");
  EXPECT_EQ(read->validity_days, 30);
  EXPECT_EQ(read->budget_id, "year");
  EXPECT_EQ(read->state, BenefitState::kRetired);
  EXPECT_TRUE(read->was_activated);
  EXPECT_EQ(read->version, 2);
  EXPECT_EQ(read->create_time, TestNow());
  EXPECT_EQ(read->update_time, TestNow() + absl::Seconds(1));
  EXPECT_EQ(database_.Sql("SELECT string_agg(concat_ws(' ', kind, resource, version), ', ' "
                          "  ORDER BY version) FROM changes"),
            "benefit.created benefits/gold 1, benefit.retired benefits/gold 2");
}

TEST_F(BenefitRowsTest, ARowThatThisServerDoesNotKnowIsAnError) {
  ASSERT_TRUE(Insert(MakeBenefit("gold")).ok());
  database_.Sql("UPDATE benefits SET terms = '[1]'");
  EXPECT_TRUE(HasReason(Get("gold").status(), ErrorReason::kInternal));
  // What a newer server added is passed over.
  database_.Sql("UPDATE benefits SET terms = '{\"perk\": {}, \"discount\": {\"percent\": 3}}'");
  EXPECT_EQ(Get("gold")->terms.discount().percent(), 3);
}

TEST_F(BenefitRowsTest, TellsMissingAndTakenIds) {
  EXPECT_TRUE(HasReason(Get("none").status(), ErrorReason::kResourceNotFound));
  EXPECT_FALSE(Do(*store_, [](Transaction& tx) {
                 return UpdateBenefit(tx, MakeBenefit("none"), ChangeKind::kBenefitUpdated);
               }).ok());
  ASSERT_TRUE(Insert(MakeBenefit("gold")).ok());
  EXPECT_TRUE(HasReason(Insert(MakeBenefit("gold")), ErrorReason::kResourceAlreadyExists));
}

TEST_F(BenefitRowsTest, ListsPageByPageAndTheActiveOnes) {
  for (const char* id : {"c", "a", "b"}) ASSERT_TRUE(Insert(MakeBenefit(id)).ok());
  Benefit retired = MakeBenefit("d");
  retired.state = BenefitState::kRetired;
  ASSERT_TRUE(Insert(retired).ok());
  const auto list = [&](const PageRequest& page) {
    const auto found = TransactFor<Page<Benefit>>(
        *store_, {}, [&](Transaction& tx) { return ListBenefits(tx, page); });
    std::vector<std::string> ids;
    for (const Benefit& benefit : found->items) ids.push_back(benefit.id);
    ids.push_back("next " + found->next);
    return ids;
  };
  EXPECT_THAT(list({.size = 3}), ElementsAre("a", "b", "c", "next {\"c\"}"));
  EXPECT_THAT(list({.size = 3, .after = "{\"c\"}"}), ElementsAre("d", "next "));
  EXPECT_THAT(list({.size = 4}), ElementsAre("a", "b", "c", "d", "next "));
  const auto active = TransactFor<std::vector<Benefit>>(
      *store_, {}, [](Transaction& tx) { return ActiveBenefits(tx); });
  ASSERT_EQ(active->size(), 3u);
  EXPECT_EQ(active->front().id, "a");
}

}  // namespace
}  // namespace kam::store
