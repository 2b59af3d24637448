#include "domain/operations/operations.h"

#include "base/ids.h"
#include "base/status_macros.h"
#include "store/operations/operations.h"

namespace kam::domain {

absl::StatusOr<Operation> StartOperation(store::Transaction& tx, OperationKind kind,
                                         absl::string_view target, absl::string_view principal) {
  Operation operation{.id = NewTimeOrderedId(tx.now()),
                      .kind = kind,
                      .target = std::string(target),
                      .principal = std::string(principal)};
  operation.create_time = tx.now();
  KAM_RETURN_IF_ERROR(store::InsertOperation(tx, operation));
  return operation;
}

}  // namespace kam::domain
