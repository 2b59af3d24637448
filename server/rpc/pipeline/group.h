#pragma once

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rpc/pipeline/call.h"

namespace kam::rpc {

// One of the calls of one method that are executed together in one transaction. A method for
// groups is
//
//   absl::Status GrantEntitlement(
//       store::Transaction&,
//       absl::Span<GroupedCall<v1::GrantEntitlementRequest, v1::Entitlement>>);
//
// and, when it only reads (what waits is read in one snapshot),
//
//   absl::Status GetAccount(store::Snapshot&,
//                           absl::Span<GroupedCall<v1::GetAccountRequest, v1::Account>>);
//
// It is given 1 to limits::kMaxGroup calls in the order they arrived, and sets each one's `answer`:
// the response, or why this call is refused. A caller alone is a group of one, and so is a
// `validate_only` call, whose transaction is rolled back: the method does not look at
// `validate_only`.
//
// What the pipeline does, so that the method does not: identity, permission, field rules, request
// ids (calls answered before are not among them, no two have the same id), recorded responses,
// audit lines, the commit. Requests obey the rules of the contract.
//
// What the method promises:
//   - A call that is refused leaves nothing in the transaction: everything is loaded, then the
//     calls are decided one after the other in memory, each seeing the effects of those before it,
//     then what the accepted ones changed is saved.
//   - Rows are locked in an order that is the same for every group (by key), budgets last, so that
//     groups do not deadlock.
//   - A call of a group of several that would have to wait for a row another transaction holds is
//     left undecided, `alone` set, and nothing of it in the transaction: it is run again by itself.
//   - OK when every other call has its answer. Anything else (a statement failed: pass its status
//     on) rolls back all of them; more than one are then run again one by one.
//   - It may run again, with the same calls or fewer; nothing of an earlier run may be kept.
template <typename Request, typename Response>
struct GroupedCall {
  const Call& call;
  const Request& request;
  absl::StatusOr<Response> answer = absl::UnknownError("the group did not decide this call");
  bool alone = false;  // of a write: not decided here, to be run by itself
};

}  // namespace kam::rpc
