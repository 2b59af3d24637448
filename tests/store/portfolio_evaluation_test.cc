#include "domain/criteria/portfolio_evaluation.h"

#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/criteria/default_scorecard.h"
#include "domain/criteria/evaluations.h"
#include "gtest/gtest.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/criteria/assessments.h"
#include "store/criteria/evaluations.h"
#include "support/facts.h"
#include "support/fake_job_context.h"
#include "support/test_database.h"

namespace kam::domain {
namespace {

using store::Transaction;
using testing::FakeJobContext;

constexpr int kAccounts = 23;
constexpr int kChunk = 5;
constexpr int kChunks = 5;  // of kAccounts
constexpr int32_t kAsOfDay = 19'000;

const CriteriaSettings kSettings = {.reporting_currency = "EUR"};

class PortfolioEvaluationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Must(store_->Transact({}, [](Transaction& tx) { return SeedDefaultScorecard(tx); }));
    Must(testing::AddAccounts(*store_, Ids()));
    const uint64_t seed = std::random_device()();
    RecordProperty("seed", absl::StrCat(seed));
    std::cout << "seed " << seed << "\n";
    AddOrders(seed);
  }

  static std::vector<std::string> Ids() {
    std::vector<std::string> ids;
    for (int i = 0; i < kAccounts; ++i) ids.push_back(absl::StrCat("a", i));
    return ids;
  }

