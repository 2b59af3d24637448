#include "store/criteria_table.h"

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/criteria/default_scorecard.h"
#include "domain/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using domain::ErrorReason;
using domain::Evaluation;
using domain::HasReason;
using domain::LifetimeModel;
using domain::RunState;
using domain::Scorecard;
using domain::ScorecardRevision;
using domain::StoredAssessment;
using domain::Tier;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

const absl::Time kThen = absl::FromUnixMicros(1'700'000'000'123'456);

Scorecard MakeScorecard(const std::string& id) {
  return {.id = id,
          .display_name = "Ünïcode \"quoted\" \\ name",
          .definition = domain::DefaultScorecard(),
          .latest_revision = 0,
          .version = 1,
          .create_time = kThen,
          .update_time = kThen};
}

Evaluation MakeEvaluation(const std::string& id, const std::string& scorecard = "default") {
  Evaluation evaluation{.id = id,
                        .scorecard_id = scorecard,
                        .scorecard_revision = 1,
                        .lifetime_model = 3,
                        .as_of_day = -7,
                        .currency = "USD"};
  evaluation.create_time = kThen;
  return evaluation;
}

StoredAssessment MakeAssessment(const std::string& account, const std::string& evaluation,
                                int64_t rank, Tier tier = Tier::kKey) {
  return {.account_id = account,
          .evaluation_id = evaluation,
          .score = 100.0 / 3,
          .tier = tier,
          .previous_tier = Tier::kNone,
          .evidence_share = 0.1,
          .rank = rank,
          .revenue_12m = std::numeric_limits<int64_t>::max(),
          .expected_revenue_12m = -1,
          .expected_orders_12m = 1e-300,
          .pareto_class = 2,
          .measurements = {{.key = {domain::Metric::kPAlive, 0},
                            .value = 0.1 + 0.2,
                            .evidence_count = 5,
                            .evidence_needed = 1},
                           {.key = {domain::Metric::kOrderIntervalCv, 24},
                            .evidence_count = 2,
                            .evidence_needed = 3}},
          .criteria_met = {"tenure", "stable_orders"}};
}

std::vector<std::string> Accounts(const std::vector<StoredAssessment>& rows) {
  std::vector<std::string> ids;
  for (const StoredAssessment& row : rows) ids.push_back(row.account_id);
  return ids;
}

class CriteriaTableTest : public ::testing::Test {
 protected:
  absl::Status Run(const std::function<absl::Status(CriteriaTable&)>& body) {
    return store_->Transact({}, [&](Transaction& tx) { return body(tx.criteria()); });
  }
  template <typename T>
  absl::StatusOr<T> Read(const std::function<absl::StatusOr<T>(CriteriaTable&)>& body) {
    return TransactFor<T>(*store_, {.read_only = true},
                          [&](Transaction& tx) { return body(tx.criteria()); });
  }
  // Stores a run that ended `seconds` after kThen, with its rows.
  void AddRun(const std::string& id, RunState state, int seconds,
              const std::vector<StoredAssessment>& rows, const std::string& scorecard = "default") {
    Evaluation run = MakeEvaluation(id, scorecard);
    run.create_time = kThen + absl::Seconds(seconds - 1);
    run.state = state;
    run.end_time = kThen + absl::Seconds(seconds);
    const absl::Status status = Run([&](CriteriaTable& table) -> absl::Status {
      KAM_RETURN_IF_ERROR(table.InsertEvaluation(run));
      return table.InsertAssessments(rows);
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  testing::TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

TEST_F(CriteriaTableTest, KeepsScorecardsWhole) {
  Scorecard scorecard = MakeScorecard("default");
  scorecard.definition.criteria[0].display_name = "\"\\ {},';\n ünïcode";
  scorecard.definition.criteria[0].missing_evidence = domain::MissingEvidence::kNotMet;
  scorecard.definition.criteria[0].pass_mark = 100.0 / 3;
  scorecard.definition.tiers[2].requirement = {
      .kind = domain::Requirement::Kind::kAtLeast,
      .count = 1,
      .children = {{.kind = domain::Requirement::Kind::kCriterion, .criterion = "tenure"}}};
  ASSERT_TRUE(Run([&](CriteriaTable& t) { return t.InsertScorecard(scorecard); }).ok());
  const absl::StatusOr<Scorecard> found =
      Read<Scorecard>([](CriteriaTable& t) { return t.GetScorecard("default"); });
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->display_name, scorecard.display_name);
  EXPECT_EQ(found->definition, scorecard.definition);
  EXPECT_EQ(found->version, 1);
  EXPECT_EQ(found->create_time, kThen);
  EXPECT_EQ(found->update_time, kThen);
}

TEST_F(CriteriaTableTest, RefusesAScorecardTwiceAndUnknownOnes) {
  ASSERT_TRUE(Run([](CriteriaTable& t) { return t.InsertScorecard(MakeScorecard("a")); }).ok());
  EXPECT_TRUE(HasReason(Run([](CriteriaTable& t) { return t.InsertScorecard(MakeScorecard("a")); }),
                        ErrorReason::kResourceAlreadyExists));
  EXPECT_TRUE(HasReason(Run([](CriteriaTable& t) { return t.GetScorecard("b").status(); }),
                        ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Run([](CriteriaTable& t) { return t.GetScorecardForUpdate("b").status(); }),
                        ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Run([](CriteriaTable& t) { return t.UpdateScorecard(MakeScorecard("b")); }),
                        ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Run([](CriteriaTable& t) { return t.GetRevision("a", 1).status(); }),
                        ErrorReason::kResourceNotFound));
}

TEST_F(CriteriaTableTest, PagesScorecardsById) {
  for (const char* id : {"b", "d", "a", "c", "e"}) {
    ASSERT_TRUE(Run([&](CriteriaTable& t) { return t.InsertScorecard(MakeScorecard(id)); }).ok());
  }
  std::string ids;
  std::string after;
  int pages = 0;
  do {
    const auto page = Read<domain::Page<Scorecard>>(
        [&](CriteriaTable& t) { return t.ListScorecards({.size = 2, .after = after}); });
    ASSERT_TRUE(page.ok()) << page.status();
    for (const Scorecard& scorecard : page->items) ids += scorecard.id;
    after = page->next;
    ++pages;
  } while (!after.empty());
  EXPECT_EQ(ids, "abcde");
  EXPECT_EQ(pages, 3);
}

TEST_F(CriteriaTableTest, RevisionsAreNumberedAndNewestFirst) {
  const auto insert = [&](int32_t number) {
    return Run([&](CriteriaTable& t) {
      return t.InsertRevision({.scorecard_id = "a",
                               .number = number,
                               .definition = domain::DefaultScorecard(),
                               .publish_time = kThen});
    });
  };
  for (int32_t number : {1, 2, 3}) ASSERT_TRUE(insert(number).ok());
  EXPECT_TRUE(HasReason(insert(2), ErrorReason::kResourceAlreadyExists));
  const auto first = Read<domain::Page<ScorecardRevision>>(
      [](CriteriaTable& t) { return t.ListRevisions("a", {.size = 2}); });
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->items.size(), 2u);
  EXPECT_EQ(first->items[0].number, 3);
  EXPECT_EQ(first->items[1].number, 2);
  const auto second = Read<domain::Page<ScorecardRevision>>(
      [&](CriteriaTable& t) { return t.ListRevisions("a", {.size = 2, .after = first->next}); });
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_EQ(second->items.size(), 1u);
  EXPECT_EQ(second->items[0].definition, domain::DefaultScorecard());
  EXPECT_EQ(second->next, "");
  EXPECT_TRUE(HasReason(Run([](CriteriaTable& t) {
                          return t.ListRevisions("a", {.size = 2, .after = "x"}).status();
                        }),
                        ErrorReason::kInvalidPageToken));
}

TEST_F(CriteriaTableTest, AnUpdateWaitsForWhoeverHoldsTheDraft) {
  ASSERT_TRUE(Run([](CriteriaTable& t) { return t.InsertScorecard(MakeScorecard("a")); }).ok());
  const auto bump = [&] {
    return Run([](CriteriaTable& t) -> absl::Status {
      KAM_ASSIGN_OR_RETURN(Scorecard scorecard, t.GetScorecardForUpdate("a"));
      ++scorecard.version;
      return t.UpdateScorecard(scorecard);
    });
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) EXPECT_TRUE(bump().ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Read<Scorecard>([](CriteriaTable& t) { return t.GetScorecard("a"); })->version, 41);
}

TEST_F(CriteriaTableTest, KeepsLifetimeModelsWhole) {
  LifetimeModel model;
  model.as_of_day = 10'408;
  model.known_at = absl::InfinitePast();
  model.create_time = kThen;
  const absl::StatusOr<int32_t> number = TransactFor<int32_t>(
      *store_, {}, [&](Transaction& tx) { return tx.criteria().InsertModel(model); });
  ASSERT_TRUE(number.ok()) << number.status();
  EXPECT_GE(*number, 1);
  const auto get = [&] {
    return *Read<LifetimeModel>([&](CriteriaTable& t) { return t.GetModel(*number); });
  };
  EXPECT_EQ(get().state, RunState::kRunning);
  EXPECT_EQ(get().known_at, absl::InfinitePast());
  EXPECT_FALSE(get().spend.has_value());
  EXPECT_FALSE(Read<std::optional<LifetimeModel>>([](CriteriaTable& t) {
                 return t.NewestModel();
               })->has_value());

  model.number = *number;
  model.state = RunState::kSucceeded;
  model.known_at = kThen;
  model.kind = domain::PurchaseModelKind::kBgNbd;
  model.purchase = {.r = 0.1 + 0.2, .alpha = 1e-300, .a = 1e300, .b = 4};
  model.purchase_evidence = {.customers = 23570,
                             .distinct_histories = 1016,
                             .iterations = 77,
                             .log_likelihood = -9582.4256,
                             .converged = true,
                             .stop_reason = "it is \"flat\""};
  model.spend = domain::SpendParameters{.p = 6.25, .q = 3.74, .v = 15.44};
  model.spend_evidence.customers = 9;
  ASSERT_TRUE(Run([&](CriteriaTable& t) { return t.UpdateModel(model); }).ok());
  const LifetimeModel found = get();
  EXPECT_EQ(found.kind, domain::PurchaseModelKind::kBgNbd);
  EXPECT_EQ(found.as_of_day, 10'408);
  EXPECT_EQ(found.known_at, kThen);
  EXPECT_EQ(found.create_time, kThen);
  EXPECT_EQ(found.purchase.r, 0.1 + 0.2);
  EXPECT_EQ(found.purchase.alpha, 1e-300);
  EXPECT_EQ(found.purchase.a, 1e300);
  EXPECT_EQ(found.purchase_evidence.customers, 23570);
  EXPECT_EQ(found.purchase_evidence.log_likelihood, -9582.4256);
  EXPECT_TRUE(found.purchase_evidence.converged);
  EXPECT_EQ(found.purchase_evidence.stop_reason, "it is \"flat\"");
  EXPECT_EQ(found.spend->v, 15.44);
  EXPECT_EQ(found.spend_evidence.customers, 9);
  EXPECT_FALSE(found.spend_evidence.converged);
  EXPECT_EQ(Read<std::optional<LifetimeModel>>([](CriteriaTable& t) { return t.NewestModel(); })
                .value()
                ->number,
            *number);

  model.number = *number + 1;
  EXPECT_TRUE(HasReason(Run([&](CriteriaTable& t) { return t.UpdateModel(model); }),
                        ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Run([&](CriteriaTable& t) { return t.GetModel(model.number).status(); }),
                        ErrorReason::kResourceNotFound));
}

TEST_F(CriteriaTableTest, KeepsEvaluationsWhole) {
  Evaluation evaluation = MakeEvaluation("e1");
  ASSERT_TRUE(Run([&](CriteriaTable& t) { return t.InsertEvaluation(evaluation); }).ok());
  EXPECT_TRUE(HasReason(Run([&](CriteriaTable& t) { return t.InsertEvaluation(evaluation); }),
                        ErrorReason::kResourceAlreadyExists));
  const auto get = [&] {
    return *Read<Evaluation>([](CriteriaTable& t) { return t.GetEvaluation("e1"); });
  };
  EXPECT_FALSE(get().known_at.has_value());
  EXPECT_FALSE(get().end_time.has_value());
  EXPECT_EQ(get().as_of_day, -7);
  evaluation.state = RunState::kSucceeded;
  evaluation.known_at = kThen;
  evaluation.end_time = kThen + absl::Microseconds(1);
  evaluation.accounts = 7;
  evaluation.revenue_12m = 1234;
  evaluation.tiers[static_cast<size_t>(Tier::kKey)] = {.accounts = 2, .revenue_12m = 1000};
  ASSERT_TRUE(Run([&](CriteriaTable& t) { return t.UpdateEvaluation(evaluation); }).ok());
  EXPECT_EQ(get().known_at, kThen);
  EXPECT_EQ(get().end_time, kThen + absl::Microseconds(1));
  EXPECT_EQ(get().accounts, 7);
  EXPECT_EQ(get().lifetime_model, 3);
  EXPECT_EQ(get().tiers[static_cast<size_t>(Tier::kKey)].accounts, 2);
  EXPECT_EQ(get().tiers[static_cast<size_t>(Tier::kKey)].revenue_12m, 1000);
  EXPECT_EQ(get().tiers[static_cast<size_t>(Tier::kStandard)].accounts, 0);
  EXPECT_TRUE(
      HasReason(Run([](CriteriaTable& t) { return t.UpdateEvaluation(MakeEvaluation("other")); }),
                ErrorReason::kResourceNotFound));
}

TEST_F(CriteriaTableTest, NewestEvaluationIsTheLastThatSucceeded) {
  AddRun("e1", RunState::kSucceeded, 30, {});
  AddRun("e2", RunState::kSucceeded, 20, {});
  AddRun("e3", RunState::kFailed, 40, {});
  AddRun("e4", RunState::kSucceeded, 50, {}, "other");
  const auto newest = [&](const std::string& scorecard) {
    const auto found = *Read<std::optional<Evaluation>>(
        [&](CriteriaTable& t) { return t.NewestEvaluation(scorecard); });
    return found ? found->id : "";
  };
  EXPECT_EQ(newest("default"), "e1");
  EXPECT_EQ(newest(""), "e4");
  EXPECT_EQ(newest("none"), "");
  const auto page = *Read<domain::Page<Evaluation>>(
      [](CriteriaTable& t) { return t.ListEvaluations({.size = 3}); });
  EXPECT_EQ(page.items[0].id, "e4");
  EXPECT_EQ(page.items[2].id, "e2");
  EXPECT_EQ(page.next, "e2");
}

TEST_F(CriteriaTableTest, KeepsAssessmentsWhole) {
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

TEST_F(CriteriaTableTest, RowsOfARunAreInvisibleUntilItSucceeds) {
  AddRun("e1", RunState::kRunning, 1, {MakeAssessment("acme", "e1", 1)});
  AddRun("e2", RunState::kFailed, 2, {MakeAssessment("acme", "e2", 1)});
  for (const char* run : {"e1", "e2", "e3"}) {
    EXPECT_TRUE(
        HasReason(Run([&](CriteriaTable& t) { return t.GetAssessment("acme", run).status(); }),
                  ErrorReason::kResourceNotFound));
    EXPECT_THAT(Read<domain::Page<StoredAssessment>>([&](CriteriaTable& t) {
                  return t.ListByEvaluation(run, {}, {.size = 10});
                })->items,
                IsEmpty());
    int read = 0;
    EXPECT_TRUE(Run([&](CriteriaTable& t) {
                  return t.ReadAssessments(run, [&](StoredAssessment) {
                    ++read;
                    return absl::OkStatus();
                  });
                }).ok());
    EXPECT_EQ(read, 0);
  }
  EXPECT_THAT(Read<domain::Page<StoredAssessment>>([](CriteriaTable& t) {
                return t.ListByAccount("acme", {}, {.size = 10});
              })->items,
              IsEmpty());
  EXPECT_FALSE(Read<std::optional<StoredAssessment>>([](CriteriaTable& t) {
                 return t.NewestAssessment("acme");
               })->has_value());
}

TEST_F(CriteriaTableTest, ListsARunByRankAndTier) {
  AddRun("e1", RunState::kSucceeded, 1,
         {MakeAssessment("a", "e1", 3), MakeAssessment("b", "e1", 1, Tier::kStrategic),
          MakeAssessment("c", "e1", 2), MakeAssessment("d", "e1", 4, Tier::kStandard)});
  const auto list = [&](const std::vector<Tier>& tiers, const domain::PageRequest& page) {
    return *Read<domain::Page<StoredAssessment>>(
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

TEST_F(CriteriaTableTest, ListsAnAccountsRunsNewestFirst) {
  AddRun("e1", RunState::kSucceeded, 9, {MakeAssessment("a", "e1", 1, Tier::kKey)});
  AddRun("e2", RunState::kSucceeded, 5, {MakeAssessment("a", "e2", 1, Tier::kGrowth)});
  AddRun("e3", RunState::kSucceeded, 7, {MakeAssessment("b", "e3", 1)});
  const auto all = *Read<domain::Page<StoredAssessment>>(
      [](CriteriaTable& t) { return t.ListByAccount("a", {}, {.size = 1}); });
  ASSERT_EQ(all.items.size(), 1u);
  EXPECT_EQ(all.items[0].evaluation_id, "e2");
  const auto rest = *Read<domain::Page<StoredAssessment>>(
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

TEST_F(CriteriaTableTest, ReadsARunByAccountId) {
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
    return t.ReadAssessments("e1", [](StoredAssessment) { return absl::CancelledError("enough"); });
  });
  EXPECT_EQ(stopped.code(), absl::StatusCode::kCancelled) << stopped;
}

TEST_F(CriteriaTableTest, TiersComeFromTheNewestRunBefore) {
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

TEST_F(CriteriaTableTest, RemovesTheRowsOfOneRun) {
  AddRun("e1", RunState::kSucceeded, 1, {MakeAssessment("a", "e1", 1)});
  AddRun("e2", RunState::kSucceeded, 2, {MakeAssessment("a", "e2", 1)});
  ASSERT_TRUE(Run([](CriteriaTable& t) { return t.DeleteAssessments("e1"); }).ok());
  EXPECT_EQ(database_.Sql("SELECT string_agg(evaluation_id, ',') FROM assessments"), "e2");
}

TEST_F(CriteriaTableTest, ListingARunUsesTheIndexMadeForIt) {
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
