#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/criteria/criteria_table.h"
#include "store/engine/session.h"

namespace kam::store {

// Written in scorecard_rows.cc, lifetime_model_rows.cc, evaluation_rows.cc, assessment_rows.cc and
// assessment_lists.cc.
class PostgresCriteriaTable final : public CriteriaTable {
 public:
  explicit PostgresCriteriaTable(Session& session) : session_(session) {}

  absl::Status InsertScorecard(const Scorecard& scorecard) override;
  absl::StatusOr<Scorecard> GetScorecard(absl::string_view id) override;
  absl::StatusOr<Scorecard> GetScorecardForUpdate(absl::string_view id) override;
  absl::Status UpdateScorecard(const Scorecard& scorecard) override;
  absl::StatusOr<Page<Scorecard>> ListScorecards(const PageRequest& page) override;
  absl::Status InsertRevision(const ScorecardRevision& revision) override;
  absl::StatusOr<ScorecardRevision> GetRevision(absl::string_view scorecard_id,
                                                int32_t number) override;
  absl::StatusOr<Page<ScorecardRevision>> ListRevisions(absl::string_view scorecard_id,
                                                        const PageRequest& page) override;

  absl::StatusOr<int32_t> InsertModel(const LifetimeModel& model) override;
  absl::Status UpdateModel(const LifetimeModel& model) override;
  absl::StatusOr<LifetimeModel> GetModel(int32_t number) override;
  absl::StatusOr<std::optional<LifetimeModel>> NewestModel() override;
  absl::StatusOr<Page<LifetimeModel>> ListModels(const PageRequest& page) override;

  absl::Status InsertEvaluation(const Evaluation& evaluation) override;
  absl::Status UpdateEvaluation(const Evaluation& evaluation) override;
  absl::StatusOr<Evaluation> GetEvaluation(absl::string_view id) override;
  absl::StatusOr<std::optional<Evaluation>> NewestEvaluation(
      absl::string_view scorecard_id) override;
  absl::StatusOr<Page<Evaluation>> ListEvaluations(const PageRequest& page) override;

  absl::Status InsertAssessments(absl::Span<const StoredAssessment> rows) override;
  absl::Status DeleteAssessments(absl::string_view evaluation_id) override;
  absl::StatusOr<StoredAssessment> GetAssessment(absl::string_view account_id,
                                                 absl::string_view evaluation_id) override;
  absl::StatusOr<std::optional<StoredAssessment>> NewestAssessment(
      absl::string_view account_id) override;
  absl::StatusOr<Page<StoredAssessment>> ListByAccount(absl::string_view account_id,
                                                       absl::Span<const Tier> tiers,
                                                       const PageRequest& page) override;
  absl::StatusOr<Page<StoredAssessment>> ListByEvaluation(absl::string_view evaluation_id,
                                                          absl::Span<const Tier> tiers,
                                                          const PageRequest& page) override;
  absl::Status ReadAssessments(absl::string_view evaluation_id,
                               absl::FunctionRef<absl::Status(StoredAssessment)> visit) override;
  absl::StatusOr<absl::flat_hash_map<std::string, Tier>> ReadTiers(
      absl::string_view scorecard_id, absl::string_view before_evaluation_id) override;
  absl::StatusOr<Tier> ReadTier(absl::string_view scorecard_id, absl::string_view account_id,
                                absl::Time until) override;

 private:
  Session& session_;
};

}  // namespace kam::store
