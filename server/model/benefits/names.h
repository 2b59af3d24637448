#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/resource_name.h"

namespace kam {

struct BenefitName {
  static constexpr absl::string_view kPattern = "benefits/{benefit}";
  std::string benefit;
  static constexpr auto kParts = std::tuple(&BenefitName::benefit);

  static absl::StatusOr<BenefitName> Parse(absl::string_view name) {
    return ParseName<BenefitName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

struct BudgetName {
  static constexpr absl::string_view kPattern = "budgets/{budget}";
  std::string budget;
  static constexpr auto kParts = std::tuple(&BudgetName::budget);

  static absl::StatusOr<BudgetName> Parse(absl::string_view name) {
    return ParseName<BudgetName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

struct BudgetEntryName {
  static constexpr absl::string_view kPattern = "budgets/{budget}/entries/{entry}";
  std::string budget;
  int64_t entry = 0;
  static constexpr auto kParts = std::tuple(&BudgetEntryName::budget, &BudgetEntryName::entry);

  std::string ToString() const { return FormatName(*this); }
};

struct EntitlementName {
  static constexpr absl::string_view kPattern = "accounts/{account}/entitlements/{entitlement}";
  std::string account;
  std::string entitlement;
  static constexpr auto kParts =
      std::tuple(&EntitlementName::account, &EntitlementName::entitlement);

  static absl::StatusOr<EntitlementName> Parse(absl::string_view name) {
    return ParseName<EntitlementName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

}  // namespace kam
