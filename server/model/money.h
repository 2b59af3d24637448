#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kam {

// An amount in minor units (cents) of an ISO 4217 currency. No amount that is owed is ever a
// floating-point number.
struct Money {
  int64_t minor = 0;
  std::string currency;

  friend bool operator==(const Money&, const Money&) = default;
};

// Decimals of a currency (EUR 2, JPY 0, KWD 3), or nothing when ISO 4217 does not know the code.
std::optional<int> CurrencyDecimals(absl::string_view code);

// Minor units of one whole unit: 10^decimals. `code` must be known.
int64_t MinorPerUnit(absl::string_view code);

// a + b, or OUT_OF_RANGE (AMOUNT_OVERFLOW).
absl::StatusOr<int64_t> CheckedAdd(int64_t a, int64_t b);

// A computed amount (a model's cost or value) as minor units, rounded half to even, or OUT_OF_RANGE
// (AMOUNT_OVERFLOW) when it is not finite or does not fit.
absl::StatusOr<int64_t> RoundToMinor(double minor);

}  // namespace kam
