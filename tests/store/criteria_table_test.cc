#include <string>
#include <thread>
#include <vector>

#include "store/criteria_fixture.h"

namespace kam::store {
namespace {

TEST_F(CriteriaTableTest, KeepsScorecardsWhole) {
  Scorecard scorecard = MakeScorecard("default");
  scorecard.definition.criteria[0].display_name = "\"\\ {},';\n ünïcode";
  scorecard.definition.criteria[0].missing_evidence = MissingEvidence::kNotMet;
  scorecard.definition.criteria[0].pass_mark = 100.0 / 3;
  scorecard.definition.tiers[2].requirement = {
      .kind = Requirement::Kind::kAtLeast,
      .count = 1,
      .children = {{.kind = Requirement::Kind::kCriterion, .criterion = "tenure"}}};
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
    const auto page = Read<Page<Scorecard>>(
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
  const auto first = Read<Page<ScorecardRevision>>(
      [](CriteriaTable& t) { return t.ListRevisions("a", {.size = 2}); });
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->items.size(), 2u);
  EXPECT_EQ(first->items[0].number, 3);
  EXPECT_EQ(first->items[1].number, 2);
  const auto second = Read<Page<ScorecardRevision>>(
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
  model.kind = PurchaseModelKind::kBgNbd;
  model.purchase = {.r = 0.1 + 0.2, .alpha = 1e-300, .a = 1e300, .b = 4};
  model.purchase_evidence = {.customers = 23570,
                             .distinct_histories = 1016,
                             .iterations = 77,
                             .log_likelihood = -9582.4256,
                             .converged = true,
                             .stop_reason = "it is \"flat\""};
  model.spend = SpendParameters{.p = 6.25, .q = 3.74, .v = 15.44};
  model.spend_evidence.customers = 9;
  ASSERT_TRUE(Run([&](CriteriaTable& t) { return t.UpdateModel(model); }).ok());
  const LifetimeModel found = get();
  EXPECT_EQ(found.kind, PurchaseModelKind::kBgNbd);
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
  const auto newest = [&] {
    return Read<std::optional<LifetimeModel>>([](CriteriaTable& t) { return t.NewestModel(); })
        .value();
  };
  EXPECT_EQ(newest()->number, *number);

  LifetimeModel stuck = model;
  stuck.purchase_evidence.converged = false;
  ASSERT_TRUE(Run([&](CriteriaTable& t) -> absl::Status {
                absl::StatusOr<int32_t> next = t.InsertModel(stuck);
                if (!next.ok()) return next.status();
                stuck.number = *next;
                return t.UpdateModel(stuck);
              }).ok());
  EXPECT_EQ(newest()->number, *number) << "a fit that did not converge is used only by name";

  model.number = stuck.number + 1;
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
  const auto page =
      *Read<Page<Evaluation>>([](CriteriaTable& t) { return t.ListEvaluations({.size = 3}); });
  EXPECT_EQ(page.items[0].id, "e4");
  EXPECT_EQ(page.items[2].id, "e2");
  EXPECT_EQ(page.next, "e2");
}

}  // namespace
}  // namespace kam::store
