#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "domain/criteria/account_measures.h"
#include "domain/criteria/criteria_settings.h"
#include "model/criteria/evaluation.h"
#include "model/criteria/scorecard.h"
#include "model/history/account_history.h"

namespace kam::domain {

// Judges one account among all; evaluation id and rank are left empty.
StoredAssessment Assess(const ScorecardDefinition& definition, const PortfolioContext& portfolio,
                        AccountMeasures measures, Tier previous);

// What a run over the portfolio finds.
struct PortfolioResult {
  std::vector<StoredAssessment> assessments;  // by account id; evaluation ids are left empty
  int64_t revenue_12m = 0;                    // minor units of the reporting currency
  TierTotals tiers;
};

// Evaluates all accounts of a portfolio in memory. Used by one thread, once.
class PortfolioRun {
 public:
  // What is handed over outlives the run. `model` may be null.
  PortfolioRun(const ScorecardDefinition& definition, const LifetimeModel* model, int32_t as_of_day,
               const CriteriaSettings& settings);
  PortfolioRun(const PortfolioRun&) = delete;
  PortfolioRun& operator=(const PortfolioRun&) = delete;

  // Adds an account, each once. FAILED_PRECONDITION (kFxRateMissing); OUT_OF_RANGE
  // (kAmountOverflow).
  absl::Status Add(const AccountHistory& history);

  // Judges and ranks: by score, then revenue, then account id. `previous` are the tiers that
  // hysteresis starts from. OUT_OF_RANGE (kAmountOverflow).
  absl::StatusOr<PortfolioResult> Finish(const absl::flat_hash_map<std::string, Tier>& previous);

 private:
  const ScorecardDefinition& definition_;
  const CriteriaSettings& settings_;
  LifetimeForecaster forecaster_;
  AccountMeasurer measurer_;
  std::vector<AccountMeasures> accounts_;
};

// A number that two results share when they are the same in accounts, tiers, scores and ranks.
uint64_t FingerprintOf(const PortfolioResult& result);

}  // namespace kam::domain
