#pragma once

#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/resource_name.h"

namespace kam {

struct AccountName {
  static constexpr absl::string_view kPattern = "accounts/{account}";
  std::string account;
  static constexpr auto kParts = std::tuple(&AccountName::account);

  static absl::StatusOr<AccountName> Parse(absl::string_view name) {
    return ParseName<AccountName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

}  // namespace kam
