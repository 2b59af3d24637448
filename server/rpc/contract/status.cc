#include "rpc/contract/status.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "google/rpc/error_details.pb.h"
#include "kam/v1/error_reason.pb.h"
#include "model/error.h"

namespace kam::rpc {
namespace {

constexpr char kErrorDomain[] = "kam.v1";

// `ERROR_REASON_ETAG_MISMATCH` → `ETAG_MISMATCH`, as ErrorInfo has it.
std::string ReasonText(int reason) {
  constexpr absl::string_view kPrefix = "ERROR_REASON_";
  const std::string& name = v1::ErrorReason_Name(static_cast<v1::ErrorReason>(reason));
  return name.substr(kPrefix.size());
}

// A message of at most a quarter of what all details may have, cut between characters.
std::string Cut(absl::string_view message) {
  size_t size = std::min(message.size(), limits::kMaxErrorDetailBytes / 4);
  while (size < message.size() && size > 0 && (message[size] & 0xc0) == 0x80) --size;
  return std::string(message.substr(0, size));
}

google::rpc::Status Build(const absl::Status& status, const stored::v1::ErrorDetails& details,
                          int listed) {
  google::rpc::Status wire;
  wire.set_code(status.raw_code());
  wire.set_message(Cut(status.message()));

  google::rpc::ErrorInfo info;
  info.set_reason(ReasonText(details.reason()));
  info.set_domain(kErrorDomain);
  for (const auto& pair : details.metadata()) {
    (*info.mutable_metadata())[pair.key()] = pair.value();
  }
  const int all = details.fields_size() + details.preconditions_size();
  if (all > listed) (*info.mutable_metadata())["omitted"] = absl::StrCat(all - listed);
  wire.add_details()->PackFrom(info);

  google::rpc::BadRequest bad_request;
  for (const auto& violation : details.fields()) {
    if (bad_request.field_violations_size() == listed) break;
    auto* added = bad_request.add_field_violations();
    added->set_field(violation.field());
    added->set_description(violation.description());
  }
  if (bad_request.field_violations_size() > 0) wire.add_details()->PackFrom(bad_request);

  google::rpc::PreconditionFailure failure;
  for (const auto& violation : details.preconditions()) {
    if (bad_request.field_violations_size() + failure.violations_size() == listed) break;
    auto* added = failure.add_violations();
    added->set_type(violation.type());
    added->set_subject(violation.subject());
    added->set_description(violation.description());
  }
  if (failure.violations_size() > 0) wire.add_details()->PackFrom(failure);

  if (!details.resource().empty()) {
    google::rpc::ResourceInfo resource;
    resource.set_resource_name(details.resource());
    wire.add_details()->PackFrom(resource);
  }
  if (details.has_retry_after()) {
    google::rpc::RetryInfo retry;
    *retry.mutable_retry_delay() = details.retry_after();
    wire.add_details()->PackFrom(retry);
  }
  return wire;
}

// What a caller is told of a status that nobody gave details.
google::rpc::Status Unexpected(absl::string_view log_id) {
  ErrorDetails details{.reason = ErrorReason::kInternal};
  if (!log_id.empty()) details.metadata = {{"request", std::string(log_id)}};
  const absl::Status shown = MakeError(absl::StatusCode::kInternal,
                                       "internal error; the server's log has the cause", details);
  return Build(shown, *StoredDetails(shown), 0);
}

// Whether a caller may see them: those of a defect, or of a server that knows reasons which this
// one does not, stay here.
bool Presentable(const std::optional<stored::v1::ErrorDetails>& details) {
  return details && v1::ErrorReason_IsValid(details->reason()) && details->reason() != 0 &&
         details->reason() != v1::ERROR_REASON_INTERNAL;
}

google::rpc::Status Convert(const absl::Status& status, absl::string_view log_id) {
  if (status.ok()) return {};
  const std::optional<stored::v1::ErrorDetails> details = StoredDetails(status);
  if (!Presentable(details)) return Unexpected(log_id);
  int listed = details->fields_size() + details->preconditions_size();
  google::rpc::Status wire = Build(status, *details, listed);
  while (wire.ByteSizeLong() > limits::kMaxErrorDetailBytes && listed > 0) {
    listed /= 2;
    wire = Build(status, *details, listed);
  }
  return wire;
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status) { return Convert(status, ""); }

grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view log_id) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status wire = Convert(status, log_id);
  return grpc::Status(static_cast<grpc::StatusCode>(wire.code()), wire.message(),
                      wire.SerializeAsString());
}

}  // namespace kam::rpc
