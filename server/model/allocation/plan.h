#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/enum_map.h"
#include "kam/stored/v1/plan.pb.h"

namespace kam {

enum class PlanState {
  kRunning = 1,
  kReady = 2,
  kCommitting = 3,
  kCommitted = 4,
  kDiscarded = 5,
  kFailed = 6,
};

template <>
inline constexpr auto kEnumNames<PlanState> = EnumMap<PlanState, 6>{{{
    {PlanState::kRunning, "RUNNING"},
    {PlanState::kReady, "READY"},
    {PlanState::kCommitting, "COMMITTING"},
    {PlanState::kCommitted, "COMMITTED"},
    {PlanState::kDiscarded, "DISCARDED"},
    {PlanState::kFailed, "FAILED"},
}}};

// Who should get which benefit. Currency: the reporting currency; all of a plan's budgets have it.
struct AllocationPlan {
  std::string id;  // time-ordered
  std::string evaluation_id;
  std::vector<std::string> wanted_benefits;  // ids asked for; empty: all active ones
  PlanState state = PlanState::kRunning;
  std::string currency;
  stored::v1::PlanSummary summary;
  int64_t grants = 0;
  int64_t accounts = 0;
  int64_t cost = 0;
  int64_t value = 0;
  int64_t version = 0;  // the etag is made of it
  absl::Time create_time;
  std::optional<absl::Time> ready_time;
  std::optional<absl::Time> commit_time;
  std::string commit_operation_id;  // of the latest commit, or empty
};

// Numbers are those of the contract's AllocationItem.Decision.
enum class AllocationDecision {
  kGranted = 1,
  kBudgetExhausted = 2,
  kSeatsExhausted = 3,
  kAccountLimit = 4,
  kStackingGroupTaken = 5,
  kAlreadyEntitled = 6,
  kNotWorthwhile = 7,
};

template <>
inline constexpr auto kEnumNames<AllocationDecision> = EnumMap<AllocationDecision, 7>{{{
    {AllocationDecision::kGranted, "GRANTED"},
    {AllocationDecision::kBudgetExhausted, "BUDGET_EXHAUSTED"},
    {AllocationDecision::kSeatsExhausted, "SEATS_EXHAUSTED"},
    {AllocationDecision::kAccountLimit, "ACCOUNT_LIMIT"},
    {AllocationDecision::kStackingGroupTaken, "STACKING_GROUP_TAKEN"},
    {AllocationDecision::kAlreadyEntitled, "ALREADY_ENTITLED"},
    {AllocationDecision::kNotWorthwhile, "NOT_WORTHWHILE"},
}}};

// What a plan decided of one account and benefit.
struct AllocationItem {
  std::string plan_id;
  int64_t position = 0;  // from 1, best value per cost first
  std::string account_id;
  std::string benefit_id;
  AllocationDecision decision = AllocationDecision::kGranted;
  int64_t cost = 0;
  int64_t value = 0;
  int64_t seats = 0;
};

}  // namespace kam
