#include "rpc/contract/page_token.h"

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "google/protobuf/descriptor.h"
#include "model/error.h"
#include "rpc/pipeline/digest.h"

namespace kam::rpc {
namespace {

constexpr size_t kSealBytes = 12;

// Digest of the method's request type, its parameters but for the page's own, and the key.
std::string Seal(const google::protobuf::Message& request, absl::string_view next) {
  const std::unique_ptr<google::protobuf::Message> parameters(request.New());
  parameters->CopyFrom(request);
  const google::protobuf::Descriptor* type = request.GetDescriptor();
  for (const char* field : {"page_token", "page_size"}) {
    parameters->GetReflection()->ClearField(parameters.get(), type->FindFieldByName(field));
  }
  return Sha256(absl::StrCat(type->full_name(), "\n", next, "\n", DeterministicBytes(*parameters)))
      .substr(0, kSealBytes);
}

}  // namespace

absl::StatusOr<PageRequest> ReadPage(const google::protobuf::Message& request) {
  const google::protobuf::Descriptor* type = request.GetDescriptor();
  const google::protobuf::Reflection* reflection = request.GetReflection();
  PageRequest page;
  const int size = reflection->GetInt32(request, type->FindFieldByName("page_size"));
  page.size = size == 0 ? limits::kDefaultPageSize : std::min(size, limits::kMaxPageSize);
  const std::string token = reflection->GetString(request, type->FindFieldByName("page_token"));
  if (token.empty()) return page;
  std::string opened;
  if (!absl::WebSafeBase64Unescape(token, &opened) || opened.size() <= kSealBytes) {
    return InvalidPageToken();
  }
  page.after = opened.substr(kSealBytes);
  if (opened.substr(0, kSealBytes) != Seal(request, page.after)) return InvalidPageToken();
  return page;
}

std::string SealPage(const google::protobuf::Message& request, absl::string_view next) {
  if (next.empty()) return "";
  return absl::WebSafeBase64Escape(absl::StrCat(Seal(request, next), next));
}

}  // namespace kam::rpc
