#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/enum_map.h"

namespace kam {

// Numbers are those of the contract's OperationMetadata.Kind and of the store.
enum class OperationKind {
  kEvaluatePortfolio = 1,
  kFitLifetimeModel = 2,
  kPlanAllocation = 3,
  kCommitPlan = 4,
};

enum class OperationState {
  kPending = 1,
  kRunning = 2,
  kSucceeded = 3,
  kFailed = 4,
  kCancelled = 5
};

template <>
inline constexpr auto kEnumNames<OperationKind> = EnumMap<OperationKind, 4>{{{
    {OperationKind::kEvaluatePortfolio, "EVALUATE_PORTFOLIO"},
    {OperationKind::kFitLifetimeModel, "FIT_LIFETIME_MODEL"},
    {OperationKind::kPlanAllocation, "PLAN_ALLOCATION"},
    {OperationKind::kCommitPlan, "COMMIT_PLAN"},
}}};
template <>
inline constexpr auto kEnumNames<OperationState> = EnumMap<OperationState, 5>{{{
    {OperationState::kPending, "PENDING"},
    {OperationState::kRunning, "RUNNING"},
    {OperationState::kSucceeded, "SUCCEEDED"},
    {OperationState::kFailed, "FAILED"},
    {OperationState::kCancelled, "CANCELLED"},
}}};

// Work that outlives a call. What it needs to know stands on its target (an evaluation, a model, a
// plan), so that any server can take it up.
struct Operation {
  std::string id;   // time-ordered
  int64_t seq = 0;  // given by the store: greater for those that came later
  OperationKind kind = OperationKind::kEvaluatePortfolio;
  std::string target;  // full resource name
  std::string principal;
  OperationState state = OperationState::kPending;
  std::string stage;
  int64_t done = 0;
  int64_t total = 0;
  std::string cursor;  // where to go on after a crash; the job's own
  int32_t attempts = 0;
  bool cancel_requested = false;
  absl::Status error;  // of a failed one, with its details
  absl::Time create_time;
  std::optional<absl::Time> start_time;
  std::optional<absl::Time> attempt_time;  // start of the current attempt
  int64_t attempt_done = 0;                // `done` at the start of the current attempt
  std::optional<absl::Time> end_time;
};

}  // namespace kam
