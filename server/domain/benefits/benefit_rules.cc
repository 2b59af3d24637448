// What a benefit may say: the rules that declared field rules cannot express.

#include <set>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/terms.h"
#include "model/benefits/names.h"

namespace kam::domain {
namespace {

using Found = std::vector<FieldViolation>;

void CheckCurrencies(const Benefit& benefit, const Budget* budget, Found& found) {
  std::string expected = budget != nullptr ? budget->currency : "";
  for (const auto& [path, amount] : AmountsOf(benefit.terms)) {
    if (amount.currency().empty()) continue;
    if (expected.empty()) expected = amount.currency();
    if (amount.currency() != expected) {
      found.push_back({absl::StrCat("benefit.", path, ".currency_code"),
                       absl::StrCat("must be ", expected, ", the currency of the ",
                                    budget != nullptr ? "budget" : "benefit's other amounts",
                                    ", is ", amount.currency())});
    }
  }
}

void CheckCost(const Benefit& benefit, Found& found) {
  const CostModel& cost = benefit.terms.cost();
  const bool free = cost.has_fixed() && cost.fixed().minor() == 0;
  const bool unknown = cost.model_case() == CostModel::MODEL_NOT_SET;
  if (!free && !unknown && benefit.budget_id.empty()) {
    found.push_back(
        {"benefit.budget", "must be set: only a benefit of a fixed cost of 0 needs none"});
  }
  if (cost.has_annual_capital_rate_percent() && benefit.terms.credit_terms().extra_days() == 0) {
    found.push_back(
        {"benefit.cost.annual_capital_rate_percent", "is only for credit terms with extra days"});
  }
}

// Where the contract says that exactly one is set.
void CheckChoices(const BenefitTerms& terms, Found& found) {
  if (terms.kind_case() == BenefitTerms::KIND_NOT_SET) {
    found.push_back({"benefit.kind",
                     "one of discount, credit_terms, club_membership, event, payment_mode, "
                     "delivery_arrangement and dedicated_contact must be set"});
  }
  if (terms.has_discount() &&
      terms.discount().reduction_case() == stored::v1::Discount::REDUCTION_NOT_SET) {
    found.push_back({"benefit.discount.reduction", "one of percent and amount must be set"});
  }
  if (terms.cost().model_case() == CostModel::MODEL_NOT_SET) {
    found.push_back({"benefit.cost.model",
                     "one of fixed, percent_of_revenue, per_order and annual_capital_rate_percent "
                     "must be set"});
  }
  if (terms.value().model_case() == ValueModel::MODEL_NOT_SET) {
    found.push_back({"benefit.value.model", "one of fixed and revenue_uplift_percent must be set"});
  }
}

void CheckKind(const BenefitTerms& terms, Found& found) {
  if (terms.has_credit_terms() && terms.credit_terms().extra_days() == 0 &&
      !terms.credit_terms().has_limit_raise()) {
    found.push_back({"benefit.credit_terms", "must give extra_days, a limit_raise or both"});
  }
  if (!terms.has_payment_mode()) return;
  const int32_t parts = terms.payment_mode().instalments();
  const bool in_parts = terms.payment_mode().mode() == PaymentMode::MODE_INSTALMENTS;
  if (in_parts && (parts < limits::kMinInstalments || parts > limits::kMaxInstalments)) {
    found.push_back(
        {"benefit.payment_mode.instalments",
         absl::StrCat("must be ", limits::kMinInstalments, " to ", limits::kMaxInstalments)});
  } else if (!in_parts && parts != 0) {
    found.push_back({"benefit.payment_mode.instalments", "is only for MODE_INSTALMENTS"});
  }
}

template <typename List>
void CheckDistinct(const List& list, absl::string_view field, Found& found) {
  std::set<typename List::value_type> seen;
  for (int i = 0; i < list.size(); ++i) {
    if (!seen.insert(list[i]).second) {
      found.push_back({absl::StrCat("benefit.eligibility.", field, "[", i, "]"), "is named twice"});
    }
  }
}

}  // namespace

std::vector<FieldViolation> ViolationsOf(const Benefit& benefit, const Budget* budget) {
  Found found;
  const Eligibility& eligibility = benefit.terms.eligibility();
  CheckChoices(benefit.terms, found);
  CheckKind(benefit.terms, found);
  CheckDistinct(eligibility.tiers(), "tiers", found);
  CheckDistinct(eligibility.pareto_classes(), "pareto_classes", found);
  CheckDistinct(eligibility.criteria_met(), "criteria_met", found);
  CheckCost(benefit, found);
  CheckCurrencies(benefit, budget, found);
  return found;
}

absl::StatusOr<std::vector<FieldViolation>> CheckBenefit(store::Snapshot& snapshot,
                                                         const Benefit& benefit,
                                                         const Benefit* current) {
  const absl::StatusOr<std::optional<Budget>> budget = BudgetOf(snapshot, benefit);
  const bool missing = absl::IsNotFound(budget.status());
  if (!budget.ok() && !missing) return budget.status();
  Found found = ViolationsOf(benefit, !missing && *budget ? &**budget : nullptr);
  if (missing) {
    found.push_back({"benefit.budget",
                     absl::StrCat(BudgetName{benefit.budget_id}.ToString(), " does not exist")});
  }
  if (current != nullptr && current->was_activated &&
      current->terms.kind_case() != benefit.terms.kind_case()) {
    found.push_back({absl::StrCat("benefit.", KindField(benefit.terms)),
                     absl::StrCat("must stay ", KindField(current->terms),
                                  ": the kind cannot change once the benefit was activated")});
  }
  return found;
}

}  // namespace kam::domain
