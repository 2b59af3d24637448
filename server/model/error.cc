#include "model/error.h"

#include <charconv>
#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace kam {
namespace {

constexpr absl::string_view kPayloadUrl = "kam/domain.ErrorDetails";

// The payload is a list of length-prefixed strings; it never leaves the process.
void Append(std::string& out, absl::string_view text) {
  absl::StrAppend(&out, text.size(), ":", text);
}

void AppendCount(std::string& out, size_t count) { Append(out, absl::StrCat(count)); }

class Reader {
 public:
  explicit Reader(absl::string_view in) : in_(in) {}

  std::string Text() {
    size_t size = 0;
    auto [end, error] = std::from_chars(in_.data(), in_.data() + in_.size(), size);
    in_.remove_prefix(end - in_.data() + 1);
    std::string text(in_.substr(0, size));
    in_.remove_prefix(size);
    return text;
  }

  int64_t Number() {
    int64_t value = 0;
    const std::string text = Text();
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

 private:
  absl::string_view in_;
};

std::string Encode(const ErrorDetails& details) {
  std::string out;
  AppendCount(out, static_cast<size_t>(details.reason));
  AppendCount(out, details.metadata.size());
  for (const auto& [key, value] : details.metadata) {
    Append(out, key);
    Append(out, value);
  }
  AppendCount(out, details.fields.size());
  for (const FieldViolation& violation : details.fields) {
    Append(out, violation.field);
    Append(out, violation.description);
  }
  AppendCount(out, details.preconditions.size());
  for (const PreconditionViolation& violation : details.preconditions) {
    Append(out, violation.type);
    Append(out, violation.subject);
    Append(out, violation.description);
  }
  Append(out, details.resource);
  Append(out, details.retry_after ? absl::StrCat(absl::ToInt64Microseconds(*details.retry_after))
                                  : "-1");
  return out;
}

ErrorDetails Decode(absl::string_view in) {
  Reader reader(in);
  ErrorDetails details;
  details.reason = static_cast<ErrorReason>(reader.Number());
  for (int64_t n = reader.Number(); n > 0; --n) {
    std::string key = reader.Text();
    details.metadata.emplace_back(std::move(key), reader.Text());
  }
  for (int64_t n = reader.Number(); n > 0; --n) {
    std::string field = reader.Text();
    details.fields.push_back({std::move(field), reader.Text()});
  }
  for (int64_t n = reader.Number(); n > 0; --n) {
    std::string type = reader.Text();
    std::string subject = reader.Text();
    details.preconditions.push_back({std::move(type), std::move(subject), reader.Text()});
  }
  details.resource = reader.Text();
  if (const int64_t micros = reader.Number(); micros >= 0) {
    details.retry_after = absl::Microseconds(micros);
  }
  return details;
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
  absl::Status status(code, message);
  status.SetPayload(kPayloadUrl, absl::Cord(Encode(details)));
  return status;
}

std::optional<ErrorDetails> GetErrorDetails(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl);
  if (!payload) return std::nullopt;
  return Decode(std::string(*payload));
}

bool HasReason(const absl::Status& status, ErrorReason reason) {
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  return details && details->reason == reason;
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
