#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Why an evaluation or a fit is refused; all FAILED_PRECONDITION.
namespace kam {

absl::Status NotPublished(absl::string_view scorecard_id);
// `why` is for people; so many customers there are.
absl::Status NotEnoughData(int64_t customers, absl::string_view why);

}  // namespace kam
