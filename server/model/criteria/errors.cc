#include "model/criteria/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "model/criteria/names.h"
#include "model/error.h"

namespace kam {

absl::Status NotPublished(absl::string_view scorecard_id) {
  const std::string name = ScorecardName{std::string(scorecard_id)}.ToString();
  ErrorDetails details{.reason = ErrorReason::kNotPublished, .metadata = {{"resource", name}}};
  details.resource = name;
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(name, " has no published revision"), details);
}

absl::Status NotEnoughData(int64_t customers, absl::string_view why) {
  return MakeError(absl::StatusCode::kFailedPrecondition, why,
                   {.reason = ErrorReason::kNotEnoughData,
                    .metadata = {{"customers", absl::StrCat(customers)}}});
}

}  // namespace kam
