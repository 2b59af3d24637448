#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "base/deadline.h"

namespace kam::rpc {

// What a service method knows of the call it serves. Everything around the method – identity,
// permission, field rules, deadline, admission, idempotency, audit, metrics, log line, status – is
// done by the pipeline; rpc/README.md lists the shapes a method can have.
struct Call {
  std::string principal;     // who calls
  absl::string_view method;  // `/kam.v1.AccountService/GetAccount`
  std::string request_id;    // the caller's, or the server's own
  std::string peer;          // where from
  Deadline deadline;         // never without end
};

}  // namespace kam::rpc
