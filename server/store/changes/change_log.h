#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "model/changes/change.h"
#include "store/transaction.h"

namespace kam::store {

// Appends to the change log, stamped with this transaction. Called by save.h, and by functions that
// write versioned rows by SQL of their own.
absl::Status AppendChanges(Transaction& tx, absl::Span<const Change> changes);

}  // namespace kam::store
