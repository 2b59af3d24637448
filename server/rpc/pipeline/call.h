#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/deadline.h"

namespace kam::rpc {

// What a service method knows of the call it serves. Everything around the method – identity,
// permission, field rules, deadline, admission, idempotency, audit, metrics, log line, status – is
// done by call_runner.h, so that a method is plain:
//
//   absl::StatusOr<v1::Account> GetAccount(const Call&, store::Transaction&,
//                                          const v1::GetAccountRequest&);
//
// The transaction is committed when the method answers OK, together with the audit line and the
// recorded response, and rolled back otherwise and for `validate_only`. The method may run again.
struct Call {
  std::string principal;   // who calls
  std::string method;      // `/kam.v1.AccountService/GetAccount`
  std::string request_id;  // the caller's, or the server's own
  std::string peer;        // where from
  absl::Time now;          // when the call began
  Deadline deadline;       // never without end
};

}  // namespace kam::rpc
