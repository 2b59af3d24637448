#include "store/postgres/plan_json.h"

#include "domain/error.h"
#include "nlohmann/json.hpp"

namespace kam::domain {

// Found by nlohmann::json beside the types.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BudgetUse, budget_id, version, currency, available, reserved,
                                   seats, grants)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BenefitUse, benefit_id, version, candidates, grants, cost, value)

}  // namespace kam::domain

namespace kam::store::postgres {
namespace {

template <typename T>
absl::StatusOr<std::vector<T>> Read(const std::string& text) {
  try {
    return nlohmann::json::parse(text).get<std::vector<T>>();
  } catch (const nlohmann::json::exception&) {
    return domain::Internal("a plan's row holds a form this server does not know");
  }
}

}  // namespace

std::string ToJson(const std::vector<domain::BudgetUse>& uses) {
  return nlohmann::json(uses).dump();
}

absl::StatusOr<std::vector<domain::BudgetUse>> BudgetUsesFromJson(const std::string& text) {
  return Read<domain::BudgetUse>(text);
}

std::string ToJson(const std::vector<domain::BenefitUse>& uses) {
  return nlohmann::json(uses).dump();
}

absl::StatusOr<std::vector<domain::BenefitUse>> BenefitUsesFromJson(const std::string& text) {
  return Read<domain::BenefitUse>(text);
}

}  // namespace kam::store::postgres
