#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/criteria/default_scorecard.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/criteria/evaluation.h"
#include "model/error.h"
#include "store/criteria/assessments.h"
#include "store/criteria/evaluations.h"
#include "store/criteria/lifetime_models.h"
#include "store/criteria/scorecards.h"
#include "store/store.h"
#include "support/test_database.h"

namespace kam::store {

inline const absl::Time kThen = absl::FromUnixMicros(1'700'000'000'123'456);

inline Scorecard MakeScorecard(const std::string& id) {
  return {.id = id,
          .display_name = "Ünïcode \"quoted\" \\ name",
          .definition = domain::DefaultScorecard(),
          .latest_revision = 0,
          .version = 1,
          .create_time = kThen,
          .update_time = kThen};
}

inline Evaluation MakeEvaluation(const std::string& id, const std::string& scorecard = "default") {
  Evaluation evaluation{.id = id,
                        .scorecard_id = scorecard,
                        .scorecard_revision = 1,
                        .lifetime_model = 3,
                        .as_of_day = -7,
                        .currency = "USD"};
  evaluation.create_time = kThen;
  evaluation.version = 1;
  return evaluation;
}

inline StoredAssessment MakeAssessment(const std::string& account, const std::string& evaluation,
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
          .measurements = {{.key = {Metric::kPAlive, 0},
                            .value = 0.1 + 0.2,
                            .evidence_count = 5,
                            .evidence_needed = 1},
                           {.key = {Metric::kOrderIntervalCv, 24},
                            .evidence_count = 2,
                            .evidence_needed = 3}},
          .criteria_met = {"tenure", "stable_orders"}};
}

inline std::vector<std::string> Accounts(const std::vector<StoredAssessment>& rows) {
  std::vector<std::string> ids;
  for (const StoredAssessment& row : rows) ids.push_back(row.account_id);
  return ids;
}

class CriteriaStoreTest : public ::testing::Test {
 protected:
  absl::Status Run(const std::function<absl::Status(Transaction&)>& body) {
    return store_->Transact({}, body);
  }
  template <typename T>
  absl::StatusOr<T> Read(const std::function<absl::StatusOr<T>(Snapshot&)>& body) {
    absl::StatusOr<T> result = absl::UnknownError("nothing was read");
    const absl::Status status = store_->Read(Deadline::After(absl::Minutes(1)), [&](Snapshot& tx) {
      result = body(tx);
      return result.status();
    });
    if (!status.ok()) return status;
    return result;
  }
  // Stores a run that ended `seconds` after kThen, in the order of these, with its rows.
  void AddRun(const std::string& id, RunState state, int seconds,
              const std::vector<StoredAssessment>& rows, const std::string& scorecard = "default") {
    Evaluation run = MakeEvaluation(id, scorecard);
    run.create_time = kThen + absl::Seconds(seconds - 1);
    const absl::Status status = Run([&](Transaction& tx) -> absl::Status {
      KAM_RETURN_IF_ERROR(InsertEvaluation(tx, run));
      KAM_RETURN_IF_ERROR(InsertAssessments(tx, rows));
      if (state == RunState::kRunning) return absl::OkStatus();
      run.state = state;
      run.end_time = kThen + absl::Seconds(seconds);
      run.end_number = seconds;
      ++run.version;
      return UpdateEvaluation(tx, run,
                              state == RunState::kFailed ? ChangeKind::kEvaluationFailed
                                                         : ChangeKind::kEvaluationSucceeded);
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  testing::TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

}  // namespace kam::store
