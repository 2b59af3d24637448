#include "domain/criteria/scorecard_rules.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "model/criteria/metric_catalogue.h"

namespace kam::domain {
namespace {

constexpr size_t kMaxCriteria = 50;
constexpr size_t kMaxMetrics = 10;
constexpr size_t kMaxPoints = 20;
constexpr size_t kMaxConditions = 50;
constexpr int32_t kMaxWindowMonths = 120;
constexpr double kMaxWeight = 1000;

std::string At(absl::string_view path, absl::string_view list, size_t index) {
  return absl::StrCat(path, ".", list, "[", index, "]");
}

bool IsScore(double value) { return value >= 0 && value <= 100; }

class Check {
 public:
  explicit Check(const ScorecardDefinition& definition) : definition_(definition) {}

  std::vector<FieldViolation> Run(absl::string_view path) {
    CheckSize(definition_.criteria.size(), 1, kMaxCriteria, absl::StrCat(path, ".criteria"));
    for (size_t i = 0; i < definition_.criteria.size(); ++i) {
      CheckCriterion(definition_.criteria[i], At(path, "criteria", i));
    }
    CheckSize(definition_.tiers.size(), 1, 3, absl::StrCat(path, ".tiers"));
    for (size_t i = 0; i < definition_.tiers.size(); ++i) {
      CheckTier(i, At(path, "tiers", i));
    }
    if (!(definition_.min_evidence_share >= 0 && definition_.min_evidence_share <= 1)) {
      Add(absl::StrCat(path, ".min_evidence_share"), "must be from 0 to 1");
    }
    return std::move(found_);
  }

 private:
  void Add(std::string field, absl::string_view description) {
    found_.push_back({std::move(field), std::string(description)});
  }

  void CheckSize(size_t size, size_t least, size_t most, std::string field) {
    if (size >= least && size <= most) return;
    Add(std::move(field), absl::StrCat("must have ", least, " to ", most, " elements"));
  }

  void CheckWeight(double weight, absl::string_view path) {
    if (weight > 0 && weight <= kMaxWeight) return;
    Add(absl::StrCat(path, ".weight"), absl::StrCat("must be above 0 and at most ", kMaxWeight));
  }

  void CheckCriterion(const Criterion& criterion, absl::string_view path) {
    if (criterion.id.empty()) {
      Add(absl::StrCat(path, ".id"), "is required");
    } else if (!ids_.insert(criterion.id).second) {
      Add(absl::StrCat(path, ".id"),
          absl::StrCat("`", criterion.id, "` is the id of an earlier criterion"));
    }
    CheckSize(criterion.metrics.size(), 1, kMaxMetrics, absl::StrCat(path, ".metrics"));
    for (size_t i = 0; i < criterion.metrics.size(); ++i) {
      CheckMetric(criterion, i, At(path, "metrics", i));
    }
    if (!IsScore(criterion.pass_mark)) {
      Add(absl::StrCat(path, ".pass_mark"), "must be from 0 to 100");
    }
    CheckWeight(criterion.weight, path);
  }

  void CheckMetric(const Criterion& criterion, size_t index, absl::string_view path) {
    const MetricRule& rule = criterion.metrics[index];
    CheckKey(rule.key, path);
    for (size_t i = 0; i < index; ++i) {
      if (criterion.metrics[i].key != rule.key) continue;
      Add(absl::StrCat(path, ".metric"), "stands in this criterion already, over the same window");
      break;
    }
    CheckWeight(rule.weight, path);
    CheckSize(rule.curve.size(), 1, kMaxPoints, absl::StrCat(path, ".curve"));
    for (size_t i = 0; i < rule.curve.size(); ++i) {
      const std::string point = At(path, "curve", i);
      if (!std::isfinite(rule.curve[i].value)) {
        Add(absl::StrCat(point, ".value"), "must be finite");
      } else if (i > 0 && rule.curve[i].value <= rule.curve[i - 1].value) {
        Add(absl::StrCat(point, ".value"), "must be greater than that of the point before");
      }
      if (!IsScore(rule.curve[i].score)) {
        Add(absl::StrCat(point, ".score"), "must be from 0 to 100");
      }
    }
  }

