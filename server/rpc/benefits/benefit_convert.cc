#include "rpc/benefits/benefit_convert.h"

#include <string>
#include <vector>

#include "domain/benefits/catalogue.h"
#include "google/protobuf/util/field_mask_util.h"
#include "model/benefits/names.h"
#include "model/etag.h"
#include "rpc/contract/document.h"

namespace kam::rpc {
Benefit FromProto(const v1::Benefit& proto, Violations& violations) {
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
  proto.set_state(ToProtoEnum<v1::Benefit::State>(benefit.state));
  *proto.mutable_create_time() = ToProto(benefit.create_time);
  *proto.mutable_update_time() = ToProto(benefit.update_time);
  proto.set_etag(EtagOf(benefit.version));
  return proto;
}

domain::Update<Benefit> ToUpdate(const v1::UpdateBenefitRequest& request) {
  static const auto* const kAllowed =
      new std::vector<std::string>(domain::FieldNames(domain::kBenefitFields));
  Violations violations;
  domain::Update<Benefit> update;
  update.fields = UpdatePaths(request.update_mask(), request.benefit(), *kAllowed, violations);
  update.etag = request.benefit().etag();
  // What the mask does not name is not looked at.
  google::protobuf::FieldMask mask;
  for (const std::string& field : update.fields) mask.add_paths(field);
  v1::Benefit named;
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(request.benefit(), mask, {}, &named);
  update.wanted = FromProto(named, violations);
  update.violations = violations.Take();
  return update;
}

}  // namespace kam::rpc
