#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "domain/criteria/criteria_settings.h"
#include "domain/criteria/portfolio_run.h"
#include "jobs/job.h"
#include "model/criteria/evaluation.h"

namespace kam::domain {

// Evaluates the whole portfolio. The first attempt reads the rollups at a cut of the facts and
// keeps the time of the cut; an attempt after a crash reads the facts as known then, which gives
// the same result, and goes on behind the last chunk written. Should accounts have been deleted or
// changed in between, so that the result is another one, it begins again: what is stored is always
// the result of one reading. The last step makes all of it visible.
class PortfolioEvaluation final : public jobs::Job {
 public:
  static constexpr int kChunkAccounts = 5000;

  explicit PortfolioEvaluation(CriteriaSettings settings, int chunk_accounts = kChunkAccounts)
      : settings_(std::move(settings)), chunk_accounts_(chunk_accounts) {}

  OperationKind kind() const override { return OperationKind::kEvaluatePortfolio; }
  absl::Status Run(jobs::JobContext& context) override;
  absl::StatusOr<bool> Abandon(store::Transaction& tx, const Operation& operation) override;

 private:
  // Sets the evaluation's known_at.
  absl::StatusOr<PortfolioResult> Compute(jobs::JobContext& context, Evaluation& evaluation);
  // `written`: the cursor's part that says what an earlier attempt has written.
  absl::Status Write(jobs::JobContext& context, const Evaluation& evaluation,
                     absl::string_view written, PortfolioResult& result);

  CriteriaSettings settings_;
  int chunk_accounts_;
};

}  // namespace kam::domain