  void CheckKey(const MetricKey& key, absl::string_view path) {
    const MetricDescription* metric = FindMetric(key.metric);
    const std::string window = absl::StrCat(path, ".window_months");
    if (metric == nullptr) {
      Add(absl::StrCat(path, ".metric"), "is not a metric");
    } else if (metric->window_adjustable) {
      if (key.window_months < 1 || key.window_months > kMaxWindowMonths) {
        Add(window, absl::StrCat("must be from 1 to ", kMaxWindowMonths, ", or 0 for the default"));
      }
    } else if (key.window_months != metric->default_window_months) {
      Add(window, absl::StrCat("the window of ", metric->id, " cannot be set: leave it 0"));
    }
  }

  void CheckTier(size_t index, const std::string& path) {
    const TierRule& rule = definition_.tiers[index];
    if (rule.tier < Tier::kGrowth || rule.tier > Tier::kStrategic) {
      Add(absl::StrCat(path, ".tier"), "must be STRATEGIC, KEY or GROWTH");
    }
    if (index > 0) {
      const TierRule& above = definition_.tiers[index - 1];
      if (rule.tier >= above.tier) {
        Add(absl::StrCat(path, ".tier"),
            "must be lower than the tier before it: from STRATEGIC to GROWTH, each at most once");
      }
      if (rule.enter_score >= above.enter_score) {
        Add(absl::StrCat(path, ".enter_score"), "must be less than that of the tier above");
      }
    }
    if (!IsScore(rule.enter_score)) {
      Add(absl::StrCat(path, ".enter_score"), "must be from 0 to 100");
    }
    if (!IsScore(rule.leave_score)) {
      Add(absl::StrCat(path, ".leave_score"), "must be from 0 to 100");
    } else if (rule.leave_score > rule.enter_score) {
      Add(absl::StrCat(path, ".leave_score"), "must be at most enter_score");
    }
    if (rule.requirement.kind != Requirement::Kind::kNothing) {
      CheckRequirement(rule.requirement, absl::StrCat(path, ".requirement"), 1);
    }
  }

  void CheckRequirement(const Requirement& requirement, const std::string& path, int depth) {
    if (depth > kMaxRequirementDepth) {
      Add(path, absl::StrCat("is nested more than ", kMaxRequirementDepth, " deep"));
      return;
    }
    std::string group = path;
    switch (requirement.kind) {
      case Requirement::Kind::kNothing:
        Add(path, "needs a condition: criterion, all_of, any_of or at_least");
        return;
      case Requirement::Kind::kCriterion:
        if (!ids_.contains(requirement.criterion)) {
          Add(absl::StrCat(path, ".criterion"),
              absl::StrCat("`", requirement.criterion, "` is not the id of a criterion"));
        }
        return;
      case Requirement::Kind::kAllOf:
        group += ".all_of";
        break;
      case Requirement::Kind::kAnyOf:
        group += ".any_of";
        break;
      case Requirement::Kind::kAtLeast:
        group += ".at_least";
        if (requirement.count < 1 ||
            static_cast<size_t>(requirement.count) > requirement.children.size()) {
          Add(absl::StrCat(group, ".count"), "must be from 1 to the number of requirements");
        }
        break;
    }
    CheckSize(requirement.children.size(), 1, kMaxConditions, group + ".requirements");
    for (size_t i = 0; i < requirement.children.size(); ++i) {
      CheckRequirement(requirement.children[i], At(group, "requirements", i), depth + 1);
    }
  }

  const ScorecardDefinition& definition_;
  absl::flat_hash_set<std::string> ids_;  // of all criteria, once they are checked
  std::vector<FieldViolation> found_;
};

}  // namespace

void ResolveWindows(ScorecardDefinition& definition) {
  for (Criterion& criterion : definition.criteria) {
    for (MetricRule& rule : criterion.metrics) {
      const MetricDescription* metric = FindMetric(rule.key.metric);
      if (metric != nullptr && rule.key.window_months == 0) {
        rule.key.window_months = metric->default_window_months;
      }
    }
  }
}

std::vector<FieldViolation> CheckDefinition(const ScorecardDefinition& definition,
                                            absl::string_view path) {
  return Check(definition).Run(path);
}

}  // namespace kam::domain
