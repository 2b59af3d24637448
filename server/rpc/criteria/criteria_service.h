#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "domain/criteria/criteria_settings.h"
#include "google/longrunning/operations.pb.h"
#include "kam/v1/criteria_service.pb.h"
#include "rpc/pipeline/call.h"
#include "store/store.h"

namespace kam::rpc {

// kam.v1.CriteriaService. Thread-safe.
class CriteriaService {
 public:
  explicit CriteriaService(domain::CriteriaSettings settings) : settings_(std::move(settings)) {}

  const v1::ListMetricsResponse& ListMetrics(const Call& call,
                                             const v1::ListMetricsRequest& request);

  absl::StatusOr<v1::Scorecard> CreateScorecard(const Call& call, store::Transaction& tx,
                                                const v1::CreateScorecardRequest& request);
  absl::StatusOr<v1::Scorecard> GetScorecard(const Call& call, store::Snapshot& tx,
                                             const v1::GetScorecardRequest& request);
  absl::StatusOr<v1::ListScorecardsResponse> ListScorecards(
      const Call& call, store::Snapshot& tx, const v1::ListScorecardsRequest& request);
  absl::StatusOr<v1::Scorecard> UpdateScorecard(const Call& call, store::Transaction& tx,
                                                const v1::UpdateScorecardRequest& request);
  absl::StatusOr<v1::ScorecardRevision> PublishScorecard(
      const Call& call, store::Transaction& tx, const v1::PublishScorecardRequest& request);
  absl::StatusOr<v1::ScorecardRevision> GetScorecardRevision(
      const Call& call, store::Snapshot& tx, const v1::GetScorecardRevisionRequest& request);
  absl::StatusOr<v1::ListScorecardRevisionsResponse> ListScorecardRevisions(
      const Call& call, store::Snapshot& tx, const v1::ListScorecardRevisionsRequest& request);

  absl::StatusOr<v1::Assessment> EvaluateAccount(const Call& call, store::Snapshot& tx,
                                                 const v1::EvaluateAccountRequest& request);
  absl::StatusOr<google::longrunning::Operation> EvaluatePortfolio(
      const Call& call, store::Transaction& tx, const v1::EvaluatePortfolioRequest& request);
  absl::StatusOr<v1::Evaluation> GetEvaluation(const Call& call, store::Snapshot& tx,
                                               const v1::GetEvaluationRequest& request);
  absl::StatusOr<v1::ListEvaluationsResponse> ListEvaluations(
      const Call& call, store::Snapshot& tx, const v1::ListEvaluationsRequest& request);
  absl::StatusOr<v1::Assessment> GetAssessment(const Call& call, store::Snapshot& tx,
                                               const v1::GetAssessmentRequest& request);
  absl::StatusOr<v1::ListAssessmentsResponse> ListAssessments(
      const Call& call, store::Snapshot& tx, const v1::ListAssessmentsRequest& request);

  absl::StatusOr<google::longrunning::Operation> FitLifetimeModel(
      const Call& call, store::Transaction& tx, const v1::FitLifetimeModelRequest& request);
  absl::StatusOr<v1::LifetimeModel> GetLifetimeModel(const Call& call, store::Snapshot& tx,
                                                     const v1::GetLifetimeModelRequest& request);
  absl::StatusOr<v1::ListLifetimeModelsResponse> ListLifetimeModels(
      const Call& call, store::Snapshot& tx, const v1::ListLifetimeModelsRequest& request);

 private:
  domain::CriteriaSettings settings_;
};

}  // namespace kam::rpc
