#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kam {

// The order is recorded with other content, as `version`, and no correction was asked for.
absl::Status FactDiffers(absl::string_view resource, int32_t version);

// An amount is not in the currency of its account; `field` is the path of the amount.
absl::Status CurrencyMismatch(absl::string_view field, absl::string_view expected,
                              absl::string_view actual);

}  // namespace kam
