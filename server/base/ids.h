#pragma once

#include <string>

#include "absl/time/time.h"

namespace kam {

// A new id of 26 characters `[0-9a-z]`: 48 bits of milliseconds, then 80 random bits, in
// Crockford's base 32, lower case. Ids made later sort later (to the millisecond). Thread-safe.
std::string NewTimeOrderedId(absl::Time now);

}  // namespace kam
