#include "store/criteria/scorecard_json.h"

#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "model/criteria/metric_catalogue.h"
#include "model/error.h"
#include "nlohmann/json.hpp"

namespace kam::store {
namespace {

using nlohmann::json;

// A number and its name in the JSON.
template <typename Enum>
struct Name {
  Enum value;
  const char* name;
};

constexpr Name<Tier> kTiers[] = {{Tier::kStandard, "STANDARD"},
                                 {Tier::kGrowth, "GROWTH"},
                                 {Tier::kKey, "KEY"},
                                 {Tier::kStrategic, "STRATEGIC"}};
constexpr Name<MissingEvidence> kMissing[] = {
    {MissingEvidence::kInsufficientData, "INSUFFICIENT_DATA"},
    {MissingEvidence::kNotMet, "NOT_MET"}};
constexpr Name<Requirement::Kind> kGroups[] = {{Requirement::Kind::kAllOf, "all_of"},
                                               {Requirement::Kind::kAnyOf, "any_of"},
                                               {Requirement::Kind::kAtLeast, "at_least"}};

template <typename Enum, size_t kSize>
const char* NameOf(const Name<Enum> (&names)[kSize], Enum value) {
  for (const auto& name : names) {
    if (name.value == value) return name.name;
  }
  return "";
}

template <typename Enum, size_t kSize>
Enum ValueOf(const Name<Enum> (&names)[kSize], const std::string& text) {
  for (const auto& name : names) {
    if (name.name == text) return name.value;
  }
  throw std::invalid_argument(text);  // caught in ScorecardFromJson
}

json ToJson(const MetricRule& rule) {
  json curve = json::array();
  for (const CurvePoint& point : rule.curve) curve.push_back({point.value, point.score});
  return {{"metric", std::string(Describe(rule.key.metric).id)},
          {"window_months", rule.key.window_months},
          {"weight", rule.weight},
          {"curve", std::move(curve)}};
}

MetricRule MetricRuleFrom(const json& from) {
  MetricRule rule;
  const std::string id = from.at("metric");
  const MetricDescription* metric = FindMetric(absl::string_view(id));
  if (metric == nullptr) throw std::invalid_argument(id);
  rule.key = {.metric = metric->metric, .window_months = from.at("window_months")};
  rule.weight = from.at("weight");
  for (const json& point : from.at("curve")) {
    rule.curve.push_back({.value = point.at(0), .score = point.at(1)});
  }
  return rule;
}

json ToJson(const Criterion& criterion) {
  json metrics = json::array();
  for (const MetricRule& rule : criterion.metrics) metrics.push_back(ToJson(rule));
  return {{"id", criterion.id},
          {"display_name", criterion.display_name},
          {"metrics", std::move(metrics)},
          {"pass_mark", criterion.pass_mark},
          {"weight", criterion.weight},
          {"required", criterion.required},
          {"missing_evidence", NameOf(kMissing, criterion.missing_evidence)}};
}

Criterion CriterionFrom(const json& from) {
  Criterion criterion{.id = from.at("id"), .display_name = from.at("display_name")};
  for (const json& rule : from.at("metrics")) criterion.metrics.push_back(MetricRuleFrom(rule));
  criterion.pass_mark = from.at("pass_mark");
  criterion.weight = from.at("weight");
  criterion.required = from.at("required");
  criterion.missing_evidence = ValueOf(kMissing, from.at("missing_evidence"));
  return criterion;
}

json ToJson(const Requirement& requirement) {
  if (requirement.kind == Requirement::Kind::kNothing) return json::object();
  if (requirement.kind == Requirement::Kind::kCriterion) {
    return {{"criterion", requirement.criterion}};
  }
  json children = json::array();
  for (const Requirement& child : requirement.children) children.push_back(ToJson(child));
  json out = {{NameOf(kGroups, requirement.kind), std::move(children)}};
  if (requirement.kind == Requirement::Kind::kAtLeast) out["count"] = requirement.count;
  return out;
}

Requirement RequirementFrom(const json& from) {
  Requirement requirement;
  if (from.contains("criterion")) {
    requirement.kind = Requirement::Kind::kCriterion;
    requirement.criterion = from.at("criterion");
    return requirement;
  }
  for (const auto& group : kGroups) {
    if (!from.contains(group.name)) continue;
    requirement.kind = group.value;
    for (const json& child : from.at(group.name)) {
      requirement.children.push_back(RequirementFrom(child));
    }
  }
  requirement.count = from.value("count", 0);
  return requirement;
}

json ToJson(const TierRule& rule) {
  return {{"tier", NameOf(kTiers, rule.tier)},
          {"enter_score", rule.enter_score},
          {"leave_score", rule.leave_score},
          {"requirement", ToJson(rule.requirement)}};
}

TierRule TierRuleFrom(const json& from) {
  return {.tier = ValueOf(kTiers, from.at("tier")),
          .enter_score = from.at("enter_score"),
          .leave_score = from.at("leave_score"),
          .requirement = RequirementFrom(from.at("requirement"))};
}

ScorecardDefinition DefinitionFrom(const json& from) {
  ScorecardDefinition definition;
  for (const json& criterion : from.at("criteria")) {
    definition.criteria.push_back(CriterionFrom(criterion));
  }
  for (const json& rule : from.at("tiers")) definition.tiers.push_back(TierRuleFrom(rule));
  definition.min_evidence_share = from.at("min_evidence_share");
  return definition;
}

}  // namespace

std::string ScorecardJson(const ScorecardDefinition& definition) {
  json criteria = json::array();
  for (const Criterion& criterion : definition.criteria) criteria.push_back(ToJson(criterion));
  json tiers = json::array();
  for (const TierRule& rule : definition.tiers) tiers.push_back(ToJson(rule));
  return json({{"criteria", std::move(criteria)},
               {"tiers", std::move(tiers)},
               {"min_evidence_share", definition.min_evidence_share}})
      .dump();
}

absl::StatusOr<ScorecardDefinition> ScorecardFromJson(absl::string_view json_text) {
  try {
    return DefinitionFrom(json::parse(json_text.begin(), json_text.end()));
  } catch (const std::exception& error) {
    return Internal(absl::StrCat("a stored scorecard cannot be read: ", error.what()));
  }
}

}  // namespace kam::store
