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

// What completed orders of an account add up to on a day does not fit into 64 bits.
absl::Status AmountOverflow(absl::string_view account);

// Another transaction holds the account; to be tried again.
absl::Status AccountBusy(absl::string_view account);

}  // namespace kam
