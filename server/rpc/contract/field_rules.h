#pragma once

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "rpc/contract/convert.h"

namespace kam::rpc {

// Holds a message against the rules its contract declares (options.proto, field_behavior) and adds
// every violation, with field paths that begin with `path` (empty for a whole request). Rows
// (`rows: true`) are counted, not looked into: their method calls this for each.
void CheckFieldRules(const google::protobuf::Message& message, absl::string_view path,
                     Violations& violations);

// The same for a request. Of the resource in an update request, only the fields that its
// `update_mask` names are required, besides its name.
void CheckRequest(const google::protobuf::Message& request, Violations& violations);

// Stops at once when a declared pattern is not a valid RE2; called for each method at start.
absl::Status ValidateRules(const google::protobuf::Descriptor& type);

}  // namespace kam::rpc
