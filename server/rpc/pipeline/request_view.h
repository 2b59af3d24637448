#pragma once

#include <string>

#include "google/protobuf/message.h"

// What the call wrapper reads of a request whatever its type.
namespace kam::rpc {

// The value of a string field; "" when the request has no such field.
std::string StringField(const google::protobuf::Message& request, const char* name);

// Whether the request asks for a dry run.
bool IsValidateOnly(const google::protobuf::Message& request);

// Digest of a request, in hexadecimal: tells a repeated one from another under the same id.
std::string HashOf(const google::protobuf::Message& request);

// What the audit line is about: the resource answered, else the one asked for, or "".
std::string ResourceOf(const google::protobuf::Message& request,
                       const google::protobuf::Message& response);

}  // namespace kam::rpc
