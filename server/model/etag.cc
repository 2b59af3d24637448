#include "model/etag.h"

#include "absl/strings/str_cat.h"
#include "model/error.h"

namespace kam {

std::string EtagOf(int64_t version) { return absl::StrCat("v", version); }

absl::Status CheckEtag(absl::string_view resource, absl::string_view etag, int64_t version) {
  if (etag.empty() || etag == EtagOf(version)) return absl::OkStatus();
  return EtagMismatch(resource, EtagOf(version));
}

}  // namespace kam
