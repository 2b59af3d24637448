#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace kam::domain {

// The etag of a resource's version.
std::string EtagOf(int64_t version);

// OK when `etag` is empty or that of `version`, else ABORTED (kEtagMismatch).
absl::Status CheckEtag(std::string_view resource, std::string_view etag, int64_t version);

}  // namespace kam::domain
