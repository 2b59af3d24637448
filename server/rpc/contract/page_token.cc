#include "rpc/contract/page_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "model/error.h"
#include "rpc/pipeline/digest.h"
#include "store/calls/page_secret.h"

namespace kam::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kSealBytes = 16;

const FieldDescriptor* Field(const Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

// HMAC-SHA-256 over the request's type, its parameters but for the page's own, and the key.
std::string SealOf(absl::string_view secret, const Message& request, absl::string_view key) {
  const std::unique_ptr<Message> parameters(request.New());
  parameters->CopyFrom(request);
  for (const char* field : {"page_token", "page_size"}) {
    parameters->GetReflection()->ClearField(parameters.get(), Field(request, field));
  }
  const std::string sealed = absl::StrCat(request.GetDescriptor()->full_name(), "\n", key.size(),
                                          "\n", key, DeterministicBytes(*parameters));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size(), digest.data(),
       nullptr);
  return std::string(reinterpret_cast<const char*>(digest.data()), kSealBytes);
}

}  // namespace

absl::Status PageTokens::Load(store::Snapshot& snapshot) {
  {
    absl::MutexLock lock(&mutex_);
    if (!secret_.empty()) return absl::OkStatus();
  }
  KAM_ASSIGN_OR_RETURN(std::string secret, store::PageSecret(snapshot));
  absl::MutexLock lock(&mutex_);
  secret_ = std::move(secret);
  return absl::OkStatus();
}

std::string PageTokens::Secret() const {
  absl::MutexLock lock(&mutex_);
  return secret_;
}

absl::Status PageTokens::Open(store::Snapshot& snapshot, Message& request) {
  KAM_RETURN_IF_ERROR(Load(snapshot));
  const FieldDescriptor* field = Field(request, "page_token");
  const std::string token = request.GetReflection()->GetString(request, field);
  if (token.empty()) return absl::OkStatus();
  std::string opened;
  if (!absl::WebSafeBase64Unescape(token, &opened) || opened.size() <= kSealBytes ||
      absl::WebSafeBase64Escape(opened) != token) {
    return InvalidPageToken();
  }
  const std::string key = opened.substr(kSealBytes);
  const std::string seal = SealOf(Secret(), request, key);
  if (CRYPTO_memcmp(seal.data(), opened.data(), kSealBytes) != 0) return InvalidPageToken();
  request.GetReflection()->SetString(&request, field, key);
  return absl::OkStatus();
}

void PageTokens::Seal(const Message& request, Message& response) const {
  const FieldDescriptor* field = Field(response, "next_page_token");
  if (field == nullptr) return;
  const std::string key = response.GetReflection()->GetString(response, field);
  if (key.empty()) return;
  response.GetReflection()->SetString(
      &response, field,
      absl::WebSafeBase64Escape(absl::StrCat(SealOf(Secret(), request, key), key)));
}

absl::StatusOr<PageRequest> ReadPage(const Message& request) {
  const google::protobuf::Reflection* reflection = request.GetReflection();
  PageRequest page;
  const int size = reflection->GetInt32(request, Field(request, "page_size"));
  page.size = size == 0 ? limits::kDefaultPageSize : std::min(size, limits::kMaxPageSize);
  page.after = reflection->GetString(request, Field(request, "page_token"));
  return page;
}

}  // namespace kam::rpc
