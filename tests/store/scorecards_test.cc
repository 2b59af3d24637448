#include <string>
#include <thread>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "store/criteria_fixture.h"
#include "support/scorecards.h"

namespace kam::store {
namespace {

using google::protobuf::util::MessageDifferencer;

class ScorecardsTest : public CriteriaStoreTest {};

TEST_F(ScorecardsTest, KeepsScorecardsWhole) {
  Scorecard scorecard = MakeScorecard("default");
  Criterion& criterion = *scorecard.definition.mutable_criteria(0);
  criterion.set_display_name("\"\\ {},';\n ünïcode");
  criterion.set_missing_evidence(Criterion::MISSING_EVIDENCE_NOT_MET);
  criterion.set_pass_mark(100.0 / 3);
  *scorecard.definition.mutable_tiers(2)->mutable_requirement() =
      testing::AtLeast(1, {testing::Met("tenure")});
  ASSERT_TRUE(Run([&](Transaction& tx) { return InsertScorecard(tx, scorecard); }).ok());
  const absl::StatusOr<Scorecard> found =
      Read<Scorecard>([](Snapshot& tx) { return GetScorecard(tx, "default"); });
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->display_name, scorecard.display_name);
  EXPECT_TRUE(MessageDifferencer::Equals(found->definition, scorecard.definition))
      << found->definition.DebugString();
  EXPECT_EQ(found->version, 1);
  EXPECT_EQ(found->create_time, kThen);
  EXPECT_EQ(found->update_time, kThen);
}

TEST_F(ScorecardsTest, RefusesAScorecardTwiceAndUnknownOnes) {
  ASSERT_TRUE(Run([](Transaction& tx) { return InsertScorecard(tx, MakeScorecard("a")); }).ok());
  EXPECT_TRUE(
      HasReason(Run([](Transaction& tx) { return InsertScorecard(tx, MakeScorecard("a")); }),
                ErrorReason::kResourceAlreadyExists));
  EXPECT_TRUE(HasReason(Run([](Transaction& tx) { return GetScorecard(tx, "b").status(); }),
                        ErrorReason::kResourceNotFound));
  EXPECT_TRUE(
      HasReason(Run([](Transaction& tx) { return GetScorecardForUpdate(tx, "b").status(); }),
                ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Run([](Transaction& tx) { return GetRevision(tx, "a", 1).status(); }),
                        ErrorReason::kResourceNotFound));
}

TEST_F(ScorecardsTest, PagesScorecardsById) {
  for (const char* id : {"b", "d", "a", "c", "e"}) {
    ASSERT_TRUE(Run([&](Transaction& tx) { return InsertScorecard(tx, MakeScorecard(id)); }).ok());
  }
  std::string ids;
  std::string after;
  int pages = 0;
  do {
    const auto page = Read<Page<Scorecard>>(
        [&](Snapshot& tx) { return ListScorecards(tx, {.size = 2, .after = after}); });
    ASSERT_TRUE(page.ok()) << page.status();
    for (const Scorecard& scorecard : page->items) ids += scorecard.id;
    after = page->next;
    ++pages;
  } while (!after.empty());
  EXPECT_EQ(ids, "abcde");
  EXPECT_EQ(pages, 3);
}

TEST_F(ScorecardsTest, RevisionsAreNumberedAndNewestFirst) {
  const auto insert = [&](int32_t number) {
    return Run([&](Transaction& tx) {
      return InsertRevision(tx, {.scorecard_id = "a",
                                 .number = number,
                                 .definition = domain::DefaultScorecard(),
                                 .publish_time = kThen});
    });
  };
  for (int32_t number : {1, 2, 3}) ASSERT_TRUE(insert(number).ok());
  EXPECT_TRUE(HasReason(insert(2), ErrorReason::kResourceAlreadyExists));
  const auto first = Read<Page<ScorecardRevision>>(
      [](Snapshot& tx) { return ListRevisions(tx, "a", {.size = 2}); });
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->items.size(), 2u);
  EXPECT_EQ(first->items[0].number, 3);
  EXPECT_EQ(first->items[1].number, 2);
  const auto second = Read<Page<ScorecardRevision>>(
      [&](Snapshot& tx) { return ListRevisions(tx, "a", {.size = 2, .after = first->next}); });
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_EQ(second->items.size(), 1u);
  EXPECT_TRUE(MessageDifferencer::Equals(second->items[0].definition, domain::DefaultScorecard()));
  EXPECT_EQ(second->next, "");
  EXPECT_TRUE(HasReason(Run([](Transaction& tx) {
                          return ListRevisions(tx, "a", {.size = 2, .after = "x"}).status();
                        }),
                        ErrorReason::kInvalidPageToken));
}

