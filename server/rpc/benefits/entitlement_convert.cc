#include "rpc/benefits/entitlement_convert.h"

#include <optional>

#include "domain/benefits/ledger.h"
#include "model/allocation/names.h"
#include "model/benefits/names.h"
#include "model/criteria/names.h"
#include "model/etag.h"

namespace kam::rpc {

Budget FromProto(const v1::Budget& proto, Violations& violations) {
  Budget budget;
  budget.display_name = proto.display_name();
  if (const std::optional<Money> limit = FromProto(proto.limit(), "budget.limit", violations)) {
    budget.limit = limit->minor;
    budget.currency = limit->currency;
    if (proto.has_account_limit()) {
      budget.account_limit = MinorFromProto(proto.account_limit(), budget.currency,
                                            "budget.account_limit", violations);
    }
  }
  if (proto.has_seat_limit()) budget.seat_limit = proto.seat_limit();
  budget.start_time = FromProto(proto.start_time());
  budget.end_time = FromProto(proto.end_time());
  return budget;
}

v1::Budget ToProto(const Budget& budget) {
  v1::Budget proto;
  proto.set_name(BudgetName{budget.id}.ToString());
  proto.set_display_name(budget.display_name);
  *proto.mutable_limit() = MoneyToProto(budget.limit, budget.currency);
  if (budget.account_limit) {
    *proto.mutable_account_limit() = MoneyToProto(*budget.account_limit, budget.currency);
  }
  if (budget.seat_limit) proto.set_seat_limit(*budget.seat_limit);
  *proto.mutable_start_time() = ToProto(budget.start_time);
  *proto.mutable_end_time() = ToProto(budget.end_time);
  *proto.mutable_reserved() = MoneyToProto(budget.reserved, budget.currency);
  *proto.mutable_spent() = MoneyToProto(budget.spent, budget.currency);
  *proto.mutable_available() = MoneyToProto(domain::AvailableOf(budget), budget.currency);
  proto.set_seats_reserved(budget.seats_reserved);
  *proto.mutable_create_time() = ToProto(budget.create_time);
  *proto.mutable_update_time() = ToProto(budget.update_time);
  proto.set_etag(EtagOf(budget.version));
  return proto;
}

v1::BudgetEntry ToProto(const BudgetEntry& entry, absl::string_view currency) {
  v1::BudgetEntry proto;
  proto.set_name(BudgetEntryName{entry.budget_id, entry.number}.ToString());
  proto.set_kind(ToProtoEnum<v1::BudgetEntry::Kind>(entry.kind));
  *proto.mutable_amount() = MoneyToProto(entry.amount, currency);
  proto.set_seats(entry.seats);
  if (!entry.entitlement_id.empty()) {
    proto.set_entitlement(EntitlementName{entry.account_id, entry.entitlement_id}.ToString());
  }
  proto.set_reason(entry.reason);
  proto.set_principal(entry.principal);
  *proto.mutable_create_time() = ToProto(entry.create_time);
  return proto;
}

v1::Entitlement ToProto(const Entitlement& entitlement, absl::Time now) {
  v1::Entitlement proto;
  proto.set_name(EntitlementName{entitlement.account_id, entitlement.id}.ToString());
  proto.set_benefit(BenefitName{entitlement.benefit_id}.ToString());
  proto.set_state(ToProtoEnum<v1::Entitlement::State>(StateAt(entitlement, now)));
  *proto.mutable_start_time() = ToProto(entitlement.start_time);
  *proto.mutable_end_time() = ToProto(entitlement.end_time);
  proto.set_budget(BudgetName{entitlement.budget_id}.ToString());
  *proto.mutable_reserved_cost() = MoneyToProto(entitlement.reserved_cost, entitlement.currency);
  proto.set_seats(entitlement.seats);
  proto.set_allocation_plan(AllocationPlanName{entitlement.plan_id}.ToString());
  if (!entitlement.evaluation_id.empty()) {
    proto.set_assessment(
        AssessmentName{entitlement.account_id, entitlement.evaluation_id}.ToString());
  }
  proto.set_principal(entitlement.principal);
  proto.set_reason(entitlement.reason);
  *proto.mutable_create_time() = ToProto(entitlement.create_time);
  if (entitlement.revoke_time) *proto.mutable_revoke_time() = ToProto(*entitlement.revoke_time);
  proto.set_revoke_reason(entitlement.revoke_reason);
  proto.set_etag(EtagOf(entitlement.version));
  return proto;
}

}  // namespace kam::rpc
