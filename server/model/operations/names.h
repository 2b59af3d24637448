#pragma once

#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/resource_name.h"

namespace kam {

struct OperationName {
  static constexpr absl::string_view kPattern = "operations/{operation}";
  std::string operation;
  static constexpr auto kParts = std::tuple(&OperationName::operation);

  static absl::StatusOr<OperationName> Parse(absl::string_view name) {
    return ParseName<OperationName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

}  // namespace kam
