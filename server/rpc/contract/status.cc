#include "rpc/contract/status.h"

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
std::string ReasonText(ErrorReason reason) {
  constexpr absl::string_view kPrefix = "ERROR_REASON_";
  const std::string& name = v1::ErrorReason_Name(static_cast<v1::ErrorReason>(reason));
  return name.substr(kPrefix.size());
}

google::rpc::Status Build(const absl::Status& status, const ErrorDetails& details, size_t listed) {
  google::rpc::Status wire;
  wire.set_code(status.raw_code());
  wire.set_message(std::string(status.message().substr(0, limits::kMaxErrorDetailBytes / 4)));

  google::rpc::ErrorInfo info;
  info.set_reason(ReasonText(details.reason));
  info.set_domain(kErrorDomain);
  for (const auto& [key, value] : details.metadata) (*info.mutable_metadata())[key] = value;
  const size_t all = details.fields.size() + details.preconditions.size();
  if (all > listed) (*info.mutable_metadata())["omitted"] = absl::StrCat(all - listed);
  wire.add_details()->PackFrom(info);

  google::rpc::BadRequest bad_request;
  for (const FieldViolation& violation : details.fields) {
    if (static_cast<size_t>(bad_request.field_violations_size()) == listed) break;
    auto* added = bad_request.add_field_violations();
    added->set_field(violation.field);
    added->set_description(violation.description);
  }
  if (bad_request.field_violations_size() > 0) wire.add_details()->PackFrom(bad_request);

  google::rpc::PreconditionFailure failure;
  for (const PreconditionViolation& violation : details.preconditions) {
    if (static_cast<size_t>(failure.violations_size()) == listed) break;
    auto* added = failure.add_violations();
    added->set_type(violation.type);
    added->set_subject(violation.subject);
    added->set_description(violation.description);
  }
  if (failure.violations_size() > 0) wire.add_details()->PackFrom(failure);

  if (!details.resource.empty()) {
    google::rpc::ResourceInfo resource;
    resource.set_resource_name(details.resource);
    wire.add_details()->PackFrom(resource);
  }
  if (details.retry_after) {
    google::rpc::RetryInfo retry;
    const int64_t nanos = absl::ToInt64Nanoseconds(*details.retry_after);
    retry.mutable_retry_delay()->set_seconds(nanos / 1'000'000'000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
    wire.add_details()->PackFrom(retry);
  }
  return wire;
}

// What a caller is told of a status that nobody gave details.
absl::Status Unexpected(absl::string_view log_id) {
  ErrorDetails details{.reason = ErrorReason::kInternal};
  if (!log_id.empty()) details.metadata = {{"request", std::string(log_id)}};
  return MakeError(absl::StatusCode::kInternal, "internal error; the server's log has the cause",
                   details);
}

google::rpc::Status Convert(const absl::Status& status, absl::string_view log_id) {
  if (status.ok()) return {};
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  if (!details || details->reason == ErrorReason::kInternal) {
    const absl::Status shown = Unexpected(log_id);
    return Build(shown, *GetErrorDetails(shown), 0);
  }
  size_t listed = details->fields.size() + details->preconditions.size();
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
