#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/criteria/scorecard.h"

namespace kam::store {

// A scorecard's definition as it is stored: metrics by their ids, enumerations by their names.
std::string ScorecardJson(const ScorecardDefinition& definition);

// INTERNAL when `json` was not made by ScorecardJson.
absl::StatusOr<ScorecardDefinition> ScorecardFromJson(absl::string_view json);

}  // namespace kam::store
