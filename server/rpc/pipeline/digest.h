#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace kam::rpc {

// The same bytes for the same message, within this version of its contract.
std::string DeterministicBytes(const google::protobuf::Message& message);

// SHA-256, 32 bytes.
std::string Sha256(absl::string_view bytes);

}  // namespace kam::rpc
