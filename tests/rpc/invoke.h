#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "rpc/contract/page_token.h"
#include "rpc/pipeline/call.h"
#include "rpc/pipeline/group.h"
#include "rpc/pipeline/wait.h"
#include "store/store.h"

// Calls a service's method as its shape has it run, without gRPC and what is around a call.
namespace kam::testing {

// The request that a method takes.
template <typename S, typename Res, typename Tx, typename Req>
Req RequestOfMethod(absl::StatusOr<Res> (S::*)(const rpc::Call&, Tx&, const Req&));
template <typename S, typename Tx, typename Req, typename Res>
Req RequestOfMethod(absl::Status (S::*)(Tx&, absl::Span<rpc::GroupedCall<Req, Res>>));
template <typename Method>
using RequestOf = decltype(RequestOfMethod(std::declval<Method>()));

// Page tokens are opened and sealed.
template <typename S, typename Req, typename Res>
absl::StatusOr<Res> Invoke(store::Store& store, S& service,
                           absl::StatusOr<Res> (S::*method)(const rpc::Call&, store::Snapshot&,
                                                            const Req&),
                           const rpc::Call& call, const Req& request) {
  rpc::PageTokens pages;
  const bool paged = Req::descriptor()->FindFieldByName("page_token") != nullptr;
  absl::StatusOr<Res> answer = absl::UnknownError("the method did not run");
  const absl::Status status = store.Read({}, [&](store::Snapshot& snapshot) {
    Req opened = request;
    if (paged) {
      absl::Status page = pages.Open(snapshot, opened);
      if (!page.ok()) return page;
    }
    answer = (service.*method)(call, snapshot, opened);
    if (answer.ok() && paged) pages.Seal(opened, *answer);
    return answer.status();
  });
  if (!status.ok()) return status;
  return answer;
}

template <typename S, typename Req, typename Res>
absl::StatusOr<Res> Invoke(store::Store& store, S& service,
                           absl::StatusOr<Res> (S::*method)(const rpc::Call&, store::Transaction&,
                                                            const Req&),
                           const rpc::Call& call, const Req& request) {
  return store::TransactFor<Res>(
      store, {}, [&](store::Transaction& tx) { return (service.*method)(call, tx, request); });
}

// A group of one.
template <typename S, typename Req, typename Res>
absl::StatusOr<Res> Invoke(store::Store& store, S& service,
                           absl::Status (S::*method)(store::Transaction&,
                                                     absl::Span<rpc::GroupedCall<Req, Res>>),
                           const rpc::Call& call, const Req& request) {
  return store::TransactFor<Res>(store, {}, [&](store::Transaction& tx) -> absl::StatusOr<Res> {
    rpc::GroupedCall<Req, Res> one{.call = call, .request = request};
    const absl::Status status = (service.*method)(tx, absl::MakeSpan(&one, 1));
    if (!status.ok()) return status;
    return one.answer;
  });
}

template <typename S, typename Req, typename Res>
absl::StatusOr<Res> Invoke(store::Store& store, S& service,
                           absl::Status (S::*method)(store::Snapshot&,
                                                     absl::Span<rpc::GroupedCall<Req, Res>>),
                           const rpc::Call& call, const Req& request) {
  absl::StatusOr<Res> answer = absl::UnknownError("the method did not run");
  const absl::Status status = store.Read({}, [&](store::Snapshot& snapshot) {
    rpc::GroupedCall<Req, Res> one{.call = call, .request = request};
    absl::Status read = (service.*method)(snapshot, absl::MakeSpan(&one, 1));
    answer = std::move(one.answer);
    return read;
  });
  if (!status.ok()) return status;
  return answer;
}

}  // namespace kam::testing
