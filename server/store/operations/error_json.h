#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "model/error.h"

namespace kam::store {

// The details of an error as JSON text, as they are kept with a failed operation.
std::string ToJson(const ErrorDetails& details);

// What ToJson wrote; INTERNAL for anything else.
ErrorDetails ErrorDetailsFromJson(absl::string_view json);

}  // namespace kam::store
