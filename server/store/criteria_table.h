#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "domain/criteria/evaluation.h"
#include "domain/criteria/scorecard.h"
#include "domain/page.h"

namespace kam::store {

// Scorecards, lifetime models, evaluations and assessments. Part of a Transaction.
class CriteriaTable {
 public:
  virtual ~CriteriaTable() = default;

  // Scorecards. ALREADY_EXISTS / NOT_FOUND; GetScorecardForUpdate locks the draft.
  virtual absl::Status InsertScorecard(const domain::Scorecard& scorecard) = 0;
  virtual absl::StatusOr<domain::Scorecard> GetScorecard(absl::string_view id) = 0;
  virtual absl::StatusOr<domain::Scorecard> GetScorecardForUpdate(absl::string_view id) = 0;
  virtual absl::Status UpdateScorecard(const domain::Scorecard& scorecard) = 0;
  virtual absl::StatusOr<domain::Page<domain::Scorecard>> ListScorecards(
      const domain::PageRequest& page) = 0;
  virtual absl::Status InsertRevision(const domain::ScorecardRevision& revision) = 0;
  virtual absl::StatusOr<domain::ScorecardRevision> GetRevision(absl::string_view scorecard_id,
                                                                int32_t number) = 0;
  // Newest first.
  virtual absl::StatusOr<domain::Page<domain::ScorecardRevision>> ListRevisions(
      absl::string_view scorecard_id, const domain::PageRequest& page) = 0;

  // Lifetime models. InsertModel gives the number.
  virtual absl::StatusOr<int32_t> InsertModel(const domain::LifetimeModel& model) = 0;
  virtual absl::Status UpdateModel(const domain::LifetimeModel& model) = 0;
  virtual absl::StatusOr<domain::LifetimeModel> GetModel(int32_t number) = 0;
  // The newest one that succeeded and converged, if any.
  virtual absl::StatusOr<std::optional<domain::LifetimeModel>> NewestModel() = 0;
  virtual absl::StatusOr<domain::Page<domain::LifetimeModel>> ListModels(
      const domain::PageRequest& page) = 0;

  // Evaluations.
  virtual absl::Status InsertEvaluation(const domain::Evaluation& evaluation) = 0;
  virtual absl::Status UpdateEvaluation(const domain::Evaluation& evaluation) = 0;
  virtual absl::StatusOr<domain::Evaluation> GetEvaluation(absl::string_view id) = 0;
  // The newest one that succeeded (of one scorecard, unless empty), by end time, if any.
  virtual absl::StatusOr<std::optional<domain::Evaluation>> NewestEvaluation(
      absl::string_view scorecard_id) = 0;
  virtual absl::StatusOr<domain::Page<domain::Evaluation>> ListEvaluations(
      const domain::PageRequest& page) = 0;

  // Assessments. Those of a run that did not succeed are invisible to all but ReadTiers' caller.
  // InsertAssessments replaces rows of the same (account, evaluation).
  virtual absl::Status InsertAssessments(absl::Span<const domain::StoredAssessment> rows) = 0;
  // Removes all of a run.
  virtual absl::Status DeleteAssessments(absl::string_view evaluation_id) = 0;
  // NOT_FOUND.
  virtual absl::StatusOr<domain::StoredAssessment> GetAssessment(
      absl::string_view account_id, absl::string_view evaluation_id) = 0;
  // The newest of an account, by the end of its run, if any.
  virtual absl::StatusOr<std::optional<domain::StoredAssessment>> NewestAssessment(
      absl::string_view account_id) = 0;
  // Of one account, newest first.
  virtual absl::StatusOr<domain::Page<domain::StoredAssessment>> ListByAccount(
      absl::string_view account_id, absl::Span<const domain::Tier> tiers,
      const domain::PageRequest& page) = 0;
  // Of one run, best rank first.
  virtual absl::StatusOr<domain::Page<domain::StoredAssessment>> ListByEvaluation(
      absl::string_view evaluation_id, absl::Span<const domain::Tier> tiers,
      const domain::PageRequest& page) = 0;
  // All of one run, in the order of account ids, without measurements.
  virtual absl::Status ReadAssessments(
      absl::string_view evaluation_id,
      absl::FunctionRef<absl::Status(domain::StoredAssessment)> visit) = 0;
  // The tier of every account in the newest run that succeeded for this scorecard and ended before
  // `evaluation_id` was asked for: what hysteresis starts from.
  virtual absl::StatusOr<absl::flat_hash_map<std::string, domain::Tier>> ReadTiers(
      absl::string_view scorecard_id, absl::string_view before_evaluation_id) = 0;
  // The tier of one account in the newest run that succeeded for this scorecard and ended at
  // `until` or before; kNone when there is no run or it did not find the account.
  virtual absl::StatusOr<domain::Tier> ReadTier(absl::string_view scorecard_id,
                                                absl::string_view account_id, absl::Time until) = 0;
};

}  // namespace kam::store
