#include "domain/benefits/eligibility.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "model/accounts/names.h"
#include "model/criteria/names.h"

namespace kam::domain {
namespace {

template <typename List, typename Item>
bool Contains(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool TierFits(const Eligibility& eligibility, const StoredAssessment& assessment) {
  return eligibility.tiers().empty() || Contains(eligibility.tiers(), NumberOf(assessment.tier));
}

bool ParetoClassFits(const Eligibility& eligibility, const StoredAssessment& assessment) {
  return eligibility.pareto_classes().empty() ||
         Contains(eligibility.pareto_classes(), assessment.pareto_class);
}

bool ScoreFits(const Eligibility& eligibility, const StoredAssessment& assessment) {
  return assessment.score >= eligibility.min_score();
}

bool IsUnconditional(const Eligibility& eligibility) {
  return eligibility.tiers().empty() && eligibility.pareto_classes().empty() &&
         eligibility.criteria_met().empty() && eligibility.min_score() <= 0;
}

absl::string_view TierLabel(int tier) {
  const std::optional<Tier> known = EnumFromNumber<Tier>(tier);
  return known && *known != Tier::kNone ? NameOf(*known) : "NONE";
}

absl::string_view ParetoLabel(int pareto_class) {
  return pareto_class == 1 ? "A" : pareto_class == 2 ? "B" : "C";
}

// `is KEY, would have to be one of GROWTH, STRATEGIC`
std::string WouldHaveToBe(int is, const google::protobuf::RepeatedField<int>& wanted,
                          absl::string_view (*label)(int)) {
  return absl::StrCat("is ", label(is), ", would have to be one of ",
                      absl::StrJoin(wanted, ", ", [&](std::string* out, int one) {
                        out->append(std::string(label(one)));
                      }));
}

}  // namespace

bool IsEligible(const Eligibility& eligibility, const StoredAssessment& assessment) {
  return TierFits(eligibility, assessment) && ParetoClassFits(eligibility, assessment) &&
         ScoreFits(eligibility, assessment) &&
         std::all_of(eligibility.criteria_met().begin(), eligibility.criteria_met().end(),
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
  const std::string name =
      AssessmentName{std::string(account_id), assessment->evaluation_id}.ToString();
  if (!TierFits(eligibility, *assessment)) {
    lacking.push_back(
        {"TIER", name, WouldHaveToBe(NumberOf(assessment->tier), eligibility.tiers(), TierLabel)});
  }
  if (!ParetoClassFits(eligibility, *assessment)) {
    lacking.push_back(
        {"PARETO_CLASS", name,
         WouldHaveToBe(assessment->pareto_class, eligibility.pareto_classes(), ParetoLabel)});
  }
  for (const std::string& id : eligibility.criteria_met()) {
    if (!Contains(assessment->criteria_met, id)) {
      lacking.push_back({"CRITERION", id, "is not met"});
    }
  }
  if (!ScoreFits(eligibility, *assessment)) {
    lacking.push_back({"SCORE", name,
                       absl::StrCat("is ", assessment->score, ", would have to be at least ",
                                    eligibility.min_score())});
  }
  return lacking;
}

}  // namespace kam::domain
