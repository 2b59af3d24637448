#include "rpc/pipeline/wire.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/zero_copy_stream.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "model/error.h"

namespace kam::rpc {

absl::Status Decode(const grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  // The reader takes a pointer to what may change, but only reads.
  grpc::ProtoBufferReader reader(const_cast<grpc::ByteBuffer*>(&bytes));
  if (!reader.status().ok() || !message.ParseFromZeroCopyStream(&reader)) {
    return InvalidField(
        "", absl::StrCat("the bytes are not a well-formed ", message.GetDescriptor()->full_name()));
  }
  return absl::OkStatus();
}

grpc::ByteBuffer Encode(const google::protobuf::Message& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer Encode(absl::string_view serialized) {
  const grpc::Slice slice(serialized.data(), serialized.size());
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace kam::rpc
