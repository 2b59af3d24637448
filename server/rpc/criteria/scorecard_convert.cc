#include "rpc/criteria/scorecard_convert.h"

#include <string>
#include <vector>

#include "domain/criteria/scorecards.h"
#include "model/criteria/names.h"
#include "model/etag.h"
#include "rpc/contract/convert.h"

namespace kam::rpc {

v1::MetricInfo ToProto(const MetricDescription& metric) {
  v1::MetricInfo proto;
  proto.set_metric(ToProtoEnum<v1::Metric>(metric.metric));
  proto.set_id(std::string(NameOf(metric.metric)));
  proto.set_description(std::string(metric.description));
  proto.set_unit(std::string(metric.unit));
  proto.set_default_window_months(metric.default_window_months);
  proto.set_window_adjustable(metric.window_adjustable);
  if (metric.min_value) proto.set_min_value(*metric.min_value);
  if (metric.max_value) proto.set_max_value(*metric.max_value);
  return proto;
}

ScorecardDefinition FromProto(const v1::ScorecardDefinition& proto) {
  return CopyAs<ScorecardDefinition>(proto);
}

v1::Scorecard ToProto(const Scorecard& scorecard) {
  v1::Scorecard proto;
  proto.set_name(ScorecardName{scorecard.id}.ToString());
  proto.set_display_name(scorecard.display_name);
  *proto.mutable_definition() = CopyAs<v1::ScorecardDefinition>(scorecard.definition);
  proto.set_latest_revision(scorecard.latest_revision);
  *proto.mutable_create_time() = ToProto(scorecard.create_time);
  *proto.mutable_update_time() = ToProto(scorecard.update_time);
  proto.set_etag(EtagOf(scorecard.version));
  return proto;
}

domain::Update<Scorecard> ToUpdate(const v1::UpdateScorecardRequest& request) {
  static const auto* const kAllowed =
      new std::vector<std::string>(domain::FieldNames(domain::kScorecardFields));
  const v1::Scorecard& scorecard = request.scorecard();
  Violations violations;
  domain::Update<Scorecard> update;
  update.fields = UpdatePaths(request.update_mask(), scorecard, *kAllowed, violations);
  update.etag = scorecard.etag();
  update.wanted.display_name = scorecard.display_name();
  update.wanted.definition = FromProto(scorecard.definition());
  update.violations = violations.Take();
  return update;
}

v1::ScorecardRevision ToProto(const ScorecardRevision& revision) {
  v1::ScorecardRevision proto;
  proto.set_name(RevisionName{revision.scorecard_id, revision.number}.ToString());
  *proto.mutable_definition() = CopyAs<v1::ScorecardDefinition>(revision.definition);
  *proto.mutable_publish_time() = ToProto(revision.publish_time);
  return proto;
}

}  // namespace kam::rpc
