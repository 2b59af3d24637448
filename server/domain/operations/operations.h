#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/operations/operation.h"
#include "store/store.h"

namespace kam::domain {

// Starts an operation on `target` in this transaction: it runs once the transaction is committed.
absl::StatusOr<Operation> StartOperation(store::Transaction& tx, OperationKind kind,
                                         std::string_view target, std::string_view principal,
                                         absl::Time now);

}  // namespace kam::domain
