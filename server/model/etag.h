#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kam {

// The etag of a resource's version.
std::string EtagOf(int64_t version);

// OK when `etag` is empty or that of `version`, else ABORTED (kEtagMismatch).
absl::Status CheckEtag(absl::string_view resource, absl::string_view etag, int64_t version);

}  // namespace kam
