#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "store/transaction.h"

namespace kam::store {

// The secret that page tokens are sealed with: 32 random bytes, made when the schema was, the same
// for all servers of one database.
absl::StatusOr<std::string> PageSecret(Snapshot& snapshot);

}  // namespace kam::store
