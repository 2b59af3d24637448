#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "base/enum_map.h"

namespace kam {

// A finished or failed piece of long work, as its resource shows it.
enum class RunState { kRunning = 1, kSucceeded = 2, kFailed = 3 };

template <>
inline constexpr auto kEnumNames<RunState> = EnumMap<RunState, 3>{{{
    {RunState::kRunning, "RUNNING"},
    {RunState::kSucceeded, "SUCCEEDED"},
    {RunState::kFailed, "FAILED"},
}}};

// The fewest customers a model is fitted to. Fewer say nothing about a whole portfolio.
inline constexpr int64_t kMinCustomersToFit = 30;

// What a fitted model stands on. Kept and shown with the parameters, so that a poor fit is seen.
struct FitEvidence {
  // Customers the likelihood was computed over.
  int64_t customers = 0;
  // Histories that differ among them; equal ones are computed once and weighted.
  int64_t distinct_histories = 0;
  // Evaluations of the likelihood, over all starting points.
  int32_t iterations = 0;
  // Natural logarithm of the likelihood of all customers at the fitted parameters.
  double log_likelihood = 0;
  // Whether the parameters are a maximum: every slope is zero within tolerance, and no parameter
  // lies on the edge of the range searched. Otherwise the parameters are the best found, and
  // stop_reason says what is wrong with them; portfolios of a few hundred customers often end on
  // an edge.
  bool converged = false;
  // Why the search ended, in words; names the parameter where one is to blame.
  std::string stop_reason;
};

enum class PurchaseModelKind { kBgNbd = 1, kMbgNbd = 2 };

template <>
inline constexpr auto kEnumNames<PurchaseModelKind> = EnumMap<PurchaseModelKind, 2>{{{
    {PurchaseModelKind::kBgNbd, "BG_NBD"},
    {PurchaseModelKind::kMbgNbd, "MBG_NBD"},
}}};

// All positive and finite. r has no unit, alpha is in weeks: the mean rate is r / alpha purchases
// a week. a and b have no unit: the mean chance to leave after a purchase is a / (a + b).
struct PurchaseParameters {
  double r = 0;
  double alpha = 0;
  double a = 0;
  double b = 0;
};

// All positive and finite.
struct SpendParameters {
  double p = 0;
  double q = 0;
  double v = 0;
};

// A fitted lifetime model, or one being fitted.
struct LifetimeModel {
  int32_t number = 0;  // from 1
  RunState state = RunState::kRunning;
  int32_t as_of_day = 0;               // orders before this day (since 1970-01-01, UTC) count
  std::optional<absl::Time> known_at;  // what was recorded up to then counts; set by the fit
  PurchaseModelKind kind = PurchaseModelKind::kMbgNbd;
  PurchaseParameters purchase;
  FitEvidence purchase_evidence;
  std::optional<SpendParameters> spend;
  FitEvidence spend_evidence;
  int64_t version = 0;  // 1 when created, 2 when ended
  absl::Time create_time;
};

}  // namespace kam