TEST_F(ScorecardsTest, AnUpdateWaitsForWhoeverHoldsTheDraft) {
  ASSERT_TRUE(Run([](Transaction& tx) { return InsertScorecard(tx, MakeScorecard("a")); }).ok());
  const auto bump = [&] {
    return Run([](Transaction& tx) -> absl::Status {
      KAM_ASSIGN_OR_RETURN(Scorecard scorecard, GetScorecardForUpdate(tx, "a"));
      ++scorecard.version;
      return UpdateScorecard(tx, scorecard, ChangeKind::kScorecardUpdated);
    });
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) EXPECT_TRUE(bump().ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Read<Scorecard>([](Snapshot& tx) { return GetScorecard(tx, "a"); })->version, 41);
}

TEST_F(ScorecardsTest, EveryWriteLeavesItsChange) {
  Scorecard scorecard = MakeScorecard("a");
  ASSERT_TRUE(Run([&](Transaction& tx) { return InsertScorecard(tx, scorecard); }).ok());
  for (const ChangeKind kind : {ChangeKind::kScorecardUpdated, ChangeKind::kScorecardPublished}) {
    ++scorecard.version;
    ASSERT_TRUE(Run([&](Transaction& tx) { return UpdateScorecard(tx, scorecard, kind); }).ok());
  }
  EXPECT_EQ(database_.Sql("SELECT string_agg(kind || ' ' || resource || ' ' || version, ', ' "
                          "ORDER BY seq) FROM changes"),
            "scorecard.created scorecards/a 1, scorecard.updated scorecards/a 2, "
            "scorecard.published scorecards/a 3");
}

// What a newer server may have written.
TEST_F(ScorecardsTest, ARevisionThatIsNotUnderstoodIsNotUsed) {
  const auto insert = [&](int32_t number, const ScorecardDefinition& definition) {
    return Run([&](Transaction& tx) {
      return InsertRevision(
          tx,
          {.scorecard_id = "a", .number = number, .definition = definition, .publish_time = kThen});
    });
  };
  const auto get = [&](int32_t number) {
    return Read<ScorecardRevision>([&](Snapshot& tx) { return GetRevision(tx, "a", number); });
  };
  ASSERT_TRUE(insert(1, domain::DefaultScorecard()).ok());
  ASSERT_TRUE(insert(2, domain::DefaultScorecard()).ok());
  database_.Sql(
      "UPDATE scorecard_revisions SET definition = "
      "replace(CAST(definition AS text), 'METRIC_P_ALIVE', 'METRIC_OF_TOMORROW')::jsonb "
      "WHERE number = 1");
  EXPECT_TRUE(HasReason(get(1).status(), ErrorReason::kInternal)) << get(1).status();
  // A field is passed over, and the rest is as it was.
  database_.Sql(
      "UPDATE scorecard_revisions SET definition = definition || '{\"of_tomorrow\": [1]}' "
      "WHERE number = 2");
  ASSERT_TRUE(get(2).ok()) << get(2).status();
  EXPECT_TRUE(MessageDifferencer::Equals(get(2)->definition, domain::DefaultScorecard()));
  // A wrong shape is an error, not the end of the process.
  database_.Sql("UPDATE scorecard_revisions SET definition = '[1]' WHERE number = 2");
  EXPECT_TRUE(HasReason(get(2).status(), ErrorReason::kInternal));
}

}  // namespace
}  // namespace kam::store
