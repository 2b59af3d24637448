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
#include "model/criteria/evaluation.h"
#include "model/criteria/scorecard.h"
#include "model/page.h"

namespace kam::store {

// Scorecards, lifetime models, evaluations and assessments. Part of a Transaction.
class CriteriaTable {
 public:
  virtual ~CriteriaTable() = default;

  // Scorecards. ALREADY_EXISTS / NOT_FOUND; GetScorecardForUpdate locks the draft.
  virtual absl::Status InsertScorecard(const Scorecard& scorecard) = 0;
  virtual absl::StatusOr<Scorecard> GetScorecard(absl::string_view id) = 0;
  virtual absl::StatusOr<Scorecard> GetScorecardForUpdate(absl::string_view id) = 0;
  virtual absl::Status UpdateScorecard(const Scorecard& scorecard) = 0;
  virtual absl::StatusOr<Page<Scorecard>> ListScorecards(const PageRequest& page) = 0;
  virtual absl::Status InsertRevision(const ScorecardRevision& revision) = 0;
  virtual absl::StatusOr<ScorecardRevision> GetRevision(absl::string_view scorecard_id,
                                                        int32_t number) = 0;
  // Newest first.
  virtual absl::StatusOr<Page<ScorecardRevision>> ListRevisions(absl::string_view scorecard_id,
                                                                const PageRequest& page) = 0;

  // Lifetime models. InsertModel gives the number.
  virtual absl::StatusOr<int32_t> InsertModel(const LifetimeModel& model) = 0;
  virtual absl::Status UpdateModel(const LifetimeModel& model) = 0;
  virtual absl::StatusOr<LifetimeModel> GetModel(int32_t number) = 0;
  // The newest one that succeeded and converged, if any.
  virtual absl::StatusOr<std::optional<LifetimeModel>> NewestModel() = 0;
  virtual absl::StatusOr<Page<LifetimeModel>> ListModels(const PageRequest& page) = 0;

  // Evaluations.
  virtual absl::Status InsertEvaluation(const Evaluation& evaluation) = 0;
  virtual absl::Status UpdateEvaluation(const Evaluation& evaluation) = 0;
  virtual absl::StatusOr<Evaluation> GetEvaluation(absl::string_view id) = 0;
  // The newest one that succeeded (of one scorecard, unless empty), by end time, if any.
  virtual absl::StatusOr<std::optional<Evaluation>> NewestEvaluation(
      absl::string_view scorecard_id) = 0;
  virtual absl::StatusOr<Page<Evaluation>> ListEvaluations(const PageRequest& page) = 0;

  // Assessments. Those of a run that did not succeed are invisible to all but ReadTiers' caller.
  // InsertAssessments replaces rows of the same (account, evaluation).
  virtual absl::Status InsertAssessments(absl::Span<const StoredAssessment> rows) = 0;
  // Removes all of a run.
  virtual absl::Status DeleteAssessments(absl::string_view evaluation_id) = 0;
  // NOT_FOUND.
  virtual absl::StatusOr<StoredAssessment> GetAssessment(absl::string_view account_id,
                                                         absl::string_view evaluation_id) = 0;
  // The newest of an account, by the end of its run, if any.
  virtual absl::StatusOr<std::optional<StoredAssessment>> NewestAssessment(
      absl::string_view account_id) = 0;
  // Of one account, newest first.
  virtual absl::StatusOr<Page<StoredAssessment>> ListByAccount(absl::string_view account_id,
                                                               absl::Span<const Tier> tiers,
                                                               const PageRequest& page) = 0;
  // Of one run, best rank first.
  virtual absl::StatusOr<Page<StoredAssessment>> ListByEvaluation(absl::string_view evaluation_id,
                                                                  absl::Span<const Tier> tiers,
                                                                  const PageRequest& page) = 0;
  // All of one run, in the order of account ids, without measurements.
  virtual absl::Status ReadAssessments(absl::string_view evaluation_id,
                                       absl::FunctionRef<absl::Status(StoredAssessment)> visit) = 0;
  // The tier of every account in the newest run that succeeded for this scorecard and ended before
  // `evaluation_id` was asked for: what hysteresis starts from.
  virtual absl::StatusOr<absl::flat_hash_map<std::string, Tier>> ReadTiers(
      absl::string_view scorecard_id, absl::string_view before_evaluation_id) = 0;
  // The tier of one account in the newest run that succeeded for this scorecard and ended at
  // `until` or before; kNone when there is no run or it did not find the account.
  virtual absl::StatusOr<Tier> ReadTier(absl::string_view scorecard_id,
                                        absl::string_view account_id, absl::Time until) = 0;
};

}  // namespace kam::store
