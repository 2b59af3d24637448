#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/benefits/benefit.h"
#include "model/benefits/budget.h"
#include "model/benefits/entitlement.h"
#include "model/page.h"

namespace kam::store {

// The catalogue, budgets with their ledger, and entitlements. Part of a Transaction.
class BenefitTable {
 public:
  virtual ~BenefitTable() = default;

  // Benefits. ALREADY_EXISTS / NOT_FOUND.
  virtual absl::Status InsertBenefit(const Benefit& benefit) = 0;
  virtual absl::StatusOr<Benefit> GetBenefit(absl::string_view id) = 0;
  virtual absl::StatusOr<Benefit> GetBenefitForUpdate(absl::string_view id) = 0;
  virtual absl::Status UpdateBenefit(const Benefit& benefit) = 0;
  virtual absl::StatusOr<Page<Benefit>> ListBenefits(const PageRequest& page) = 0;
  // All in state ACTIVE, by id.
  virtual absl::StatusOr<std::vector<Benefit>> ActiveBenefits() = 0;

  // Budgets. ALREADY_EXISTS / NOT_FOUND.
  virtual absl::Status InsertBudget(const Budget& budget) = 0;
  virtual absl::StatusOr<Budget> GetBudget(absl::string_view id) = 0;
  virtual absl::StatusOr<Budget> GetBudgetForUpdate(absl::string_view id) = 0;
  virtual absl::StatusOr<Page<Budget>> ListBudgets(const PageRequest& page) = 0;
  // Applies ledger lines of one budget, all or none: RESERVE takes, RELEASE gives back, SPEND turns
  // what is reserved into spent, ADJUST moves the limits. One guarded UPDATE of the budget's row,
  // so that no limit is ever passed whatever runs beside it; take it last in the transaction. Gives
  // the lines their numbers. FAILED_PRECONDITION (kBudgetExceeded, kSeatsExceeded), NOT_FOUND.
  virtual absl::Status ApplyEntries(absl::string_view budget_id,
                                    absl::Span<const BudgetEntry> entries) = 0;
  // Newest first.
  virtual absl::StatusOr<Page<BudgetEntry>> ListEntries(absl::string_view budget_id,
                                                        const PageRequest& page) = 0;
  // What an account has reserved in a budget by live and expired, not revoked entitlements.
  virtual absl::StatusOr<int64_t> ReservedByAccount(absl::string_view budget_id,
                                                    absl::string_view account_id) = 0;
  // The same for every account that has any, by account id.
  virtual absl::StatusOr<absl::flat_hash_map<std::string, int64_t>> ReservedByAccounts(
      absl::string_view budget_id) = 0;

  // Entitlements. The caller has locked the account (AccountTable::GetForUpdate) before inserting.
  virtual absl::Status InsertEntitlements(absl::Span<const Entitlement> entitlements) = 0;
  virtual absl::StatusOr<Entitlement> GetEntitlement(absl::string_view account_id,
                                                     absl::string_view id) = 0;
  virtual absl::StatusOr<Entitlement> GetEntitlementForUpdate(absl::string_view account_id,
                                                              absl::string_view id) = 0;
  virtual absl::Status UpdateEntitlement(const Entitlement& entitlement) = 0;
  // All of an account for one benefit, newest first.
  virtual absl::StatusOr<std::vector<Entitlement>> FindByBenefit(absl::string_view account_id,
                                                                 absl::string_view benefit_id) = 0;
  // Those of these accounts (all accounts when empty) that are ACTIVE and end after `now`.
  virtual absl::StatusOr<std::vector<Entitlement>> FindLive(
      absl::Span<const std::string> account_ids, absl::Time now) = 0;
  // Newest first; of all accounts when `account_id` is empty. With `live_at`: only ACTIVE ones
  // whose validity contains it.
  virtual absl::StatusOr<Page<Entitlement>> ListEntitlements(absl::string_view account_id,
                                                             std::optional<absl::Time> live_at,
                                                             const PageRequest& page) = 0;
};

}  // namespace kam::store
