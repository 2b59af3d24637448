// What a benefit may say: the rules that declared field rules cannot express.

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/str_cat.h"
#include "domain/benefits/catalogue.h"
#include "model/names.h"

namespace kam::domain {
namespace {

constexpr int32_t kMinInstalments = 2;
constexpr int32_t kMaxInstalments = 60;

using Found = std::vector<FieldViolation>;

// An amount of a benefit and where it stands.
struct PlacedAmount {
  std::string path;
  Money amount;
};

std::vector<PlacedAmount> AmountsOf(const Benefit& benefit) {
  std::vector<PlacedAmount> amounts;
  if (benefit.cost.kind == CostModel::Kind::kFixed) {
    amounts.push_back({"benefit.cost.fixed", benefit.cost.amount});
  } else if (benefit.cost.kind == CostModel::Kind::kPerOrder) {
    amounts.push_back({"benefit.cost.per_order", benefit.cost.amount});
  }
  if (benefit.value.kind == ValueModel::Kind::kFixed) {
    amounts.push_back({"benefit.value.fixed", benefit.value.amount});
  }
  if (const auto* discount = std::get_if<Discount>(&benefit.kind)) {
    if (const auto* amount = std::get_if<Money>(&discount->reduction)) {
      amounts.push_back({"benefit.discount.amount", *amount});
    }
    if (discount->cap) amounts.push_back({"benefit.discount.cap", *discount->cap});
    if (discount->minimum_order) {
      amounts.push_back({"benefit.discount.minimum_order", *discount->minimum_order});
    }
  }
  if (const auto* terms = std::get_if<CreditTerms>(&benefit.kind); terms && terms->limit_raise) {
    amounts.push_back({"benefit.credit_terms.limit_raise", *terms->limit_raise});
  }
  return amounts;
}

void CheckCurrencies(const Benefit& benefit, const Budget* budget, Found& found) {
  std::string expected = budget != nullptr ? budget->currency : "";
  for (const auto& [path, amount] : AmountsOf(benefit)) {
    if (amount.currency.empty()) continue;
    if (expected.empty()) expected = amount.currency;
    if (amount.currency != expected) {
      found.push_back({absl::StrCat(path, ".currency_code"),
                       absl::StrCat("must be ", expected, ", the currency of the ",
                                    budget != nullptr ? "budget" : "benefit's other amounts",
                                    ", is ", amount.currency)});
    }
  }
}

void CheckCost(const Benefit& benefit, Found& found) {
  const bool free = benefit.cost.kind == CostModel::Kind::kFixed && benefit.cost.amount.minor == 0;
  if (!free && benefit.budget_id.empty()) {
    found.push_back(
        {"benefit.budget", "must be set: only a benefit of a fixed cost of 0 needs none"});
  }
  if (benefit.cost.kind == CostModel::Kind::kCapitalRate) {
    const auto* terms = std::get_if<CreditTerms>(&benefit.kind);
    if (terms == nullptr || terms->extra_days == 0) {
      found.push_back(
          {"benefit.cost.annual_capital_rate_percent", "is only for credit terms with extra days"});
    }
  }
}

void CheckKind(const BenefitKind& kind, Found& found) {
  if (const auto* terms = std::get_if<CreditTerms>(&kind)) {
    if (terms->extra_days == 0 && !terms->limit_raise) {
      found.push_back({"benefit.credit_terms", "must give extra_days, a limit_raise or both"});
    }
  }
  if (const auto* payment = std::get_if<PaymentMode>(&kind)) {
    const int32_t parts = payment->instalments;
    const bool in_parts = payment->mode == PaymentMode::Mode::kInstalments;
    if (in_parts && (parts < kMinInstalments || parts > kMaxInstalments)) {
      found.push_back({"benefit.payment_mode.instalments",
                       absl::StrCat("must be ", kMinInstalments, " to ", kMaxInstalments)});
    } else if (!in_parts && parts != 0) {
      found.push_back({"benefit.payment_mode.instalments", "is only for MODE_INSTALMENTS"});
    }
  }
}

template <typename T>
void CheckDistinct(const std::vector<T>& list, absl::string_view field, Found& found) {
  std::set<T> seen;
  for (size_t i = 0; i < list.size(); ++i) {
    if (!seen.insert(list[i]).second) {
      found.push_back({absl::StrCat("benefit.eligibility.", field, "[", i, "]"), "is named twice"});
    }
  }
}

}  // namespace

absl::string_view KindField(const BenefitKind& kind) {
  constexpr std::array<absl::string_view, std::variant_size_v<BenefitKind>> kFields = {
      "discount",     "credit_terms",         "club_membership",  "event",
      "payment_mode", "delivery_arrangement", "dedicated_contact"};
  return kFields[kind.index()];
}

std::string CurrencyOf(const Benefit& benefit, const Budget* budget) {
  return budget != nullptr ? budget->currency : benefit.cost.amount.currency;
}

std::vector<FieldViolation> ViolationsOf(const Benefit& benefit, const Budget* budget) {
  Found found;
  CheckKind(benefit.kind, found);
  CheckDistinct(benefit.eligibility.tiers, "tiers", found);
  CheckDistinct(benefit.eligibility.pareto_classes, "pareto_classes", found);
  CheckDistinct(benefit.eligibility.criteria_met, "criteria_met", found);
  CheckCost(benefit, found);
  CheckCurrencies(benefit, budget, found);
  return found;
}

absl::StatusOr<std::vector<FieldViolation>> CheckBenefit(store::Transaction& tx,
                                                         const Benefit& benefit,
                                                         const Benefit* current) {
  const absl::StatusOr<std::optional<Budget>> budget = BudgetOf(tx, benefit);
  const bool missing = absl::IsNotFound(budget.status());
  if (!budget.ok() && !missing) return budget.status();
  Found found = ViolationsOf(benefit, !missing && *budget ? &**budget : nullptr);
  if (missing) {
    found.push_back(
        {"benefit.budget", absl::StrCat(BudgetName(benefit.budget_id), " does not exist")});
  }
  if (current != nullptr && current->was_activated &&
      current->kind.index() != benefit.kind.index()) {
    found.push_back({absl::StrCat("benefit.", KindField(benefit.kind)),
                     absl::StrCat("must stay ", KindField(current->kind),
                                  ": the kind cannot change once the benefit was activated")});
  }
  return found;
}

}  // namespace kam::domain
