#include "rpc/allocation/allocation_service.h"

#include <optional>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "domain/allocation/plans.h"
#include "model/accounts/names.h"
#include "model/allocation/names.h"
#include "model/benefits/names.h"
#include "model/criteria/names.h"
#include "rpc/allocation/allocation_convert.h"
#include "rpc/contract/page_token.h"
#include "rpc/operations/operation_convert.h"
#include "store/allocation/allocation_items.h"
#include "store/allocation/allocation_plans.h"

namespace kam::rpc {

absl::StatusOr<google::longrunning::Operation> AllocationService::PlanAllocation(
    const Call& call, store::Transaction& tx, const v1::PlanAllocationRequest& request) {
  domain::PlanRequest wanted = {.principal = call.principal};
  KAM_ASSIGN_OR_RETURN(std::optional<EvaluationName> evaluation,
                       ParseOptionalName<EvaluationName>(request.evaluation()));
  if (evaluation) wanted.evaluation_id = std::move(evaluation->evaluation);
  for (const std::string& text : request.benefits()) {
    KAM_ASSIGN_OR_RETURN(BenefitName name, BenefitName::Parse(text));
    wanted.benefits.push_back(std::move(name.benefit));
  }
  KAM_ASSIGN_OR_RETURN(const Operation operation, domain::StartPlan(tx, wanted));
  return OperationToProto(operation, tx);
}

absl::StatusOr<v1::AllocationPlan> AllocationService::GetAllocationPlan(
    const Call&, store::Snapshot& tx, const v1::GetAllocationPlanRequest& request) {
  KAM_ASSIGN_OR_RETURN(const AllocationPlanName name, AllocationPlanName::Parse(request.name()));
  return LoadPlan(tx, name.plan);
}

absl::StatusOr<v1::ListAllocationPlansResponse> AllocationService::ListAllocationPlans(
    const Call&, store::Snapshot& tx, const v1::ListAllocationPlansRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const Page<AllocationPlan> found, store::ListPlans(tx, page));
  v1::ListAllocationPlansResponse response;
  for (const AllocationPlan& plan : found.items) {
    *response.add_allocation_plans() = ToProto(plan);
  }
  response.set_next_page_token(found.next);
  return response;
}

absl::StatusOr<v1::ListAllocationItemsResponse> AllocationService::ListAllocationItems(
    const Call&, store::Snapshot& tx, const v1::ListAllocationItemsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const AllocationPlanName parent,
                       AllocationPlanName::Parse(request.parent()));
  KAM_ASSIGN_OR_RETURN(const AllocationPlan plan, store::GetPlan(tx, parent.plan));
  KAM_ASSIGN_OR_RETURN(const std::optional<AccountName> account,
                       ParseOptionalName<AccountName>(request.account()));
  KAM_ASSIGN_OR_RETURN(
      const Page<AllocationItem> found,
      store::ListItems(tx, plan.id, account ? account->account : "", request.granted_only(), page));
  v1::ListAllocationItemsResponse response;
  for (const AllocationItem& item : found.items) {
    *response.add_items() = ToProto(item, plan.currency);
  }
  response.set_next_page_token(found.next);
  return response;
}

absl::StatusOr<google::longrunning::Operation> AllocationService::CommitPlan(
    const Call& call, store::Transaction& tx, const v1::CommitPlanRequest& request) {
  KAM_ASSIGN_OR_RETURN(const AllocationPlanName name, AllocationPlanName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const Operation operation,
                       domain::StartCommit(tx, name.plan, request.etag(), call.principal));
  return OperationToProto(operation, tx);
}

absl::StatusOr<v1::AllocationPlan> AllocationService::DiscardPlan(
    const Call&, store::Transaction& tx, const v1::DiscardPlanRequest& request) {
  KAM_ASSIGN_OR_RETURN(const AllocationPlanName name, AllocationPlanName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const AllocationPlan plan,
                       domain::DiscardPlan(tx, name.plan, request.etag()));
  return ToProto(plan);
}

}  // namespace kam::rpc
