#include "rpc/benefits/usage_service.h"

#include <string>
#include <vector>

#include "base/status_macros.h"
#include "domain/benefits/usage.h"
#include "model/names.h"
#include "rpc/benefits/entitlement_convert.h"
#include "rpc/contract/convert.h"
#include "store/accounts/accounts.h"

namespace kam::rpc {

absl::StatusOr<v1::CheckBenefitResponse> UsageService::CheckBenefit(
    const Call& call, store::Snapshot& tx, const v1::CheckBenefitRequest& request) {
  const std::string benefit_id = LastId(request.benefit());
  KAM_ASSIGN_OR_RETURN(const Account account, store::GetAccount(tx, LastId(request.account())));
  KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> entitlements,
                       tx.benefits().FindByBenefit(account.id, benefit_id));
  // What was granted exists.
  if (entitlements.empty()) KAM_RETURN_IF_ERROR(tx.benefits().GetBenefit(benefit_id).status());
  const domain::UsageDecision decision = domain::DecideUsage(account, entitlements, call.now);
  v1::CheckBenefitResponse response;
  response.set_allowed(decision.denial == domain::Denial::kNone);
  response.set_denial(static_cast<v1::CheckBenefitResponse::Denial>(decision.denial));
  if (decision.entitlement) {
    *response.mutable_entitlement() = ToProto(*decision.entitlement, call.now);
  }
  *response.mutable_check_time() = ToProto(call.now);
  return response;
}

}  // namespace kam::rpc
