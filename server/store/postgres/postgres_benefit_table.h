#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/benefit_table.h"
#include "store/postgres/session.h"

namespace kam::store::postgres {

// The catalogue is implemented in benefit_table.cc, budgets in budget_queries.cc and entitlements
// in entitlement_queries.cc.
class PostgresBenefitTable final : public BenefitTable {
 public:
  explicit PostgresBenefitTable(Session& session) : session_(session) {}

  absl::Status InsertBenefit(const domain::Benefit& benefit) override;
  absl::StatusOr<domain::Benefit> GetBenefit(absl::string_view id) override;
  absl::StatusOr<domain::Benefit> GetBenefitForUpdate(absl::string_view id) override;
  absl::Status UpdateBenefit(const domain::Benefit& benefit) override;
  absl::StatusOr<domain::Page<domain::Benefit>> ListBenefits(
      const domain::PageRequest& page) override;
  absl::StatusOr<std::vector<domain::Benefit>> ActiveBenefits() override;

  absl::Status InsertBudget(const domain::Budget& budget) override;
  absl::StatusOr<domain::Budget> GetBudget(absl::string_view id) override;
  absl::StatusOr<domain::Budget> GetBudgetForUpdate(absl::string_view id) override;
  absl::StatusOr<domain::Page<domain::Budget>> ListBudgets(
      const domain::PageRequest& page) override;
  absl::Status ApplyEntries(absl::string_view budget_id,
                            absl::Span<const domain::BudgetEntry> entries) override;
  absl::StatusOr<domain::Page<domain::BudgetEntry>> ListEntries(
      absl::string_view budget_id, const domain::PageRequest& page) override;
  absl::StatusOr<int64_t> ReservedByAccount(absl::string_view budget_id,
                                            absl::string_view account_id) override;
  absl::StatusOr<absl::flat_hash_map<std::string, int64_t>> ReservedByAccounts(
      absl::string_view budget_id) override;

  absl::Status InsertEntitlements(absl::Span<const domain::Entitlement> entitlements) override;
  absl::StatusOr<domain::Entitlement> GetEntitlement(absl::string_view account_id,
                                                     absl::string_view id) override;
  absl::StatusOr<domain::Entitlement> GetEntitlementForUpdate(absl::string_view account_id,
                                                              absl::string_view id) override;
  absl::Status UpdateEntitlement(const domain::Entitlement& entitlement) override;
  absl::StatusOr<std::vector<domain::Entitlement>> FindByBenefit(
      absl::string_view account_id, absl::string_view benefit_id) override;
  absl::StatusOr<std::vector<domain::Entitlement>> FindLive(
      absl::Span<const std::string> account_ids, absl::Time now) override;
  absl::StatusOr<domain::Page<domain::Entitlement>> ListEntitlements(
      absl::string_view account_id, std::optional<absl::Time> live_at,
      const domain::PageRequest& page) override;

 private:
  Session& session_;
};

}  // namespace kam::store::postgres
