#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "grpcpp/impl/rpc_method.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/sync_stream.h"

// Calls by path, with any bytes for a message.
namespace kam::testing {

inline grpc::ByteBuffer BytesOf(const std::string& text) {
  const grpc::Slice slice(text);
  return grpc::ByteBuffer(&slice, 1);
}

inline grpc::Status RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                            const std::string& request) {
  grpc::ClientContext context;
  const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
                                         channel);
  grpc::ByteBuffer response;
  return grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel.get(), method, &context, BytesOf(request), &response);
}

// Sends all and closes the stream.
inline grpc::Status RawUpload(const std::shared_ptr<grpc::Channel>& channel,
                              const std::string& path, const std::vector<std::string>& messages) {
  grpc::ClientContext context;
  const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::CLIENT_STREAMING,
                                         channel);
  grpc::ByteBuffer response;
  const std::unique_ptr<grpc::ClientWriter<grpc::ByteBuffer>> stream(
      grpc::internal::ClientWriterFactory<grpc::ByteBuffer>::Create(channel.get(), method, &context,
                                                                    &response));
  for (const std::string& message : messages) {
    if (!stream->Write(BytesOf(message))) break;  // the server has ended it
  }
  stream->WritesDone();
  return stream->Finish();
}

}  // namespace kam::testing
