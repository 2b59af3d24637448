#include "identity/identity.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "model/error.h"

namespace kam::rpc {

absl::StatusOr<Principal> LoopbackAuthenticator::Identify(const grpc::ServerContextBase&,
                                                          absl::string_view peer) const {
  for (const absl::string_view local : {"ipv4:127.", "ipv6:[::1]", "ipv6:%5B::1%5D", "unix:"}) {
    if (absl::StartsWith(peer, local)) return Principal{"local", role_};
  }
  return MakeError(absl::StatusCode::kUnauthenticated,
                   "this server takes calls from its own machine only",
                   {.reason = ErrorReason::kUnauthenticated});
}

}  // namespace kam::rpc
