#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

// Messages as bytes. The pipeline decodes them itself: gRPC reports a message of a stream that it
// cannot decode as the end of the stream.
namespace kam::rpc {

// INVALID_ARGUMENT (kInvalidFields) when the bytes are no such message.
absl::Status Decode(const grpc::ByteBuffer& bytes, google::protobuf::Message& message);

grpc::ByteBuffer Encode(const google::protobuf::Message& message);
grpc::ByteBuffer Encode(absl::string_view serialized);

}  // namespace kam::rpc
