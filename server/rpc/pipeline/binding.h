#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "rpc/pipeline/call_runner.h"

namespace kam::rpc {

// Joins a gRPC service with the plain class that implements it. A binding lists its methods, one
// line each; CallRunner::Verify refuses to start when one is missing.
template <typename GrpcService, typename Service>
class Binding : public GrpcService::CallbackService {
 public:
  Binding(CallRunner& runner, Service& service) : runner_(runner), service_(service) {}

 protected:
  CallRunner& runner_;
  Service& service_;
};

// Puts a method's answer where the wire wants it.
template <typename Response>
absl::Status Place(absl::StatusOr<Response> answer, google::protobuf::Message& response) {
  if (!answer.ok()) return std::move(answer).status();
  static_cast<Response&>(response) = *std::move(answer);
  return absl::OkStatus();
}

}  // namespace kam::rpc

// The handler that calls `Method` of the service with its own types.
#define KAM_HANDLER(Method, Request)                                                      \
  [this](const ::kam::rpc::Call& call, ::kam::store::Transaction& tx,                     \
         const google::protobuf::Message& request, google::protobuf::Message& response) { \
    return ::kam::rpc::Place(                                                             \
        this->service_.Method(call, tx, static_cast<const Request&>(request)), response); \
  }

// A unary method: `absl::StatusOr<Response> Method(const Call&, store::Transaction&, const
// Request&)`.
#define KAM_UNARY(Service, Method, Request, Response)                                            \
 public:                                                                                         \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context, const Request* request, \
                                   Response* response) override {                                \
    return this->runner_.Run(*context, bound_##Method##_, *request, *response,                   \
                             KAM_HANDLER(Method, Request));                                      \
  }                                                                                              \
                                                                                                 \
 private:                                                                                        \
  const ::kam::rpc::BoundMethod& bound_##Method##_ =                                             \
      this->runner_.Bind(Service::service_full_name(), #Method)
