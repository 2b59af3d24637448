#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/benefits/benefit_table.h"
#include "store/engine/session.h"

namespace kam::store {

// The catalogue is implemented in benefit_table.cc, budgets in budget_queries.cc and entitlements
// in entitlement_queries.cc.
class PostgresBenefitTable final : public BenefitTable {
 public:
  explicit PostgresBenefitTable(Session& session) : session_(session) {}

  absl::Status InsertBenefit(const Benefit& benefit) override;
  absl::StatusOr<Benefit> GetBenefit(absl::string_view id) override;
  absl::StatusOr<Benefit> GetBenefitForUpdate(absl::string_view id) override;
  absl::Status UpdateBenefit(const Benefit& benefit) override;
  absl::StatusOr<Page<Benefit>> ListBenefits(const PageRequest& page) override;
  absl::StatusOr<std::vector<Benefit>> ActiveBenefits() override;

  absl::Status InsertBudget(const Budget& budget) override;
  absl::StatusOr<Budget> GetBudget(absl::string_view id) override;
  absl::StatusOr<Budget> GetBudgetForUpdate(absl::string_view id) override;
  absl::StatusOr<Page<Budget>> ListBudgets(const PageRequest& page) override;
  absl::Status ApplyEntries(absl::string_view budget_id,
                            absl::Span<const BudgetEntry> entries) override;
  absl::StatusOr<Page<BudgetEntry>> ListEntries(absl::string_view budget_id,
                                                const PageRequest& page) override;
  absl::StatusOr<int64_t> ReservedByAccount(absl::string_view budget_id,
                                            absl::string_view account_id) override;
  absl::StatusOr<absl::flat_hash_map<std::string, int64_t>> ReservedByAccounts(
      absl::string_view budget_id) override;

  absl::Status InsertEntitlements(absl::Span<const Entitlement> entitlements) override;
  absl::StatusOr<Entitlement> GetEntitlement(absl::string_view account_id,
                                             absl::string_view id) override;
  absl::StatusOr<Entitlement> GetEntitlementForUpdate(absl::string_view account_id,
                                                      absl::string_view id) override;
  absl::Status UpdateEntitlement(const Entitlement& entitlement) override;
  absl::StatusOr<std::vector<Entitlement>> FindByBenefit(absl::string_view account_id,
                                                         absl::string_view benefit_id) override;
  absl::StatusOr<std::vector<Entitlement>> FindLive(absl::Span<const std::string> account_ids,
                                                    absl::Time now) override;
  absl::StatusOr<Page<Entitlement>> ListEntitlements(absl::string_view account_id,
                                                     std::optional<absl::Time> live_at,
                                                     const PageRequest& page) override;

 private:
  Session& session_;
};

}  // namespace kam::store
