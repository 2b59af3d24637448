#include "model/error.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace kam {
namespace {

constexpr absl::string_view kPayloadUrl = "type.googleapis.com/kam.stored.v1.ErrorDetails";
// How the payload begins: the tag of the reason. (C++ writes fields in the order of their numbers.)
constexpr char kReasonTag = stored::v1::ErrorDetails::kReasonFieldNumber << 3;

// The length of the UTF-8 character that `text` begins with; 0 when it is none, or a NUL.
size_t CharacterLength(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return lead == 0 ? 0 : 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, halves of surrogate pairs, and beyond U+10FFFF.
  if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) ||
      (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F)) {
    return 0;
  }
  return length;
}

// A message of proto3 holds UTF-8 only, and jsonb no NUL.
std::string Clean(absl::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    if (length == 0) {
      clean += '?';
    } else {
      clean.append(text.data(), length);
    }
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return clean;
}

stored::v1::ErrorDetails ToMessage(const ErrorDetails& details) {
  stored::v1::ErrorDetails message;
  message.set_reason(static_cast<int32_t>(details.reason));
  for (const auto& [key, value] : details.metadata) {
    auto* added = message.add_metadata();
    added->set_key(Clean(key));
    added->set_value(Clean(value));
  }
  for (const FieldViolation& violation : details.fields) {
    auto* added = message.add_fields();
    added->set_field(Clean(violation.field));
    added->set_description(Clean(violation.description));
  }
  for (const PreconditionViolation& violation : details.preconditions) {
    auto* added = message.add_preconditions();
    added->set_type(Clean(violation.type));
    added->set_subject(Clean(violation.subject));
    added->set_description(Clean(violation.description));
  }
  message.set_resource(Clean(details.resource));
  if (details.retry_after) {
    const int64_t nanos = absl::ToInt64Nanoseconds(*details.retry_after);
    message.mutable_retry_after()->set_seconds(nanos / 1'000'000'000);
    message.mutable_retry_after()->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
  }
  return message;
}

absl::Status ResourceError(absl::StatusCode code, ErrorReason reason, absl::string_view resource,
                           absl::string_view message) {
  ErrorDetails details{.reason = reason, .metadata = {{"resource", std::string(resource)}}};
  details.resource = std::string(resource);
  return MakeError(code, message, details);
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorDetails& details) {
  return WithDetails(code, message, ToMessage(details));
}

absl::Status WithDetails(absl::StatusCode code, absl::string_view message,
                         const stored::v1::ErrorDetails& details) {
  absl::Status status(code, message);
  status.SetPayload(kPayloadUrl, absl::Cord(details.SerializeAsString()));
  return status;
}

std::optional<stored::v1::ErrorDetails> StoredDetails(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  stored::v1::ErrorDetails details;
  if (!payload || !details.ParseFromString(std::string(*payload))) return std::nullopt;
  return details;
}

stored::v1::Status ToStored(const absl::Status& status) {
  stored::v1::Status stored;
  stored.set_code(status.raw_code());
  stored.set_message(Clean(status.message()));
  if (auto details = StoredDetails(status)) *stored.mutable_details() = *std::move(details);
  return stored;
}

absl::Status FromStored(const stored::v1::Status& stored) {
  const auto code = static_cast<absl::StatusCode>(stored.code());
  if (!stored.has_details()) return absl::Status(code, stored.message());
  return WithDetails(code, stored.message(), stored.details());
}

std::optional<ErrorDetails> GetErrorDetails(const absl::Status& status) {
  const std::optional<stored::v1::ErrorDetails> message = StoredDetails(status);
  if (!message) return std::nullopt;
  ErrorDetails details{.reason = static_cast<ErrorReason>(message->reason())};
  for (const auto& pair : message->metadata()) {
    details.metadata.emplace_back(pair.key(), pair.value());
  }
  for (const auto& violation : message->fields()) {
    details.fields.push_back({violation.field(), violation.description()});
  }
  for (const auto& violation : message->preconditions()) {
    details.preconditions.push_back(
        {violation.type(), violation.subject(), violation.description()});
  }
  details.resource = message->resource();
  if (message->has_retry_after()) {
    details.retry_after = absl::Seconds(message->retry_after().seconds()) +
                          absl::Nanoseconds(message->retry_after().nanos());
  }
  return details;
}

bool HasReason(const absl::Status& status, ErrorReason reason) {
  if (status.ok()) return false;
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload || payload->size() < 2) return false;
  auto byte = payload->char_begin();
  if (*byte != kReasonTag) return false;
  uint32_t number = 0;
  for (int shift = 0; shift < 32; shift += 7) {
    if (++byte == payload->char_end()) return false;
    const auto bits = static_cast<unsigned char>(*byte);
    number |= static_cast<uint32_t>(bits & 0x7F) << shift;
    if (bits < 0x80) break;
  }
  return number == static_cast<uint32_t>(reason);
}

absl::Status NotFound(absl::string_view resource) {
  return ResourceError(absl::StatusCode::kNotFound, ErrorReason::kResourceNotFound, resource,
                       absl::StrCat(resource, " does not exist"));
}

absl::Status AlreadyExists(absl::string_view resource) {
  return ResourceError(absl::StatusCode::kAlreadyExists, ErrorReason::kResourceAlreadyExists,
                       resource, absl::StrCat(resource, " exists already"));
}

absl::Status EtagMismatch(absl::string_view resource, absl::string_view current_etag) {
  ErrorDetails details{
      .reason = ErrorReason::kEtagMismatch,
      .metadata = {{"resource", std::string(resource)}, {"etag", std::string(current_etag)}}};
  details.resource = std::string(resource);
  return MakeError(absl::StatusCode::kAborted,
                   absl::StrCat(resource, " has changed since it was read: read it again"),
                   details);
}

absl::Status Deleted(absl::string_view resource) {
  return ResourceError(absl::StatusCode::kFailedPrecondition, ErrorReason::kResourceDeleted,
                       resource, absl::StrCat(resource, " is deleted"));
}

absl::Status WrongState(absl::string_view resource, absl::string_view state,
                        absl::string_view wanted) {
  ErrorDetails details{.reason = ErrorReason::kWrongState,
                       .metadata = {{"resource", std::string(resource)},
                                    {"state", std::string(state)},
                                    {"wanted", std::string(wanted)}}};
  details.resource = std::string(resource);
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(resource, " is ", state, ", not ", wanted), details);
}

absl::Status InvalidFields(std::vector<FieldViolation> violations) {
  std::string message = violations.empty()
                            ? "invalid request"
                            : absl::StrCat(violations[0].field, ": ", violations[0].description);
  if (violations.size() > 1) {
    absl::StrAppend(&message, " (and ", violations.size() - 1, " more)");
  }
  ErrorDetails details{.reason = ErrorReason::kInvalidFields};
  details.fields = std::move(violations);
  return MakeError(absl::StatusCode::kInvalidArgument, message, details);
}

absl::Status InvalidField(absl::string_view field, absl::string_view description) {
  return InvalidFields({{std::string(field), std::string(description)}});
}

absl::Status InvalidPageToken() {
  ErrorDetails details{.reason = ErrorReason::kInvalidPageToken};
  details.fields = {{"page_token", "was not made by this method for these parameters"}};
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "page_token was not made by this method for these parameters", details);
}

absl::Status Cancelled(absl::string_view why) {
  return MakeError(absl::StatusCode::kCancelled, why, {.reason = ErrorReason::kCancelled});
}

absl::Status Internal(absl::string_view what) {
  return MakeError(absl::StatusCode::kInternal, what, {.reason = ErrorReason::kInternal});
}

}  // namespace kam
