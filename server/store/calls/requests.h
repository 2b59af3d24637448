#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "store/transaction.h"

// Request ids: what was asked before is answered, not done again. Every statement serves any number
// of calls at once.
namespace kam::store {

// A call that claims its request id. No two of one claim statement have the same id.
struct RequestClaim {
  absl::string_view principal;
  absl::string_view method;  // `/kam.v1.AccountService/CreateAccount`
  absl::string_view request_id;
  absl::string_view hash;  // of the request, 32 bytes
};

// What became of a claim.
struct ClaimOutcome {
  enum class State {
    kClaimed,   // by this transaction: do it
    kRecorded,  // it was done before; here is what was asked and answered
    kBusy,      // another transaction holds it, and its end was not waited for
  };
  State state = State::kClaimed;
  std::string request_hash;
  std::string response;  // serialized
};

// Claims all ids for this transaction; the outcomes come in the order of `claims`. With `wait`, the
// end of another transaction that holds a claim is waited for (a lock wait), else it is kBusy.
absl::StatusOr<std::vector<ClaimOutcome>> ClaimRequests(Transaction& tx,
                                                        absl::Span<const RequestClaim> claims,
                                                        bool wait);

// A call that was done in this transaction.
struct AnsweredCall {
  RequestClaim claim;  // claimed before, or an id that nobody else can have
  absl::string_view response;
  absl::string_view peer;
  std::string resource;  // name of what it was about, or empty
};

// Records the responses under their ids, and appends an audit line for each.
absl::Status RecordCalls(Transaction& tx, absl::Span<const AnsweredCall> calls);

// Gives claims of this transaction up again: those calls were refused, and may be repeated.
absl::Status ReleaseClaims(Transaction& tx, absl::Span<const RequestClaim> claims);

// Removes what was claimed longer than `age` ago, at most 10,000; answers how many.
absl::StatusOr<int64_t> PruneRequests(Transaction& tx, absl::Duration age);

}  // namespace kam::store
