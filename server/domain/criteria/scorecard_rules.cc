#include "domain/criteria/scorecard_rules.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "model/criteria/metric_catalogue.h"

namespace kam::domain {
namespace {

constexpr int kMaxCriteria = 50;
constexpr int kMaxMetrics = 10;
constexpr int kMaxPoints = 20;
constexpr int kMaxConditions = 50;
constexpr int32_t kMaxWindowMonths = 120;
constexpr double kMaxWeight = 1000;

std::string At(absl::string_view path, absl::string_view list, int index) {
  return absl::StrCat(path, ".", list, "[", index, "]");
}

bool IsScore(double value) { return value >= 0 && value <= 100; }

class Check {
 public:
  explicit Check(const ScorecardDefinition& definition) : definition_(definition) {}

  std::vector<FieldViolation> Run(absl::string_view path) {
    CheckSize(definition_.criteria_size(), 1, kMaxCriteria, absl::StrCat(path, ".criteria"));
    for (int i = 0; i < definition_.criteria_size(); ++i) {
      CheckCriterion(definition_.criteria(i), At(path, "criteria", i));
    }
    CheckSize(definition_.tiers_size(), 1, 3, absl::StrCat(path, ".tiers"));
    for (int i = 0; i < definition_.tiers_size(); ++i) {
      CheckTier(i, At(path, "tiers", i));
    }
    if (!(definition_.min_evidence_share() >= 0 && definition_.min_evidence_share() <= 1)) {
      Add(absl::StrCat(path, ".min_evidence_share"), "must be from 0 to 1");
    }
    return std::move(found_);
  }

 private:
  void Add(std::string field, absl::string_view description) {
    found_.push_back({std::move(field), std::string(description)});
  }

  void CheckSize(int size, int least, int most, std::string field) {
    if (size >= least && size <= most) return;
    Add(std::move(field), absl::StrCat("must have ", least, " to ", most, " elements"));
  }

  void CheckWeight(double weight, absl::string_view path) {
    if (weight > 0 && weight <= kMaxWeight) return;
    Add(absl::StrCat(path, ".weight"), absl::StrCat("must be above 0 and at most ", kMaxWeight));
  }

  void CheckCriterion(const Criterion& criterion, absl::string_view path) {
    if (criterion.id().empty()) {
      Add(absl::StrCat(path, ".id"), "is required");
    } else if (!ids_.insert(criterion.id()).second) {
      Add(absl::StrCat(path, ".id"),
          absl::StrCat("`", criterion.id(), "` is the id of an earlier criterion"));
    }
    CheckSize(criterion.metrics_size(), 1, kMaxMetrics, absl::StrCat(path, ".metrics"));
    for (int i = 0; i < criterion.metrics_size(); ++i) {
      CheckMetric(criterion, i, At(path, "metrics", i));
    }
    if (!IsScore(criterion.pass_mark())) {
      Add(absl::StrCat(path, ".pass_mark"), "must be from 0 to 100");
    }
    CheckWeight(criterion.weight(), path);
  }

