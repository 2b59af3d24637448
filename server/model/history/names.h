#pragma once

#include <string>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/resource_name.h"

namespace kam {

struct OrderName {
  static constexpr absl::string_view kPattern = "accounts/{account}/orders/{order}";
  std::string account;
  std::string order;  // the caller's id, not escaped
  static constexpr auto kParts = std::tuple(&OrderName::account, &OrderName::order);

  static absl::StatusOr<OrderName> Parse(absl::string_view name) {
    return ParseName<OrderName>(name);
  }
  std::string ToString() const { return FormatName(*this); }

  friend bool operator==(const OrderName&, const OrderName&) = default;
  template <typename H>
  friend H AbslHashValue(H hash, const OrderName& name) {
    return H::combine(std::move(hash), name.account, name.order);
  }
};

}  // namespace kam
