#include "model/history/errors.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "model/error.h"

namespace kam {

absl::Status FactDiffers(absl::string_view resource, int32_t version) {
  ErrorDetails details{
      .reason = ErrorReason::kFactDiffers,
      .metadata = {{"resource", std::string(resource)}, {"version", absl::StrCat(version)}}};
  details.resource = std::string(resource);
  return MakeError(
      absl::StatusCode::kAlreadyExists,
      absl::StrCat(resource, " is recorded with other content: set `correct` to ", "replace it"),
      details);
}

absl::Status CurrencyMismatch(absl::string_view field, absl::string_view expected,
                              absl::string_view actual) {
  ErrorDetails details{
      .reason = ErrorReason::kCurrencyMismatch,
      .metadata = {{"expected", std::string(expected)}, {"actual", std::string(actual)}}};
  const std::string path = absl::StrCat(field, ".currency_code");
  const std::string description =
      absl::StrCat("must be in the account's currency ", expected, ", is in ", actual);
  details.fields = {{path, description}};
  return MakeError(absl::StatusCode::kInvalidArgument, absl::StrCat(path, ": ", description),
                   details);
}

absl::Status AmountOverflow(absl::string_view account) {
  return MakeError(absl::StatusCode::kOutOfRange,
                   absl::StrCat("the amounts of a day of ", account, " become too large to keep"),
                   {.reason = ErrorReason::kAmountOverflow});
}

absl::Status AccountBusy(absl::string_view account) {
  return MakeError(absl::StatusCode::kAborted,
                   absl::StrCat(account, " is being changed by another call"),
                   {.reason = ErrorReason::kConflict, .retry_after = absl::Milliseconds(100)});
}

}  // namespace kam
