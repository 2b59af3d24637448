#include <string>
#include <vector>

#include "store/criteria_fixture.h"

namespace kam::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class AssessmentsTest : public CriteriaStoreTest {};

TEST_F(AssessmentsTest, KeepsAssessmentsWhole) {
  StoredAssessment row = MakeAssessment("acme", "e1", 1);
  AddRun("e1", RunState::kSucceeded, 1, {row});
  const auto get = [&] {
    return *Read<StoredAssessment>([](Snapshot& tx) { return GetAssessment(tx, "acme", "e1"); });
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
  // Nothing measured and nothing met are nothing again.
  row.account_id = "other";
  row.measurements.clear();
  row.criteria_met.clear();
  ASSERT_TRUE(Run([&](Transaction& tx) {
                return InsertAssessments(tx, absl::MakeConstSpan(&row, 1));
              }).ok());
  const auto empty =
      Read<StoredAssessment>([](Snapshot& tx) { return GetAssessment(tx, "other", "e1"); });
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_THAT(empty->measurements, IsEmpty());
  EXPECT_THAT(empty->criteria_met, IsEmpty());
  // A row is written once.
  EXPECT_FALSE(Run([&](Transaction& tx) {
                 return InsertAssessments(tx, absl::MakeConstSpan(&row, 1));
               }).ok());
}

TEST_F(AssessmentsTest, RowsOfARunAreInvisibleUntilItSucceeds) {
  AddRun("e1", RunState::kRunning, 1, {MakeAssessment("acme", "e1", 1)});
  AddRun("e2", RunState::kFailed, 2, {MakeAssessment("acme", "e2", 1)});
  for (const char* run : {"e1", "e2", "e3"}) {
    EXPECT_TRUE(
        HasReason(Run([&](Transaction& tx) { return GetAssessment(tx, "acme", run).status(); }),
                  ErrorReason::kResourceNotFound));
    EXPECT_THAT(Read<Page<StoredAssessment>>([&](Snapshot& tx) {
                  return ListRunAssessments(tx, run, {}, {.size = 10});
                })->items,
                IsEmpty());
    int read = 0;
    EXPECT_TRUE(Run([&](Transaction& tx) {
                  return ReadAssessments(tx, run, [&](const StoredAssessment&) {
                    ++read;
                    return absl::OkStatus();
                  });
                }).ok());
    EXPECT_EQ(read, 0);
  }
  EXPECT_THAT(Read<Page<StoredAssessment>>([](Snapshot& tx) {
                return ListAccountAssessments(tx, "acme", {}, {.size = 10});
              })->items,
              IsEmpty());
  EXPECT_FALSE(Read<std::optional<StoredAssessment>>([](Snapshot& tx) {
                 return NewestAssessment(tx, "acme");
               })->has_value());
}

TEST_F(AssessmentsTest, ListsARunByRankAndTier) {
  AddRun("e1", RunState::kSucceeded, 1,
         {MakeAssessment("a", "e1", 3), MakeAssessment("b", "e1", 1, Tier::kStrategic),
          MakeAssessment("c", "e1", 2), MakeAssessment("d", "e1", 4, Tier::kStandard)});
  const auto list = [&](const std::vector<Tier>& tiers, const PageRequest& page) {
    return *Read<Page<StoredAssessment>>(
        [&](Snapshot& tx) { return ListRunAssessments(tx, "e1", tiers, page); });
  };
  EXPECT_THAT(Accounts(list({}, {.size = 10}).items), ElementsAre("b", "c", "a", "d"));
  EXPECT_THAT(Accounts(list({Tier::kKey}, {.size = 10}).items), ElementsAre("c", "a"));
  const auto first = list({Tier::kKey, Tier::kStrategic}, {.size = 2});
  EXPECT_THAT(Accounts(first.items), ElementsAre("b", "c"));
  const auto second = list({Tier::kKey, Tier::kStrategic}, {.size = 2, .after = first.next});
  EXPECT_THAT(Accounts(second.items), ElementsAre("a"));
  EXPECT_EQ(second.next, "");
}

TEST_F(AssessmentsTest, ListsAnAccountsRunsNewestFirst) {
  AddRun("e1", RunState::kSucceeded, 9, {MakeAssessment("a", "e1", 1, Tier::kKey)});
  AddRun("e2", RunState::kSucceeded, 5, {MakeAssessment("a", "e2", 1, Tier::kGrowth)});
  AddRun("e3", RunState::kSucceeded, 7, {MakeAssessment("b", "e3", 1)});
  const auto all = *Read<Page<StoredAssessment>>(
      [](Snapshot& tx) { return ListAccountAssessments(tx, "a", {}, {.size = 1}); });
  ASSERT_EQ(all.items.size(), 1u);
  EXPECT_EQ(all.items[0].evaluation_id, "e2");
  const auto rest = *Read<Page<StoredAssessment>>([&](Snapshot& tx) {
    return ListAccountAssessments(tx, "a", {}, {.size = 1, .after = all.next});
  });
  ASSERT_EQ(rest.items.size(), 1u);
  EXPECT_EQ(rest.items[0].evaluation_id, "e1");
  EXPECT_EQ(rest.next, "");
  // The newest is the one whose run ended last.
  EXPECT_EQ(
      Read<std::optional<StoredAssessment>>([](Snapshot& tx) { return NewestAssessment(tx, "a"); })
          .value()
          ->evaluation_id,
      "e1");
}

TEST_F(AssessmentsTest, ReadsARunByAccountId) {
  AddRun("e1", RunState::kSucceeded, 1,
         {MakeAssessment("b", "e1", 1), MakeAssessment("a", "e1", 2)});
  AddRun("e2", RunState::kSucceeded, 1, {MakeAssessment("c", "e2", 1)});
  std::vector<StoredAssessment> rows;
  ASSERT_TRUE(Run([&](Transaction& tx) {
                return ReadAssessments(tx, "e1", [&](StoredAssessment row) {
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
  const absl::Status stopped = Run([](Transaction& tx) {
    return ReadAssessments(tx, "e1",
                           [](const StoredAssessment&) { return absl::CancelledError("enough"); });
  });
  EXPECT_EQ(stopped.code(), absl::StatusCode::kCancelled) << stopped;
}

TEST_F(AssessmentsTest, TiersComeFromTheNewestRunBefore) {
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
        [&](Snapshot& tx) { return ReadTiersBefore(tx, "default", before); });
  };
  EXPECT_THAT(tiers("now"),
              UnorderedElementsAre(Pair("a", Tier::kKey), Pair("b", Tier::kStandard)));
  EXPECT_THAT(tiers("then"), UnorderedElementsAre(Pair("a", Tier::kGrowth)));
  EXPECT_THAT(tiers("first"), IsEmpty());
  const auto tier = [&](const std::string& account, int seconds) {
    return *Read<Tier>([&](Snapshot& tx) {
      return ReadTierUntil(tx, "default", account, kThen + absl::Seconds(seconds));
    });
  };
  EXPECT_EQ(tier("a", 30), Tier::kKey);
  EXPECT_EQ(tier("a", 19), Tier::kGrowth);
  EXPECT_EQ(tier("a", 9), Tier::kNone);
  EXPECT_EQ(tier("c", 30), Tier::kNone);
}

TEST_F(AssessmentsTest, RemovesTheRowsOfOneRun) {
  AddRun("e1", RunState::kSucceeded, 1, {MakeAssessment("a", "e1", 1)});
  AddRun("e2", RunState::kSucceeded, 2, {MakeAssessment("a", "e2", 1)});
  ASSERT_TRUE(Run([](Transaction& tx) { return DeleteAssessments(tx, "e1"); }).ok());
  EXPECT_EQ(database_.Sql("SELECT string_agg(evaluation_id, ',') FROM assessments"), "e2");
}

TEST_F(AssessmentsTest, ListingARunUsesTheIndexMadeForIt) {
  std::vector<StoredAssessment> rows;
  for (int i = 1; i <= 2000; ++i) {
    rows.push_back(MakeAssessment(absl::StrCat("a", i), "e1", i));
  }
  AddRun("e1", RunState::kSucceeded, 1, rows);
  AddRun("e2", RunState::kSucceeded, 2, {});
  database_.Sql("ANALYZE assessments, evaluations");
  // The statement of the store itself, deep in the list.
  ASSERT_TRUE(Run([](Transaction& tx) -> absl::Status {
                KAM_ASSIGN_OR_RETURN(
                    const Page<StoredAssessment> page,
                    ListRunAssessments(tx, "e1", {}, {.size = 50, .after = "{1000}"}));
                EXPECT_EQ(page.items.front().rank, 1001);
                return tx.session().Query("SELECT pg_stat_force_next_flush()", {}).status();
              }).ok());
  EXPECT_EQ(database_.Sql("SELECT idx_scan || ' scan, ' || (idx_tup_read <= 60) FROM "
                          "pg_stat_user_indexes WHERE indexrelname = 'assessments_by_rank'"),
            "1 scan, true");
}

}  // namespace
}  // namespace kam::store
