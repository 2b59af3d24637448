#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/server_context.h"
#include "identity/roles.h"

namespace kam::rpc {

// Who calls, and what they may do.
struct Principal {
  std::string name;
  Role role = Role::kViewer;
};

// Tells who is behind a call. Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // UNAUTHENTICATED (kUnauthenticated) when there is no identity to accept.
  // `peer` is the context's, which costs to ask for.
  virtual absl::StatusOr<Principal> Identify(const grpc::ServerContextBase& context,
                                             absl::string_view peer) const = 0;
};

// Plain text from this machine: everybody on loopback or a unix socket is `local` with one role.
class LoopbackAuthenticator final : public Authenticator {
 public:
  explicit LoopbackAuthenticator(Role role) : role_(role) {}

  absl::StatusOr<Principal> Identify(const grpc::ServerContextBase& context,
                                     absl::string_view peer) const override;

 private:
  const Role role_;
};

}  // namespace kam::rpc
