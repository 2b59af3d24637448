#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "kam/v1/benefit_service.pb.h"
#include "rpc/pipeline/call.h"
#include "rpc/pipeline/group.h"
#include "store/store.h"

namespace kam::rpc {

// The catalogue, budgets and entitlements; each method is documented in the contract. Thread-safe.
class BenefitService {
 public:
  absl::StatusOr<v1::Benefit> CreateBenefit(const Call& call, store::Transaction& tx,
                                            const v1::CreateBenefitRequest& request);
  absl::StatusOr<v1::Benefit> GetBenefit(const Call& call, store::Snapshot& tx,
                                         const v1::GetBenefitRequest& request);
  absl::StatusOr<v1::ListBenefitsResponse> ListBenefits(const Call& call, store::Snapshot& tx,
                                                        const v1::ListBenefitsRequest& request);
  absl::StatusOr<v1::Benefit> UpdateBenefit(const Call& call, store::Transaction& tx,
                                            const v1::UpdateBenefitRequest& request);
  absl::StatusOr<v1::Benefit> ActivateBenefit(const Call& call, store::Transaction& tx,
                                              const v1::ActivateBenefitRequest& request);
  absl::StatusOr<v1::Benefit> RetireBenefit(const Call& call, store::Transaction& tx,
                                            const v1::RetireBenefitRequest& request);

  absl::StatusOr<v1::Budget> CreateBudget(const Call& call, store::Transaction& tx,
                                          const v1::CreateBudgetRequest& request);
  absl::StatusOr<v1::Budget> GetBudget(const Call& call, store::Snapshot& tx,
                                       const v1::GetBudgetRequest& request);
  absl::StatusOr<v1::ListBudgetsResponse> ListBudgets(const Call& call, store::Snapshot& tx,
                                                      const v1::ListBudgetsRequest& request);
  absl::StatusOr<v1::Budget> AdjustBudget(const Call& call, store::Transaction& tx,
                                          const v1::AdjustBudgetRequest& request);
  absl::StatusOr<v1::ListBudgetEntriesResponse> ListBudgetEntries(
      const Call& call, store::Snapshot& tx, const v1::ListBudgetEntriesRequest& request);

  using GrantCall = GroupedCall<v1::GrantEntitlementRequest, v1::Entitlement>;
  using RevokeCall = GroupedCall<v1::RevokeEntitlementRequest, v1::Entitlement>;
  using GetEntitlementCall = GroupedCall<v1::GetEntitlementRequest, v1::Entitlement>;

  absl::Status GrantEntitlement(store::Transaction& tx, absl::Span<GrantCall> calls);
  absl::Status RevokeEntitlement(store::Transaction& tx, absl::Span<RevokeCall> calls);
  absl::Status GetEntitlement(store::Snapshot& snapshot, absl::Span<GetEntitlementCall> calls);
  absl::StatusOr<v1::ListEntitlementsResponse> ListEntitlements(
      const Call& call, store::Snapshot& tx, const v1::ListEntitlementsRequest& request);
};

}  // namespace kam::rpc
