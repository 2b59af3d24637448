#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "model/page.h"

namespace kam::rpc {

// Reads `page_size` and `page_token` of a list request. A token is good only for the method and
// the other parameters it was made for: INVALID_ARGUMENT (kInvalidPageToken).
absl::StatusOr<PageRequest> ReadPage(const google::protobuf::Message& request);

// The token that asks for the page after `next` with the same parameters; "" when `next` is.
std::string SealPage(const google::protobuf::Message& request, absl::string_view next);

}  // namespace kam::rpc
