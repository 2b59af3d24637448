#include "rpc/allocation/allocation_convert.h"

#include "base/status_macros.h"
#include "model/accounts/names.h"
#include "model/allocation/names.h"
#include "model/benefits/names.h"
#include "model/criteria/names.h"
#include "model/etag.h"
#include "rpc/contract/convert.h"
#include "store/allocation/allocation_plans.h"

namespace kam::rpc {
namespace {

constexpr char kMethod[] =
    "accounts × benefits in falling order of value per cost, each taken while its budget, seats, "
    "stacking group and limit per account allow";

}  // namespace

v1::AllocationPlan ToProto(const AllocationPlan& plan) {
  v1::AllocationPlan proto;
  proto.set_name(AllocationPlanName{plan.id}.ToString());
  proto.set_evaluation(EvaluationName{plan.evaluation_id}.ToString());
  proto.set_state(ToProtoEnum<v1::AllocationPlan::State>(plan.state));
  proto.set_method(kMethod);
  for (const stored::v1::BudgetUse& use : plan.summary.budgets()) {
    v1::AllocationPlan::BudgetUse& out = *proto.add_budgets();
    out.set_budget(BudgetName{use.budget_id()}.ToString());
    out.set_etag(EtagOf(use.version()));
    *out.mutable_available() = MoneyToProto(use.available(), plan.currency);
    *out.mutable_reserved() = MoneyToProto(use.reserved(), plan.currency);
    out.set_seats(use.seats());
    out.set_grants(use.grants());
  }
  for (const stored::v1::BenefitUse& use : plan.summary.benefits()) {
    v1::AllocationPlan::BenefitUse& out = *proto.add_benefits();
    out.set_benefit(BenefitName{use.benefit_id()}.ToString());
    out.set_etag(EtagOf(use.version()));
    out.set_candidates(use.candidates());
    out.set_grants(use.grants());
    *out.mutable_cost() = MoneyToProto(use.cost(), plan.currency);
    *out.mutable_value() = MoneyToProto(use.value(), plan.currency);
  }
  proto.set_grants(plan.grants);
  proto.set_accounts(plan.accounts);
  *proto.mutable_cost() = MoneyToProto(plan.cost, plan.currency);
  *proto.mutable_value() = MoneyToProto(plan.value, plan.currency);
  *proto.mutable_create_time() = ToProto(plan.create_time);
  if (plan.ready_time) *proto.mutable_ready_time() = ToProto(*plan.ready_time);
  if (plan.commit_time) *proto.mutable_commit_time() = ToProto(*plan.commit_time);
  proto.set_etag(EtagOf(plan.version));
  return proto;
}

v1::AllocationItem ToProto(const AllocationItem& item, absl::string_view currency) {
  v1::AllocationItem proto;
  proto.set_account(AccountName{item.account_id}.ToString());
  proto.set_benefit(BenefitName{item.benefit_id}.ToString());
  proto.set_decision(ToProtoEnum<v1::AllocationItem::Decision>(item.decision));
  *proto.mutable_cost() = MoneyToProto(item.cost, currency);
  *proto.mutable_value() = MoneyToProto(item.value, currency);
  proto.set_seats(item.seats);
  return proto;
}

absl::StatusOr<v1::AllocationPlan> LoadPlan(store::Snapshot& snapshot, absl::string_view id) {
  KAM_ASSIGN_OR_RETURN(const AllocationPlan plan, store::GetPlan(snapshot, id));
  return ToProto(plan);
}

}  // namespace kam::rpc