  // A random past for most accounts: some order often, some once, some never.
  void AddOrders(uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<Order> orders;
    for (const std::string& id : Ids()) {
      const int count = static_cast<int>(random() % 4 == 0 ? 0 : random() % 30);
      for (int i = 0; i < count; ++i) {
        const auto day = static_cast<int32_t>(kAsOfDay - 1 - random() % 800);
        orders.push_back(testing::MakeOrder(id, absl::StrCat("o", i), day,
                                            static_cast<int64_t>(random() % 100'000)));
      }
    }
    Must(testing::RecordOrders(*store_, orders).status());
  }

  static void Must(const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; }

  // A run that was asked for.
  Operation Start() {
    absl::StatusOr<Operation> operation =
        store::TransactFor<Operation>(*store_, {}, [](Transaction& tx) {
          return StartEvaluation(tx, {.scorecard_id = "default", .as_of_day = kAsOfDay}, kSettings,
                                 "tester");
        });
    EXPECT_TRUE(operation.ok()) << operation.status();
    return operation.value_or(Operation());
  }

  // Whether there was anything to abandon.
  bool Abandon(const Operation& operation) {
    bool abandoned = false;
    Must(store_->Transact({}, [&](Transaction& tx) -> absl::Status {
      KAM_ASSIGN_OR_RETURN(abandoned, job_.Abandon(tx, operation));
      return absl::OkStatus();
    }));
    return abandoned;
  }
  Evaluation Get(const Operation& operation) {
    return *store::TransactFor<Evaluation>(*store_, {.read_only = true}, [&](Transaction& tx) {
      return store::GetEvaluation(tx, EvaluationName::Parse(operation.target)->evaluation);
    });
  }

  // All that is stored of a run, visible or not.
  std::string Rows(const Operation& operation) {
    return database_.Sql(
        absl::StrCat("SELECT count(*) || ' rows, ' || coalesce(md5(string_agg((to_jsonb(a) - "
                     "'evaluation_id')::text, '' ORDER BY account_id)), '') "
                     "FROM assessments a WHERE evaluation_id = '",
                     EvaluationName::Parse(operation.target)->evaluation, "'"));
  }

  int Stored(const Operation& operation) { return std::stoi(Rows(operation)); }

  int64_t Visible(const Operation& operation) {
    return static_cast<int64_t>(store::TransactFor<Page<StoredAssessment>>(
                                    *store_, {.read_only = true},
                                    [&](Transaction& tx) {
                                      return store::ListRunAssessments(
                                          tx, EvaluationName::Parse(operation.target)->evaluation,
                                          {}, {.size = 1000});
                                    })
                                    ->items.size());
  }

  // Runs to the end, and answers the operation.
  Operation RunWhole() {
    Operation operation = Start();
    FakeJobContext context(*store_, operation);
    Must(job_.Run(context));
    return operation;
  }

  testing::TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  PortfolioEvaluation job_{kSettings, kChunk};
};

TEST_F(PortfolioEvaluationTest, StoresTheWholePortfolio) {
  const Operation operation = RunWhole();
  const Evaluation evaluation = Get(operation);
  EXPECT_EQ(evaluation.state, RunState::kSucceeded);
  EXPECT_EQ(evaluation.accounts, kAccounts);
  EXPECT_TRUE(evaluation.known_at.has_value());
  EXPECT_TRUE(evaluation.end_time.has_value());
  int64_t accounts = 0;
  int64_t revenue = 0;
  for (const int64_t of_tier : evaluation.tiers.accounts) accounts += of_tier;
  for (const int64_t of_tier : evaluation.tiers.revenue_12m) revenue += of_tier;
  EXPECT_EQ(accounts, kAccounts);
  EXPECT_EQ(revenue, evaluation.revenue_12m);
  EXPECT_EQ(Visible(operation), kAccounts);
  const std::string id = EvaluationName::Parse(operation.target)->evaluation;
  // Ranks are 1 to n, by score.
  EXPECT_EQ(database_.Sql(absl::StrCat(
                "SELECT bool_and(rank = n) FROM (SELECT rank, row_number() OVER (ORDER BY score "
                "DESC, revenue_12m DESC, account_id) AS n FROM assessments "
                "WHERE evaluation_id = '",
                id, "') x")),
            "t");
  EXPECT_EQ(database_.Sql("SELECT string_agg(kind || ' ' || version, ', ' ORDER BY seq) "
                          "FROM changes WHERE kind LIKE 'evaluation.%'"),
            "evaluation.created 1, evaluation.succeeded 2");
  EXPECT_EQ(evaluation.version, 2);
}

TEST_F(PortfolioEvaluationTest, WritesInChunks) {
  const Operation operation = Start();
  FakeJobContext context(*store_, operation);
  Must(job_.Run(context));
  EXPECT_EQ(context.steps(), 1 + kChunks + 1);  // what was read, the chunks, the end
  EXPECT_EQ(context.current().done, kAccounts);
  EXPECT_EQ(context.current().total, kAccounts);
}

TEST_F(PortfolioEvaluationTest, ACrashAtAnyStepChangesNothing) {
  // No hysteresis from run to run: each starts from no tier, for none succeeds before the last.
  std::vector<Operation> crashed;
  for (int died_after = 0; died_after <= kChunks + 2; ++died_after) crashed.push_back(Start());
  const std::string expected = Rows(RunWhole());
  for (int died_after = 0; died_after < static_cast<int>(crashed.size()); ++died_after) {
    SCOPED_TRACE(absl::StrCat("died after step ", died_after));
    FakeJobContext first(*store_, crashed[died_after]);
    first.DieAfterSteps(died_after);
    const absl::Status died = job_.Run(first);
    EXPECT_EQ(died.code(), absl::StatusCode::kUnavailable) << died;
    const bool finished = died_after == kChunks + 2;
    EXPECT_EQ(Visible(crashed[died_after]), finished ? kAccounts : 0);

    FakeJobContext second(*store_, first.current());
    Must(job_.Run(second));
    EXPECT_EQ(Rows(crashed[died_after]), expected);
    EXPECT_EQ(Visible(crashed[died_after]), kAccounts);
    // What was written is not written again.
    EXPECT_EQ(second.steps(), died_after == 0 ? kChunks + 2 : kChunks + 2 - died_after);
  }
}

TEST_F(PortfolioEvaluationTest, WhatIsLearnedAfterTheCutDoesNotCount) {
  const Operation crashed = Start();
  const std::string expected = Rows(RunWhole());
  FakeJobContext first(*store_, crashed);
  first.DieAfterSteps(3);
  EXPECT_FALSE(job_.Run(first).ok());
  // A new order, and a correction of one that counted: a0 may have none, so both are tried.
  Must(testing::RecordOrders(*store_, {testing::MakeOrder("a0", "late", kAsOfDay - 5, 9'999'999)})
           .status());
  Must(testing::RecordOrders(*store_, {testing::MakeOrder("a1", "o0", kAsOfDay - 5, 9'999'999)},
                             /*correct=*/true)
           .status());
  FakeJobContext second(*store_, first.current());
  Must(job_.Run(second));
  EXPECT_EQ(Rows(crashed), expected);
  // A new run sees them.
  EXPECT_NE(Rows(RunWhole()), expected);
}

TEST_F(PortfolioEvaluationTest, RollupsAndRawVersionsGiveTheSame) {
  Operation from_raw = Start();
  const Operation from_rollups = RunWhole();
  // As after a crash that followed this cut: the past is read from the versions.
  from_raw.cursor = absl::StrCat(absl::ToUnixMicros(*Get(from_rollups).known_at), ":");
  FakeJobContext context(*store_, from_raw);
  Must(job_.Run(context));
  EXPECT_EQ(Rows(from_raw), Rows(from_rollups));
}

TEST_F(PortfolioEvaluationTest, BeginsAgainWhenAnAccountWasDeletedSinceTheCrash) {
  const Operation operation = Start();
  const Operation fresh = Start();
  FakeJobContext first(*store_, operation);
  first.DieAfterSteps(3);
  EXPECT_FALSE(job_.Run(first).ok());
  Must(store_->Transact({}, [](Transaction& tx) -> absl::Status {
    KAM_ASSIGN_OR_RETURN(Account account, store::LockAccount(tx, "a1"));
    account.delete_time = absl::Now();
    ++account.version;
    return store::UpdateAccount(tx, account, ChangeKind::kAccountUpdated);
  }));
  FakeJobContext second(*store_, first.current());
  Must(job_.Run(second));
  FakeJobContext uninterrupted(*store_, fresh);
  Must(job_.Run(uninterrupted));
  EXPECT_EQ(Rows(operation), Rows(fresh));
  EXPECT_EQ(Get(operation).accounts, kAccounts - 1);
  EXPECT_EQ(Visible(operation), kAccounts - 1);
}

TEST_F(PortfolioEvaluationTest, ARunThatEndedIsLeftAsItIs) {
  const Operation operation = RunWhole();
  const Evaluation before = Get(operation);
  FakeJobContext again(*store_, operation);
  Must(job_.Run(again));
  EXPECT_EQ(again.steps(), 0);
  EXPECT_EQ(Get(operation).end_time, before.end_time);
  EXPECT_EQ(Abandon(operation), false);
  EXPECT_EQ(Get(operation).state, RunState::kSucceeded);
  EXPECT_EQ(Visible(operation), kAccounts);
}

TEST_F(PortfolioEvaluationTest, TheTierBeforeIsThatOfTheRunBefore) {
  RunWhole();
  const std::string second = EvaluationName::Parse(RunWhole().target)->evaluation;
  EXPECT_EQ(database_.Sql(absl::StrCat("SELECT count(*) FROM assessments WHERE evaluation_id = '",
                                       second, "' AND previous_tier = tier AND previous_tier > 0")),
            absl::StrCat(kAccounts));
}

TEST_F(PortfolioEvaluationTest, ACancelledRunLeavesNothing) {
  const Operation operation = Start();
  FakeJobContext context(*store_, operation);
  context.DieAfterSteps(3);
  EXPECT_FALSE(job_.Run(context).ok());
  FakeJobContext cancelled(*store_, context.current());
  cancelled.Cancel();
  EXPECT_EQ(job_.Run(cancelled).code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(Abandon(operation), true);
  EXPECT_EQ(Get(operation).state, RunState::kFailed);
  EXPECT_TRUE(Get(operation).end_time.has_value());
  EXPECT_EQ(Stored(operation), 0);
  EXPECT_EQ(database_.Sql("SELECT string_agg(kind || ' ' || version, ', ' ORDER BY seq) "
                          "FROM changes WHERE kind LIKE 'evaluation.%'"),
            "evaluation.created 1, evaluation.failed 2");
}

TEST_F(PortfolioEvaluationTest, NamesTheAccountWhoseCurrencyItCannotAddUp) {
  Must(store_->Transact({}, [](Transaction& tx) {
    return store::InsertAccount(tx, testing::MakeAccount("yen", "JPY"));
  }));
  RunWhole();  // it has nothing to be added up yet
  Must(
      testing::RecordOrders(*store_, {testing::MakeOrder("yen", "o", kAsOfDay - 9, 100)}).status());
  const Operation operation = Start();
  FakeJobContext context(*store_, operation);
  const absl::Status status = job_.Run(context);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  const ErrorDetails details = GetErrorDetails(status).value_or(ErrorDetails());
  EXPECT_EQ(details.reason, ErrorReason::kFxRateMissing);
  EXPECT_EQ(details.resource, "accounts/yen");
  EXPECT_EQ(Stored(operation), 0);
}

TEST_F(PortfolioEvaluationTest, EvaluatesAnEmptyPortfolio) {
  database_.Sql("DELETE FROM accounts");
  const Operation operation = RunWhole();
  EXPECT_EQ(Get(operation).accounts, 0);
  EXPECT_EQ(Get(operation).state, RunState::kSucceeded);
}

TEST_F(PortfolioEvaluationTest, OneAccountIsEvaluatedAsInTheRun) {
  const Operation operation = RunWhole();
  for (const std::string& id : {std::string("a0"), std::string("a7")}) {
    const auto alone = store::TransactFor<Assessment>(*store_, {}, [&](Transaction& tx) {
      // Before the run ended there was no tier to start from.
      return EvaluateAccount(tx, id, {.scorecard_id = "default", .as_of_day = kAsOfDay},
                             Get(operation).known_at, kSettings);
    });
    ASSERT_TRUE(alone.ok()) << alone.status();
    const auto stored = store::TransactFor<Assessment>(
        *store_, {}, [&](Transaction& tx) { return FindAssessment(tx, id, "-"); });
    ASSERT_TRUE(stored.ok()) << stored.status();
    EXPECT_EQ(alone->result.score, stored->result.score);
    EXPECT_EQ(alone->result.tier, stored->result.tier);
    EXPECT_EQ(alone->result.previous_tier, Tier::kNone);
    EXPECT_EQ(alone->result.evaluation_id, "");
    EXPECT_EQ(stored->result.evaluation_id, EvaluationName::Parse(operation.target)->evaluation);
    ASSERT_EQ(alone->result.measurements.size(), stored->result.measurements.size());
    for (size_t i = 0; i < alone->result.measurements.size(); ++i) {
      EXPECT_EQ(alone->result.measurements[i].value, stored->result.measurements[i].value);
    }
  }
}

}  // namespace
}  // namespace kam::domain
