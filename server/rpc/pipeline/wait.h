#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "rpc/pipeline/call.h"

namespace kam::rpc {

// One of the calls of a method that waits for something to happen:
//
//   absl::Status WaitOperation(
//       store::Snapshot&,
//       absl::Span<WaitingCall<WaitOperationRequest, google::longrunning::Operation>>);
//
// The method reads how things stand and sets each call's `answer`. Where it has not happened yet it
// names what is waited for (`awaits`), and how long the caller wants to wait. Such a call holds
// neither thread nor transaction: calls that await the same thing are looked at together, as one
// call, again and again, and are answered with what was read last when it has happened, or when
// their time is over.
template <typename Request, typename Response>
struct WaitingCall {
  const Call& call;
  const Request& request;
  absl::StatusOr<Response> answer = absl::UnknownError("the method did not look at this call");
  std::string awaits;  // empty: the answer is final
  absl::Duration timeout = absl::InfiniteDuration();
};

}  // namespace kam::rpc
