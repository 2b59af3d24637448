#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/operations/operation.h"
#include "store/store.h"

namespace kam::domain {

// Starts an operation on `target` in this transaction: it runs once the transaction is committed.
absl::StatusOr<Operation> StartOperation(store::Transaction& tx, OperationKind kind,
                                         absl::string_view target, absl::string_view principal);

}  // namespace kam::domain
