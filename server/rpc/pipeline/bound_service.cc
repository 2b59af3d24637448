#include "rpc/pipeline/bound_service.h"

#include "absl/strings/str_cat.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/support/server_callback.h"

namespace kam::rpc {

// What gRPC's own plugin generates for raw callback methods, for any method by its name.
using grpc::internal::CallbackClientStreamingHandler;
using grpc::internal::CallbackUnaryHandler;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

const Method* BoundService::Known(absl::string_view name, bool writes,
                                  const google::protobuf::Descriptor& request,
                                  const google::protobuf::Descriptor& response) {
  absl::StatusOr<const Method*> method = pipeline_.Add(name_, name);
  if (method.ok() && (*method)->writes != writes) {
    method = absl::FailedPreconditionError(absl::StrCat(
        (*method)->path, writes ? " writes, but the contract does not audit it so"
                                : " only reads, but the contract audits it as a write"));
  }
  if (method.ok() && ((*method)->request->GetDescriptor() != &request ||
                      (*method)->response->GetDescriptor() != &response)) {
    method = absl::FailedPreconditionError(
        absl::StrCat((*method)->path, " is implemented for ", request.full_name(), " and ",
                     response.full_name(), ", which the contract does not say"));
  }
  status_.Update(method.status());
  return method.ok() ? *method : nullptr;
}

void BoundService::AddUnary(const Method& method, std::unique_ptr<Shape> shape) {
  Shape& kept = pipeline_.Keep(std::move(shape));
  AddMethod(new RpcServiceMethod(method.path.c_str(), RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(
      methods_++,
      new CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
          [this, &method, &kept](grpc::CallbackServerContext* context,
                                 const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
            return pipeline_.Serve(method, kept, *context, *request, *response);
          }));
}

void BoundService::AddUpload(const Method& method, UploadHandler handler) {
  AddMethod(new RpcServiceMethod(method.path.c_str(), RpcMethod::CLIENT_STREAMING, nullptr));
  MarkMethodRawCallback(
      methods_++, new CallbackClientStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                      [this, &method, handler = std::move(handler)](
                          grpc::CallbackServerContext* context, grpc::ByteBuffer* response) {
                        return new UploadReactor(pipeline_, method, handler, *context, *response);
                      }));
}

}  // namespace kam::rpc
