#include <string>
#include <vector>

#include "store/criteria_fixture.h"

namespace kam::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class AssessmentTableTest : public CriteriaTableTest {};

TEST_F(AssessmentTableTest, KeepsAssessmentsWhole) {
  StoredAssessment row = MakeAssessment("acme", "e1", 1);
  AddRun("e1", RunState::kSucceeded, 1, {row});
  const auto get = [&] {
    return *Read<StoredAssessment>([](CriteriaTable& t) { return t.GetAssessment("acme", "e1"); });
  };
  const StoredAssessment found = get();
  EXPECT_EQ(found.score, row.score);
  EXPECT_EQ(found.tier, Tier::kKey);
  EXPECT_EQ(found.previous_tier, Tier::kNone);
  EXPECT_EQ(found.evidence_share, 0.1);
  EXPECT_EQ(found.rank, 1);
  EXPECT_EQ(found.revenue_12m, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(found.expected_revenue_12m, -1);
  EXPECT_EQ(found.expected_orders_12m, 1e-300);
  EXPECT_EQ(found.pareto_class, 2);
  EXPECT_THAT(found.criteria_met, ElementsAre("tenure", "stable_orders"));
  ASSERT_EQ(found.measurements.size(), 2u);
  EXPECT_EQ(found.measurements[0].key, row.measurements[0].key);
  EXPECT_EQ(found.measurements[0].value, 0.1 + 0.2);
  EXPECT_EQ(found.measurements[1].key, row.measurements[1].key);
  EXPECT_FALSE(found.measurements[1].value.has_value());
  EXPECT_EQ(found.measurements[1].evidence_count, 2);
  EXPECT_EQ(found.measurements[1].evidence_needed, 3);
  // Written again, it is replaced.
  row.score = 7;
  row.measurements.clear();
  row.criteria_met.clear();
  ASSERT_TRUE(Run([&](CriteriaTable& t) { return t.InsertAssessments({&row, 1}); }).ok());
  EXPECT_EQ(get().score, 7);
  EXPECT_THAT(get().measurements, IsEmpty());
  EXPECT_THAT(get().criteria_met, IsEmpty());
}

TEST_F(AssessmentTableTest, RowsOfARunAreInvisibleUntilItSucceeds) {
  AddRun("e1", RunState::kRunning, 1, {MakeAssessment("acme", "e1", 1)});
  AddRun("e2", RunState::kFailed, 2, {MakeAssessment("acme", "e2", 1)});
  for (const char* run : {"e1", "e2", "e3"}) {
    EXPECT_TRUE(
        HasReason(Run([&](CriteriaTable& t) { return t.GetAssessment("acme", run).status(); }),
                  ErrorReason::kResourceNotFound));
    EXPECT_THAT(Read<Page<StoredAssessment>>([&](CriteriaTable& t) {
                  return t.ListByEvaluation(run, {}, {.size = 10});
                })->items,
                IsEmpty());
    int read = 0;
    EXPECT_TRUE(Run([&](CriteriaTable& t) {
                  return t.ReadAssessments(run, [&](const StoredAssessment&) {
                    ++read;
                    return absl::OkStatus();
                  });
                }).ok());
    EXPECT_EQ(read, 0);
  }
  EXPECT_THAT(Read<Page<StoredAssessment>>([](CriteriaTable& t) {
                return t.ListByAccount("acme", {}, {.size = 10});
              })->items,
              IsEmpty());
  EXPECT_FALSE(Read<std::optional<StoredAssessment>>([](CriteriaTable& t) {
                 return t.NewestAssessment("acme");
               })->has_value());
}

TEST_F(AssessmentTableTest, ListsARunByRankAndTier) {
  AddRun("e1", RunState::kSucceeded, 1,
         {MakeAssessment("a", "e1", 3), MakeAssessment("b", "e1", 1, Tier::kStrategic),
          MakeAssessment("c", "e1", 2), MakeAssessment("d", "e1", 4, Tier::kStandard)});
  const auto list = [&](const std::vector<Tier>& tiers, const PageRequest& page) {
    return *Read<Page<StoredAssessment>>(
        [&](CriteriaTable& t) { return t.ListByEvaluation("e1", tiers, page); });
  };
  EXPECT_THAT(Accounts(list({}, {.size = 10}).items), ElementsAre("b", "c", "a", "d"));
  EXPECT_THAT(Accounts(list({Tier::kKey}, {.size = 10}).items), ElementsAre("c", "a"));
  const auto first = list({Tier::kKey, Tier::kStrategic}, {.size = 2});
  EXPECT_THAT(Accounts(first.items), ElementsAre("b", "c"));
  const auto second = list({Tier::kKey, Tier::kStrategic}, {.size = 2, .after = first.next});
  EXPECT_THAT(Accounts(second.items), ElementsAre("a"));
  EXPECT_EQ(second.next, "");
}

TEST_F(AssessmentTableTest, ListsAnAccountsRunsNewestFirst) {
  AddRun("e1", RunState::kSucceeded, 9, {MakeAssessment("a", "e1", 1, Tier::kKey)});
  AddRun("e2", RunState::kSucceeded, 5, {MakeAssessment("a", "e2", 1, Tier::kGrowth)});
  AddRun("e3", RunState::kSucceeded, 7, {MakeAssessment("b", "e3", 1)});
  const auto all = *Read<Page<StoredAssessment>>(
      [](CriteriaTable& t) { return t.ListByAccount("a", {}, {.size = 1}); });
  ASSERT_EQ(all.items.size(), 1u);
  EXPECT_EQ(all.items[0].evaluation_id, "e2");
  const auto rest = *Read<Page<StoredAssessment>>(
      [&](CriteriaTable& t) { return t.ListByAccount("a", {}, {.size = 1, .after = all.next}); });
  ASSERT_EQ(rest.items.size(), 1u);
  EXPECT_EQ(rest.items[0].evaluation_id, "e1");
  EXPECT_EQ(rest.next, "");
  // The newest is the one whose run ended last.
  EXPECT_EQ(Read<std::optional<StoredAssessment>>(
                [](CriteriaTable& t) { return t.NewestAssessment("a"); })
                .value()
                ->evaluation_id,
            "e1");
}

TEST_F(AssessmentTableTest, ReadsARunByAccountId) {
  AddRun("e1", RunState::kSucceeded, 1,
         {MakeAssessment("b", "e1", 1), MakeAssessment("a", "e1", 2)});
  AddRun("e2", RunState::kSucceeded, 1, {MakeAssessment("c", "e2", 1)});
  std::vector<StoredAssessment> rows;
  ASSERT_TRUE(Run([&](CriteriaTable& t) {
                return t.ReadAssessments("e1", [&](StoredAssessment row) {
                  rows.push_back(std::move(row));
                  return absl::OkStatus();
                });
              }).ok());
  EXPECT_THAT(Accounts(rows), ElementsAre("a", "b"));
  EXPECT_EQ(rows[0].score, 100.0 / 3);
  EXPECT_EQ(rows[0].expected_orders_12m, 1e-300);
  EXPECT_EQ(rows[0].rank, 2);
  EXPECT_EQ(rows[0].pareto_class, 2);
  EXPECT_EQ(rows[0].tier, Tier::kKey);
  EXPECT_THAT(rows[0].criteria_met, ElementsAre("tenure", "stable_orders"));
  // A visitor's error ends the reading and comes back.
  const absl::Status stopped = Run([](CriteriaTable& t) {
    return t.ReadAssessments(
        "e1", [](const StoredAssessment&) { return absl::CancelledError("enough"); });
  });
  EXPECT_EQ(stopped.code(), absl::StatusCode::kCancelled) << stopped;
}

TEST_F(AssessmentTableTest, TiersComeFromTheNewestRunBefore) {
  AddRun("e1", RunState::kSucceeded, 10, {MakeAssessment("a", "e1", 1, Tier::kGrowth)});
  AddRun("e2", RunState::kSucceeded, 20,
         {MakeAssessment("a", "e2", 1, Tier::kKey), MakeAssessment("b", "e2", 2, Tier::kStandard)});
  AddRun("e3", RunState::kFailed, 25, {MakeAssessment("a", "e3", 1, Tier::kStrategic)});
  AddRun("e4", RunState::kSucceeded, 26, {MakeAssessment("a", "e4", 1, Tier::kStandard)}, "other");
  AddRun("now", RunState::kRunning, 31, {});    // asked for at 30
  AddRun("then", RunState::kRunning, 16, {});   // asked for at 15
  AddRun("first", RunState::kRunning, 10, {});  // asked for at 9
  const auto tiers = [&](const std::string& before) {
    return *Read<absl::flat_hash_map<std::string, Tier>>(
        [&](CriteriaTable& t) { return t.ReadTiers("default", before); });
  };
  EXPECT_THAT(tiers("now"),
              UnorderedElementsAre(Pair("a", Tier::kKey), Pair("b", Tier::kStandard)));
  EXPECT_THAT(tiers("then"), UnorderedElementsAre(Pair("a", Tier::kGrowth)));
  EXPECT_THAT(tiers("first"), IsEmpty());
  const auto tier = [&](const std::string& account, int seconds) {
    return *Read<Tier>([&](CriteriaTable& t) {
      return t.ReadTier("default", account, kThen + absl::Seconds(seconds));
    });
  };
  EXPECT_EQ(tier("a", 30), Tier::kKey);
  EXPECT_EQ(tier("a", 19), Tier::kGrowth);
  EXPECT_EQ(tier("a", 9), Tier::kNone);
  EXPECT_EQ(tier("c", 30), Tier::kNone);
}

TEST_F(AssessmentTableTest, RemovesTheRowsOfOneRun) {
  AddRun("e1", RunState::kSucceeded, 1, {MakeAssessment("a", "e1", 1)});
  AddRun("e2", RunState::kSucceeded, 2, {MakeAssessment("a", "e2", 1)});
  ASSERT_TRUE(Run([](CriteriaTable& t) { return t.DeleteAssessments("e1"); }).ok());
  EXPECT_EQ(database_.Sql("SELECT string_agg(evaluation_id, ',') FROM assessments"), "e2");
}

TEST_F(AssessmentTableTest, ListingARunUsesTheIndexMadeForIt) {
  std::vector<StoredAssessment> rows;
  for (int i = 1; i <= 2000; ++i) {
    rows.push_back(MakeAssessment(absl::StrCat("a", i), "e1", i));
  }
  AddRun("e1", RunState::kSucceeded, 1, rows);
  database_.Sql("ANALYZE assessments");
  const std::string plan = database_.Sql(
      "EXPLAIN (FORMAT JSON) SELECT account_id FROM assessments "
      "WHERE evaluation_id = 'e1' AND rank > 100 ORDER BY rank LIMIT 51");
  EXPECT_NE(plan.find("assessments_by_rank"), std::string::npos) << plan;
}

}  // namespace
}  // namespace kam::store
