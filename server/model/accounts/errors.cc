#include "model/accounts/errors.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "model/accounts/names.h"
#include "model/error.h"

namespace kam {

absl::Status ExternalIdTaken(const ExternalId& external_id, absl::string_view holder_id) {
  const std::string holder = AccountName{std::string(holder_id)}.ToString();
  ErrorDetails details{
      .reason = ErrorReason::kExternalIdTaken,
      .metadata = {{"system", external_id.system}, {"id", external_id.id}, {"resource", holder}}};
  details.resource = holder;
  return MakeError(
      absl::StatusCode::kAlreadyExists,
      absl::StrCat("the id '", external_id.id, "' in ", external_id.system, " belongs to ", holder),
      details);
}

absl::Status ExternalIdNotFound(const ExternalId& external_id) {
  return MakeError(
      absl::StatusCode::kNotFound,
      absl::StrCat("no account has the id '", external_id.id, "' in ", external_id.system),
      {.reason = ErrorReason::kResourceNotFound,
       .metadata = {{"system", external_id.system}, {"id", external_id.id}}});
}

}  // namespace kam
