#include "store/allocation/plan_json.h"

#include "model/error.h"
#include "nlohmann/json.hpp"

namespace kam {

// Found by nlohmann::json beside the types.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BudgetUse, budget_id, version, currency, available, reserved,
                                   seats, grants)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BenefitUse, benefit_id, version, candidates, grants, cost, value)

}  // namespace kam

namespace kam::store {
namespace {

template <typename T>
absl::StatusOr<std::vector<T>> Read(const std::string& text) {
  try {
    return nlohmann::json::parse(text).get<std::vector<T>>();
  } catch (const nlohmann::json::exception&) {
    return Internal("a plan's row holds a form this server does not know");
  }
}

}  // namespace

std::string ToJson(const std::vector<BudgetUse>& uses) { return nlohmann::json(uses).dump(); }

absl::StatusOr<std::vector<BudgetUse>> BudgetUsesFromJson(const std::string& text) {
  return Read<BudgetUse>(text);
}

std::string ToJson(const std::vector<BenefitUse>& uses) { return nlohmann::json(uses).dump(); }

absl::StatusOr<std::vector<BenefitUse>> BenefitUsesFromJson(const std::string& text) {
  return Read<BenefitUse>(text);
}

}  // namespace kam::store
