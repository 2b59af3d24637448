#pragma once

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "store/calls/call_log.h"
#include "store/transaction.h"

namespace kam::store {

// Appends lines to the audit trail. They may quote a caller's bytes: a NUL, which PostgreSQL does
// not keep, becomes `?`.
absl::Status AppendAudit(Transaction& tx, absl::Span<const AuditEntry> entries);

}  // namespace kam::store
