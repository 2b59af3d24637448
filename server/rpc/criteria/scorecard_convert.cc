#include "rpc/criteria/scorecard_convert.h"

#include "model/etag.h"
#include "model/names.h"
#include "rpc/contract/convert.h"

namespace kam::rpc {
namespace {

MetricRule FromProto(const v1::MetricRule& proto) {
  MetricRule rule{.key = {.metric = static_cast<Metric>(proto.metric()),
                          .window_months = proto.window_months()},
                  .weight = proto.weight()};
  for (const v1::CurvePoint& point : proto.curve()) {
    rule.curve.push_back({.value = point.value(), .score = point.score()});
  }
  return rule;
}

v1::MetricRule ToProto(const MetricRule& rule) {
  v1::MetricRule proto;
  proto.set_metric(static_cast<v1::Metric>(rule.key.metric));
  proto.set_window_months(rule.key.window_months);
  proto.set_weight(rule.weight);
  for (const CurvePoint& point : rule.curve) {
    v1::CurvePoint& added = *proto.add_curve();
    added.set_value(point.value);
    added.set_score(point.score);
  }
  return proto;
}

Criterion FromProto(const v1::Criterion& proto) {
  Criterion criterion{.id = proto.id(),
                      .display_name = proto.display_name(),
                      .pass_mark = proto.pass_mark(),
                      .weight = proto.weight(),
                      .required = proto.required()};
  for (const v1::MetricRule& rule : proto.metrics()) criterion.metrics.push_back(FromProto(rule));
  criterion.missing_evidence = proto.missing_evidence() == v1::Criterion::MISSING_EVIDENCE_NOT_MET
                                   ? MissingEvidence::kNotMet
                                   : MissingEvidence::kInsufficientData;
  return criterion;
}

v1::Criterion ToProto(const Criterion& criterion) {
  v1::Criterion proto;
  proto.set_id(criterion.id);
  proto.set_display_name(criterion.display_name);
  for (const MetricRule& rule : criterion.metrics) *proto.add_metrics() = ToProto(rule);
  proto.set_pass_mark(criterion.pass_mark);
  proto.set_weight(criterion.weight);
  proto.set_required(criterion.required);
  proto.set_missing_evidence(
      static_cast<v1::Criterion::MissingEvidence>(criterion.missing_evidence));
  return proto;
}

Requirement FromProto(const v1::Requirement& proto);

Requirement GroupOf(Requirement::Kind kind,
                    const google::protobuf::RepeatedPtrField<v1::Requirement>& requirements) {
  Requirement group{.kind = kind};
  for (const v1::Requirement& child : requirements) group.children.push_back(FromProto(child));
  return group;
}

Requirement FromProto(const v1::Requirement& proto) {
  switch (proto.condition_case()) {
    case v1::Requirement::kCriterion:
      return {.kind = Requirement::Kind::kCriterion, .criterion = proto.criterion()};
    case v1::Requirement::kAllOf:
      return GroupOf(Requirement::Kind::kAllOf, proto.all_of().requirements());
    case v1::Requirement::kAnyOf:
      return GroupOf(Requirement::Kind::kAnyOf, proto.any_of().requirements());
    case v1::Requirement::kAtLeast: {
      Requirement group = GroupOf(Requirement::Kind::kAtLeast, proto.at_least().requirements());
      group.count = proto.at_least().count();
      return group;
    }
    case v1::Requirement::CONDITION_NOT_SET:
      break;
  }
  return {};
}

v1::Requirement ToProto(const Requirement& requirement) {
  v1::Requirement proto;
  google::protobuf::RepeatedPtrField<v1::Requirement>* children = nullptr;
  switch (requirement.kind) {
    case Requirement::Kind::kNothing:
      break;
    case Requirement::Kind::kCriterion:
      proto.set_criterion(requirement.criterion);
      break;
    case Requirement::Kind::kAllOf:
      children = proto.mutable_all_of()->mutable_requirements();
      break;
    case Requirement::Kind::kAnyOf:
      children = proto.mutable_any_of()->mutable_requirements();
      break;
    case Requirement::Kind::kAtLeast:
      proto.mutable_at_least()->set_count(requirement.count);
      children = proto.mutable_at_least()->mutable_requirements();
      break;
  }
  for (const Requirement& child : requirement.children) *children->Add() = ToProto(child);
  return proto;
}

}  // namespace

v1::MetricInfo ToProto(const MetricDescription& metric) {
  v1::MetricInfo proto;
  proto.set_metric(static_cast<v1::Metric>(metric.metric));
  proto.set_id(std::string(metric.id));
  proto.set_description(std::string(metric.description));
  proto.set_unit(std::string(metric.unit));
  proto.set_default_window_months(metric.default_window_months);
  proto.set_window_adjustable(metric.window_adjustable);
  if (metric.min_value) proto.set_min_value(*metric.min_value);
  if (metric.max_value) proto.set_max_value(*metric.max_value);
  return proto;
}

ScorecardDefinition FromProto(const v1::ScorecardDefinition& proto) {
  ScorecardDefinition definition;
  for (const v1::Criterion& criterion : proto.criteria()) {
    definition.criteria.push_back(FromProto(criterion));
  }
  for (const v1::TierRule& rule : proto.tiers()) {
    definition.tiers.push_back({.tier = static_cast<Tier>(rule.tier()),
                                .enter_score = rule.enter_score(),
                                .leave_score = rule.leave_score(),
                                .requirement = FromProto(rule.requirement())});
  }
  definition.min_evidence_share = proto.min_evidence_share();
  return definition;
}

v1::ScorecardDefinition ToProto(const ScorecardDefinition& definition) {
  v1::ScorecardDefinition proto;
  for (const Criterion& criterion : definition.criteria) {
    *proto.add_criteria() = ToProto(criterion);
  }
  for (const TierRule& rule : definition.tiers) {
    v1::TierRule& tier = *proto.add_tiers();
    tier.set_tier(static_cast<v1::Tier>(rule.tier));
    tier.set_enter_score(rule.enter_score);
    tier.set_leave_score(rule.leave_score);
    if (rule.requirement.kind != Requirement::Kind::kNothing) {
      *tier.mutable_requirement() = ToProto(rule.requirement);
    }
  }
  proto.set_min_evidence_share(definition.min_evidence_share);
  return proto;
}

v1::Scorecard ToProto(const Scorecard& scorecard) {
  v1::Scorecard proto;
  proto.set_name(ScorecardName(scorecard.id));
  proto.set_display_name(scorecard.display_name);
  *proto.mutable_definition() = ToProto(scorecard.definition);
  proto.set_latest_revision(scorecard.latest_revision);
  *proto.mutable_create_time() = ToProto(scorecard.create_time);
  *proto.mutable_update_time() = ToProto(scorecard.update_time);
  proto.set_etag(EtagOf(scorecard.version));
  return proto;
}

v1::ScorecardRevision ToProto(const ScorecardRevision& revision) {
  v1::ScorecardRevision proto;
  proto.set_name(RevisionName(revision.scorecard_id, revision.number));
  *proto.mutable_definition() = ToProto(revision.definition);
  *proto.mutable_publish_time() = ToProto(revision.publish_time);
  return proto;
}

}  // namespace kam::rpc
