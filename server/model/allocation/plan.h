#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace kam {

enum class PlanState {
  kRunning = 1,
  kReady = 2,
  kCommitting = 3,
  kCommitted = 4,
  kDiscarded = 5,
  kFailed = 6,
};

// What a plan takes of a budget, and the version it saw.
struct BudgetUse {
  std::string budget_id;
  int64_t version = 0;
  std::string currency;
  int64_t available = 0;
  int64_t reserved = 0;
  int64_t seats = 0;
  int64_t grants = 0;
};

// What a plan made of a benefit, and the version it saw.
struct BenefitUse {
  std::string benefit_id;
  int64_t version = 0;
  int64_t candidates = 0;
  int64_t grants = 0;
  int64_t cost = 0;   // minor units of the plan's currency
  int64_t value = 0;  // likewise
};

// Who should get which benefit. Currency: the reporting currency; all of a plan's budgets have it.
struct AllocationPlan {
  std::string id;  // time-ordered
  std::string evaluation_id;
  std::vector<std::string> wanted_benefits;  // ids asked for; empty: all active ones
  PlanState state = PlanState::kRunning;
  std::string currency;
  std::vector<BudgetUse> budgets;    // by id
  std::vector<BenefitUse> benefits;  // by id
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

// What a plan decided of one account and benefit.
struct AllocationItem {
  int64_t position = 0;  // from 1, best value per cost first
  std::string account_id;
  std::string benefit_id;
  AllocationDecision decision = AllocationDecision::kGranted;
  int64_t cost = 0;
  int64_t value = 0;
  int64_t seats = 0;
};

}  // namespace kam
