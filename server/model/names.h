#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// Resource names of the contract (AIP-122): `accounts/{account}/orders/{order}`.
namespace kam {

std::string OperationName(absl::string_view operation);

// The ids in a name that matched a pattern, in order: every second segment. An empty
// name has no ids.
std::vector<std::string> IdsOf(absl::string_view name);

// The last of the ids, or "" for an empty name: `benefits/gold` → "gold".
std::string LastId(absl::string_view name);

// The last of the ids as a number; 0 when it is none.
int32_t LastNumber(absl::string_view name);

}  // namespace kam
