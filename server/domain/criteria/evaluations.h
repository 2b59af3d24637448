#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "domain/criteria/criteria_settings.h"
#include "model/criteria/evaluation.h"
#include "model/criteria/scorecard.h"
#include "model/operations/operation.h"
#include "model/page.h"
#include "store/store.h"

namespace kam::domain {

// What to evaluate by.
struct EvaluationRequest {
  std::string scorecard_id;
  int32_t scorecard_revision = 0;  // 0: the newest one
  int32_t lifetime_model = 0;      // 0: the newest one, or none when there is none
  int32_t as_of_day = 0;
};

// Starts a run over the portfolio. NOT_FOUND; FAILED_PRECONDITION (kNotPublished, kWrongState for a
// model that is not fitted).
absl::StatusOr<Operation> StartEvaluation(store::Transaction& tx, const EvaluationRequest& request,
                                          const CriteriaSettings& settings,
                                          absl::string_view principal);

// Starts a fit of a lifetime model to the orders before `as_of_day`.
absl::StatusOr<Operation> StartLifetimeFit(store::Transaction& tx, PurchaseModelKind kind,
                                           int32_t as_of_day, absl::string_view principal);

// An assessment and what it was made by. `definition` is shared by those of one run.
struct Assessment {
  StoredAssessment result;  // without evaluation id and rank when it is not stored
  std::string scorecard_id;
  int32_t scorecard_revision = 0;
  int32_t lifetime_model = 0;
  int32_t as_of_day = 0;
  absl::Time known_at;
  std::shared_ptr<const ScorecardDefinition> definition;
};

// Evaluates one account among all, with what was known at `known_at` (or now), and stores nothing.
// The previous tier is that of the newest run that ended by then. NOT_FOUND; FAILED_PRECONDITION
// (kNotPublished, kResourceDeleted, kFxRateMissing, kWrongState).
absl::StatusOr<Assessment> EvaluateAccount(store::Snapshot& tx, absl::string_view account_id,
                                           const EvaluationRequest& request,
                                           std::optional<absl::Time> known_at,
                                           const CriteriaSettings& settings);

// What a finished run found of an account; `-` is the newest. NOT_FOUND.
absl::StatusOr<Assessment> FindAssessment(store::Snapshot& tx, absl::string_view account_id,
                                          absl::string_view evaluation_id);

// Which assessments to list; both ids may be empty.
struct AssessmentQuery {
  std::string account_id;     // empty: those of all accounts, of one run
  std::string evaluation_id;  // empty: all runs of the account, or the newest run of all accounts
  std::vector<Tier> tiers;    // empty: all
};

// One account's newest first; one run's best rank first. NOT_FOUND for an account that does not
// exist and for a run that does not or has not succeeded.
absl::StatusOr<Page<Assessment>> ListAssessments(store::Snapshot& tx, const AssessmentQuery& query,
                                                 const PageRequest& page);

}  // namespace kam::domain
