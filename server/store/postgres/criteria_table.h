#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/criteria_table.h"
#include "store/postgres/session.h"

namespace kam::store::postgres {

// Written in scorecard_rows.cc, lifetime_model_rows.cc, evaluation_rows.cc, assessment_rows.cc and
// assessment_lists.cc.
class PostgresCriteriaTable final : public CriteriaTable {
 public:
  explicit PostgresCriteriaTable(Session& session) : session_(session) {}

  absl::Status InsertScorecard(const domain::Scorecard& scorecard) override;
  absl::StatusOr<domain::Scorecard> GetScorecard(absl::string_view id) override;
  absl::StatusOr<domain::Scorecard> GetScorecardForUpdate(absl::string_view id) override;
  absl::Status UpdateScorecard(const domain::Scorecard& scorecard) override;
  absl::StatusOr<domain::Page<domain::Scorecard>> ListScorecards(
      const domain::PageRequest& page) override;
  absl::Status InsertRevision(const domain::ScorecardRevision& revision) override;
  absl::StatusOr<domain::ScorecardRevision> GetRevision(absl::string_view scorecard_id,
                                                        int32_t number) override;
  absl::StatusOr<domain::Page<domain::ScorecardRevision>> ListRevisions(
      absl::string_view scorecard_id, const domain::PageRequest& page) override;

  absl::StatusOr<int32_t> InsertModel(const domain::LifetimeModel& model) override;
  absl::Status UpdateModel(const domain::LifetimeModel& model) override;
  absl::StatusOr<domain::LifetimeModel> GetModel(int32_t number) override;
  absl::StatusOr<std::optional<domain::LifetimeModel>> NewestModel() override;
  absl::StatusOr<domain::Page<domain::LifetimeModel>> ListModels(
      const domain::PageRequest& page) override;

  absl::Status InsertEvaluation(const domain::Evaluation& evaluation) override;
  absl::Status UpdateEvaluation(const domain::Evaluation& evaluation) override;
  absl::StatusOr<domain::Evaluation> GetEvaluation(absl::string_view id) override;
  absl::StatusOr<std::optional<domain::Evaluation>> NewestEvaluation(
      absl::string_view scorecard_id) override;
  absl::StatusOr<domain::Page<domain::Evaluation>> ListEvaluations(
      const domain::PageRequest& page) override;

  absl::Status InsertAssessments(absl::Span<const domain::StoredAssessment> rows) override;
  absl::Status DeleteAssessments(absl::string_view evaluation_id) override;
  absl::StatusOr<domain::StoredAssessment> GetAssessment(absl::string_view account_id,
                                                         absl::string_view evaluation_id) override;
  absl::StatusOr<std::optional<domain::StoredAssessment>> NewestAssessment(
      absl::string_view account_id) override;
  absl::StatusOr<domain::Page<domain::StoredAssessment>> ListByAccount(
      absl::string_view account_id, absl::Span<const domain::Tier> tiers,
      const domain::PageRequest& page) override;
  absl::StatusOr<domain::Page<domain::StoredAssessment>> ListByEvaluation(
      absl::string_view evaluation_id, absl::Span<const domain::Tier> tiers,
      const domain::PageRequest& page) override;
  absl::Status ReadAssessments(
      absl::string_view evaluation_id,
      absl::FunctionRef<absl::Status(domain::StoredAssessment)> visit) override;
  absl::StatusOr<absl::flat_hash_map<std::string, domain::Tier>> ReadTiers(
      absl::string_view scorecard_id, absl::string_view before_evaluation_id) override;
  absl::StatusOr<domain::Tier> ReadTier(absl::string_view scorecard_id,
                                        absl::string_view account_id, absl::Time until) override;

 private:
  Session& session_;
};

}  // namespace kam::store::postgres
