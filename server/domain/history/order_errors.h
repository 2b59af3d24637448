#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"

namespace kam::domain {

// The order is recorded with other content, as `version`, and no correction was asked for.
absl::Status FactDiffers(std::string_view resource, int32_t version);

// An amount is not in the currency of its account; `field` is the path of the amount.
absl::Status CurrencyMismatch(std::string_view field, std::string_view expected,
                              std::string_view actual);

}  // namespace kam::domain
