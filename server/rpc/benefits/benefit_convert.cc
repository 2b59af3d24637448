#include "rpc/benefits/benefit_convert.h"

#include <string>

#include "model/benefits/names.h"
#include "model/etag.h"
#include "rpc/contract/document.h"

namespace kam::rpc {
namespace {

// Where the contract says that exactly one is set.
void CheckChoices(const v1::Benefit& proto, Violations& violations) {
  if (proto.kind_case() == v1::Benefit::KIND_NOT_SET) {
    violations.Add("benefit.kind",
                   "one of discount, credit_terms, club_membership, event, payment_mode, "
                   "delivery_arrangement and dedicated_contact must be set");
  }
  if (proto.has_discount() &&
      proto.discount().reduction_case() == v1::Discount::REDUCTION_NOT_SET) {
    violations.Add("benefit.discount.reduction", "one of percent and amount must be set");
  }
  if (proto.cost().model_case() == v1::CostModel::MODEL_NOT_SET) {
    violations.Add(
        "benefit.cost.model",
        "one of fixed, percent_of_revenue, per_order and annual_capital_rate_percent must be set");
  }
  if (proto.value().model_case() == v1::ValueModel::MODEL_NOT_SET) {
    violations.Add("benefit.value.model", "one of fixed and revenue_uplift_percent must be set");
  }
}

}  // namespace

Benefit FromProto(const v1::Benefit& proto, Violations& violations) {
  CheckChoices(proto, violations);
  Benefit benefit;
  benefit.display_name = proto.display_name();
  ToDocument(proto, "benefit", benefit.terms, violations);
  benefit.stacking_group = proto.stacking_group();
  benefit.validity_days = proto.validity_days();
  // What is no name is a broken field rule, which was told already.
  if (auto budget = BudgetName::Parse(proto.budget()); budget.ok()) {
    benefit.budget_id = std::move(budget->budget);
  }
  return benefit;
}

v1::Benefit ToProto(const Benefit& benefit) {
  v1::Benefit proto;
  proto.set_name(BenefitName{benefit.id}.ToString());
  proto.set_display_name(benefit.display_name);
  FromDocument(benefit.terms, proto);
  proto.mutable_eligibility();
  proto.set_stacking_group(benefit.stacking_group);
  proto.set_validity_days(benefit.validity_days);
  proto.set_budget(BudgetName{benefit.budget_id}.ToString());
  proto.set_state(static_cast<v1::Benefit::State>(NumberOf(benefit.state)));
  *proto.mutable_create_time() = ToProto(benefit.create_time);
  *proto.mutable_update_time() = ToProto(benefit.update_time);
  proto.set_etag(EtagOf(benefit.version));
  return proto;
}

}  // namespace kam::rpc
