#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace kam::store {

// A call that was answered before.
struct RecordedCall {
  std::string request_hash;
  std::string response;  // serialized
};

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

// What was asked before (so that a repeated request is answered, not done again), who did what, and
// what changed. Part of a Transaction.
class CallLog {
 public:
  virtual ~CallLog() = default;

  // Claims (principal, method, request_id) for this transaction and answers nothing; or answers
  // the call that was recorded under it. Waits while another transaction holds the claim.
  virtual absl::StatusOr<std::optional<RecordedCall>> ClaimRequest(absl::string_view principal,
                                                                   absl::string_view method,
                                                                   absl::string_view request_id,
                                                                   absl::string_view hash) = 0;
  // Stores the response of a claimed request.
  virtual absl::Status RecordResponse(absl::string_view principal, absl::string_view method,
                                      absl::string_view request_id, absl::string_view response) = 0;
  // Removes claims older than `age`, at most 10,000; answers how many.
  virtual absl::StatusOr<int64_t> PruneRequests(absl::Duration age) = 0;

  // Appends to the audit trail.
  virtual absl::Status Audit(const AuditEntry& entry) = 0;

  // Appends a change to the change log, stamped with this transaction: `kind` such as
  // `account.updated`, the account id it concerns (or empty) and the resource's name.
  virtual absl::Status AppendChange(absl::string_view kind, absl::string_view account_id,
                                    absl::string_view resource) = 0;
  // The same for many accounts at once: one change each, resource `accounts/{id}`.
  virtual absl::Status AppendAccountChanges(absl::string_view kind,
                                            absl::Span<const std::string> account_ids) = 0;
};

}  // namespace kam::store
