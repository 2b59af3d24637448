#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "model/criteria/lifetime_model.h"
#include "model/criteria/metric.h"
#include "model/criteria/scorecard.h"

namespace kam {

// What the tiers hold, by Tier number.
struct TierTotals {
  std::array<int64_t, 5> accounts = {};
  std::array<int64_t, 5> revenue_12m = {};  // minor units of the reporting currency
};

// One run over the portfolio.
struct Evaluation {
  std::string id;  // time-ordered
  std::string scorecard_id;
  int32_t scorecard_revision = 0;
  int32_t lifetime_model = 0;          // 0: none
  int32_t as_of_day = 0;               // windows end where this day (since 1970-01-01, UTC) begins
  std::optional<absl::Time> known_at;  // what was recorded up to then counts; set when it succeeds
  RunState state = RunState::kRunning;
  std::string currency;  // reporting currency
  int64_t accounts = 0;
  int64_t revenue_12m = 0;
  TierTotals tiers;
  absl::Time create_time;
  std::optional<absl::Time> end_time;
  // The place among all runs that ended, given by the database: the newest run is the one with the
  // greatest, whatever clocks say.
  std::optional<int64_t> end_number;
  int64_t version = 0;  // 1 when created, 2 when ended
};

// What a run stores of an account: enough to explain it again with the run's scorecard revision.
struct StoredAssessment {
  std::string account_id;
  std::string evaluation_id;
  double score = 0;
  Tier tier = Tier::kStandard;
  Tier previous_tier = Tier::kNone;
  double evidence_share = 0;
  int64_t rank = 0;
  int64_t revenue_12m = 0;           // minor units
  int64_t expected_revenue_12m = 0;  // minor units: by the lifetime model, else revenue_12m
  double expected_orders_12m = 0;    // by the lifetime model, else the orders of the last 12 months
  int32_t pareto_class = 3;          // 1 A, 2 B, 3 C
  std::vector<Measurement> measurements;  // one a distinct MetricKey of the scorecard
  std::vector<std::string> criteria_met;  // ids
};

}  // namespace kam