  void CheckMetric(const Criterion& criterion, int index, absl::string_view path) {
    const MetricRule& rule = criterion.metrics(index);
    CheckKey(KeyOf(rule), path);
    for (int i = 0; i < index; ++i) {
      if (KeyOf(criterion.metrics(i)) != KeyOf(rule)) continue;
      Add(absl::StrCat(path, ".metric"), "stands in this criterion already, over the same window");
      break;
    }
    CheckWeight(rule.weight(), path);
    CheckSize(rule.curve_size(), 1, kMaxPoints, absl::StrCat(path, ".curve"));
    for (int i = 0; i < rule.curve_size(); ++i) {
      const std::string point = At(path, "curve", i);
      if (!std::isfinite(rule.curve(i).value())) {
        Add(absl::StrCat(point, ".value"), "must be finite");
      } else if (i > 0 && rule.curve(i).value() <= rule.curve(i - 1).value()) {
        Add(absl::StrCat(point, ".value"), "must be greater than that of the point before");
      }
      if (!IsScore(rule.curve(i).score())) {
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
      Add(window,
          absl::StrCat("the window of ", NameOf(metric->metric), " cannot be set: leave it 0"));
    }
  }

  void CheckTier(int index, const std::string& path) {
    const TierRule& rule = definition_.tiers(index);
    const Tier tier = TierOf(rule);
    if (tier < Tier::kGrowth) {
      Add(absl::StrCat(path, ".tier"), "must be STRATEGIC, KEY or GROWTH");
    }
    if (index > 0) {
      const TierRule& above = definition_.tiers(index - 1);
      if (tier >= TierOf(above)) {
        Add(absl::StrCat(path, ".tier"),
            "must be lower than the tier before it: from STRATEGIC to GROWTH, each at most once");
      }
      if (rule.enter_score() >= above.enter_score()) {
        Add(absl::StrCat(path, ".enter_score"), "must be less than that of the tier above");
      }
    }
    if (!IsScore(rule.enter_score())) {
      Add(absl::StrCat(path, ".enter_score"), "must be from 0 to 100");
    }
    if (!IsScore(rule.leave_score())) {
      Add(absl::StrCat(path, ".leave_score"), "must be from 0 to 100");
    } else if (rule.leave_score() > rule.enter_score()) {
      Add(absl::StrCat(path, ".leave_score"), "must be at most enter_score");
    }
    if (rule.requirement().condition_case() != Requirement::CONDITION_NOT_SET) {
      CheckRequirement(rule.requirement(), absl::StrCat(path, ".requirement"), 1);
    }
  }

  void CheckRequirement(const Requirement& requirement, const std::string& path, int depth) {
    if (depth > kMaxRequirementDepth) {
      Add(path, absl::StrCat("is nested more than ", kMaxRequirementDepth, " deep"));
      return;
    }
    switch (requirement.condition_case()) {
      case Requirement::kCriterion:
        if (!ids_.contains(requirement.criterion())) {
          Add(absl::StrCat(path, ".criterion"),
              absl::StrCat("`", requirement.criterion(), "` is not the id of a criterion"));
        }
        return;
      case Requirement::kAllOf:
        CheckGroup(requirement.all_of().requirements(), path + ".all_of", depth);
        return;
      case Requirement::kAnyOf:
        CheckGroup(requirement.any_of().requirements(), path + ".any_of", depth);
        return;
      case Requirement::kAtLeast: {
        const Requirement::AtLeast& group = requirement.at_least();
        if (group.count() < 1 || group.count() > group.requirements_size()) {
          Add(absl::StrCat(path, ".at_least.count"),
              "must be from 1 to the number of requirements");
        }
        CheckGroup(group.requirements(), path + ".at_least", depth);
        return;
      }
      case Requirement::CONDITION_NOT_SET:
        Add(path, "needs a condition: criterion, all_of, any_of or at_least");
        return;
    }
  }

  void CheckGroup(const google::protobuf::RepeatedPtrField<Requirement>& requirements,
                  const std::string& path, int depth) {
    CheckSize(requirements.size(), 1, kMaxConditions, path + ".requirements");
    for (int i = 0; i < requirements.size(); ++i) {
      CheckRequirement(requirements[i], At(path, "requirements", i), depth + 1);
    }
  }

  const ScorecardDefinition& definition_;
  absl::flat_hash_set<std::string> ids_;  // of all criteria, once they are checked
  std::vector<FieldViolation> found_;
};

}  // namespace

void ResolveDefaults(ScorecardDefinition& definition) {
  for (Criterion& criterion : *definition.mutable_criteria()) {
    if (criterion.missing_evidence() != Criterion::MISSING_EVIDENCE_NOT_MET) {
      criterion.set_missing_evidence(Criterion::MISSING_EVIDENCE_INSUFFICIENT_DATA);
    }
    for (MetricRule& rule : *criterion.mutable_metrics()) {
      const MetricDescription* metric = FindMetric(KeyOf(rule).metric);
      if (metric != nullptr && rule.window_months() == 0) {
        rule.set_window_months(metric->default_window_months);
      }
    }
  }
  for (TierRule& rule : *definition.mutable_tiers()) {
    if (rule.requirement().condition_case() == Requirement::CONDITION_NOT_SET) {
      rule.clear_requirement();
    }
  }
}

std::vector<FieldViolation> CheckDefinition(const ScorecardDefinition& definition,
                                            absl::string_view path) {
  return Check(definition).Run(path);
}

}  // namespace kam::domain
