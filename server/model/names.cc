#include "model/names.h"

#include <charconv>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "model/resource_name.h"

namespace kam {

std::string OperationName(absl::string_view operation) {
  return absl::StrCat("operations/", operation);
}

std::vector<std::string> IdsOf(absl::string_view name) {
  std::vector<std::string> ids;
  if (name.empty()) return ids;
  const std::vector<absl::string_view> segments = absl::StrSplit(name, '/');
  for (size_t i = 1; i < segments.size(); i += 2) {
    ids.emplace_back(segments[i]);
  }
  return ids;
}

std::string LastId(absl::string_view name) {
  std::vector<std::string> ids = IdsOf(name);
  return ids.empty() ? "" : std::move(ids.back());
}

int32_t LastNumber(absl::string_view name) {
  const std::string id = LastId(name);
  int32_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  return error == std::errc() && end == id.data() + id.size() ? number : 0;
}

}  // namespace kam
