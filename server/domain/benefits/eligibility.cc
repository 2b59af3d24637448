#include "domain/benefits/eligibility.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "model/accounts/names.h"
#include "model/names.h"

namespace kam::domain {
namespace {

template <typename T>
bool Contains(const std::vector<T>& list, const T& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool TierFits(const Eligibility& eligibility, const StoredAssessment& assessment) {
  return eligibility.tiers.empty() || Contains(eligibility.tiers, assessment.tier);
}

bool ParetoClassFits(const Eligibility& eligibility, const StoredAssessment& assessment) {
  return eligibility.pareto_classes.empty() ||
         Contains(eligibility.pareto_classes, assessment.pareto_class);
}

bool ScoreFits(const Eligibility& eligibility, const StoredAssessment& assessment) {
  return assessment.score >= eligibility.min_score;
}

bool IsUnconditional(const Eligibility& eligibility) {
  return eligibility.tiers.empty() && eligibility.pareto_classes.empty() &&
         eligibility.criteria_met.empty() && eligibility.min_score <= 0;
}

absl::string_view TierLabel(Tier tier) {
  switch (tier) {
    case Tier::kNone:
      return "NONE";
    case Tier::kStandard:
      return "STANDARD";
    case Tier::kGrowth:
      return "GROWTH";
    case Tier::kKey:
      return "KEY";
    case Tier::kStrategic:
      return "STRATEGIC";
  }
  return "UNKNOWN";
}

absl::string_view ParetoLabel(int32_t pareto_class) {
  return pareto_class == 1 ? "A" : pareto_class == 2 ? "B" : "C";
}

}  // namespace

bool IsEligible(const Eligibility& eligibility, const StoredAssessment& assessment) {
  return TierFits(eligibility, assessment) && ParetoClassFits(eligibility, assessment) &&
         ScoreFits(eligibility, assessment) &&
         std::all_of(eligibility.criteria_met.begin(), eligibility.criteria_met.end(),
                     [&](const std::string& id) { return Contains(assessment.criteria_met, id); });
}

std::vector<PreconditionViolation> LackingFor(const Eligibility& eligibility,
                                              absl::string_view account_id,
                                              const StoredAssessment* assessment) {
  if (IsUnconditional(eligibility)) return {};
  if (assessment == nullptr) {
    return {{"ASSESSMENT", AccountName{std::string(account_id)}.ToString(), "was never evaluated"}};
  }
  std::vector<PreconditionViolation> lacking;
  const std::string name = AssessmentName(account_id, assessment->evaluation_id);
  if (!TierFits(eligibility, *assessment)) {
    lacking.push_back(
        {"TIER", name,
         absl::StrCat("is ", TierLabel(assessment->tier), ", would have to be one of ",
                      absl::StrJoin(eligibility.tiers, ", ", [](std::string* out, Tier tier) {
                        absl::StrAppend(out, TierLabel(tier));
                      }))});
  }
  if (!ParetoClassFits(eligibility, *assessment)) {
    lacking.push_back(
        {"PARETO_CLASS", name,
         absl::StrCat("is ", ParetoLabel(assessment->pareto_class), ", would have to be one of ",
                      absl::StrJoin(eligibility.pareto_classes, ", ",
                                    [](std::string* out, int32_t pareto_class) {
                                      absl::StrAppend(out, ParetoLabel(pareto_class));
                                    }))});
  }
  for (const std::string& id : eligibility.criteria_met) {
    if (!Contains(assessment->criteria_met, id)) {
      lacking.push_back({"CRITERION", id, "is not met"});
    }
  }
  if (!ScoreFits(eligibility, *assessment)) {
    lacking.push_back({"SCORE", name,
                       absl::StrCat("is ", assessment->score, ", would have to be at least ",
                                    eligibility.min_score)});
  }
  return lacking;
}

}  // namespace kam::domain
