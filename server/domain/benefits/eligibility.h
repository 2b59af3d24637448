#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "model/benefits/benefit.h"
#include "model/criteria/evaluation.h"
#include "model/error.h"

namespace kam::domain {

// Whether an assessed account may have a benefit.
bool IsEligible(const Eligibility& eligibility, const StoredAssessment& assessment);

// What an account lacks, in the order of the fields of Eligibility; nothing when it may have the
// benefit. `assessment` is its newest one, or null. Types:
//   ASSESSMENT    the account was never evaluated but a condition is set (subject: the account)
//   TIER, PARETO_CLASS, SCORE                        (subject: the assessment)
//   CRITERION     one each that is not met           (subject: the criterion's id)
std::vector<PreconditionViolation> LackingFor(const Eligibility& eligibility,
                                              absl::string_view account_id,
                                              const StoredAssessment* assessment);

}  // namespace kam::domain
