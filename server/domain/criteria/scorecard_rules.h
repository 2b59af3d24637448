#pragma once

#include <cstdint>
#include <vector>
#include "absl/strings/string_view.h"

#include "model/criteria/scorecard.h"
#include "model/error.h"

namespace kam::domain {

inline constexpr int kMaxRequirementDepth = 8;

// Says what a definition leaves to be understood: the metric's default window of a rule that names
// none, what missing evidence means, no requirement for an empty one.
void ResolveDefaults(ScorecardDefinition& definition);

// Everything that is wrong with a definition whose defaults are resolved, with paths that begin
// with `path`: `scorecard.definition.criteria[2].metrics[0].curve[1].value`.
std::vector<FieldViolation> CheckDefinition(const ScorecardDefinition& definition,
                                            absl::string_view path);

}  // namespace kam::domain
