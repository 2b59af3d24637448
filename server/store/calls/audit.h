#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "store/transaction.h"

namespace kam::store {

// One line of the audit trail.
struct AuditEntry {
  std::string principal;
  std::string method;      // full name, `/kam.v1.AccountService/CreateAccount`
  std::string peer;        // where the call came from
  std::string request_id;  // the caller's, or the server's own
  std::string resource;    // name of what it was about, or empty
  std::string outcome;     // canonical code, such as `OK` or `PERMISSION_DENIED`
  std::string detail;      // why, for people
  int64_t calls = 1;       // how many it stands for: refusals are counted together
};

// Appends lines to the audit trail. They may quote a caller's bytes: a NUL, which PostgreSQL does
// not keep, becomes `?`.
absl::Status AppendAudit(Transaction& tx, absl::Span<const AuditEntry> entries);

}  // namespace kam::store
