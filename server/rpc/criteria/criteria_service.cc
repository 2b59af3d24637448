#include "rpc/criteria/criteria_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/status_macros.h"
#include "domain/criteria/default_scorecard.h"
#include "domain/criteria/evaluations.h"
#include "domain/criteria/scorecard_rules.h"
#include "domain/criteria/scorecards.h"
#include "model/history/account_history.h"
#include "model/names.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/page_token.h"
#include "rpc/criteria/evaluation_convert.h"
#include "rpc/criteria/scorecard_convert.h"
#include "rpc/operations/operation_convert.h"

namespace kam::rpc {
namespace {

// The UTC day to evaluate at: that of `as_of`, or today.
template <typename Request>
int32_t AsOfDay(const Call& call, const Request& request) {
  return DayOf(request.has_as_of() ? FromProto(request.as_of()) : call.now);
}

// What EvaluateAccount and EvaluatePortfolio are asked for alike.
template <typename Request>
domain::EvaluationRequest EvaluationRequestFrom(const Call& call, const Request& request) {
  domain::EvaluationRequest wanted{.scorecard_id = std::string(domain::kDefaultScorecardId),
                                   .lifetime_model = LastNumber(request.lifetime_model()),
                                   .as_of_day = AsOfDay(call, request)};
  const std::vector<std::string> ids = IdsOf(request.scorecard());
  if (!ids.empty()) wanted.scorecard_id = ids[0];
  if (ids.size() > 1) wanted.scorecard_revision = LastNumber(request.scorecard());
  return wanted;
}

bool Changes(const std::vector<std::string>& paths, absl::string_view field) {
  return std::find(paths.begin(), paths.end(), field) != paths.end();
}

}  // namespace

v1::ListMetricsResponse CriteriaService::ListMetrics(const v1::ListMetricsRequest&) const {
  v1::ListMetricsResponse response;
  for (const MetricDescription& metric : MetricCatalogue()) {
    *response.add_metrics() = ToProto(metric);
  }
  return response;
}

absl::StatusOr<v1::Scorecard> CriteriaService::CreateScorecard(
    const Call& call, store::Transaction& tx, const v1::CreateScorecardRequest& request) {
  Scorecard scorecard{.id = request.scorecard_id(),
                      .display_name = request.scorecard().display_name(),
                      .definition = FromProto(request.scorecard().definition())};
  KAM_ASSIGN_OR_RETURN(const Scorecard created,
                       domain::CreateScorecard(tx, std::move(scorecard), call.now));
  return ToProto(created);
}

absl::StatusOr<v1::Scorecard> CriteriaService::GetScorecard(
    const Call&, store::Snapshot& tx, const v1::GetScorecardRequest& request) {
  KAM_ASSIGN_OR_RETURN(const Scorecard scorecard,
                       tx.criteria().GetScorecard(LastId(request.name())));
  return ToProto(scorecard);
}

absl::StatusOr<v1::ListScorecardsResponse> CriteriaService::ListScorecards(
    const Call&, store::Snapshot& tx, const v1::ListScorecardsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const auto found, tx.criteria().ListScorecards(page));
  v1::ListScorecardsResponse response;
  for (const Scorecard& item : found.items) *response.add_scorecards() = ToProto(item);
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

absl::StatusOr<v1::Scorecard> CriteriaService::UpdateScorecard(
    const Call& call, store::Transaction& tx, const v1::UpdateScorecardRequest& request) {
  const v1::Scorecard& scorecard = request.scorecard();
  Violations violations;
  const std::vector<std::string> paths =
      UpdatePaths(request.update_mask(), scorecard, {"display_name", "definition"}, violations);
  domain::ScorecardChange change;
  if (Changes(paths, "display_name")) change.display_name = scorecard.display_name();
  if (Changes(paths, "definition")) {
    change.definition = FromProto(scorecard.definition());
    domain::ResolveWindows(*change.definition);
    for (const FieldViolation& found :
         domain::CheckDefinition(*change.definition, "scorecard.definition")) {
      violations.Add(found.field, found.description);
    }
  }
  KAM_RETURN_IF_ERROR(violations.ToStatus());
  KAM_ASSIGN_OR_RETURN(const Scorecard updated,
                       domain::UpdateScorecard(tx, LastId(scorecard.name()), std::move(change),
                                               scorecard.etag(), call.now));
  return ToProto(updated);
}

absl::StatusOr<v1::ScorecardRevision> CriteriaService::PublishScorecard(
    const Call& call, store::Transaction& tx, const v1::PublishScorecardRequest& request) {
  KAM_ASSIGN_OR_RETURN(
      const ScorecardRevision revision,
      domain::PublishScorecard(tx, LastId(request.name()), request.etag(), call.now));
  return ToProto(revision);
}

absl::StatusOr<v1::ScorecardRevision> CriteriaService::GetScorecardRevision(
    const Call&, store::Snapshot& tx, const v1::GetScorecardRevisionRequest& request) {
  KAM_ASSIGN_OR_RETURN(
      const ScorecardRevision revision,
      tx.criteria().GetRevision(IdsOf(request.name())[0], LastNumber(request.name())));
  return ToProto(revision);
}

absl::StatusOr<v1::ListScorecardRevisionsResponse> CriteriaService::ListScorecardRevisions(
    const Call&, store::Snapshot& tx, const v1::ListScorecardRevisionsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  const std::string id = LastId(request.parent());
  KAM_RETURN_IF_ERROR(tx.criteria().GetScorecard(id).status());
  KAM_ASSIGN_OR_RETURN(const auto found, tx.criteria().ListRevisions(id, page));
  v1::ListScorecardRevisionsResponse response;
  for (const ScorecardRevision& item : found.items) {
    *response.add_revisions() = ToProto(item);
  }
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

absl::StatusOr<v1::Assessment> CriteriaService::EvaluateAccount(
    const Call& call, store::Snapshot& tx, const v1::EvaluateAccountRequest& request) {
  std::optional<absl::Time> known_at;
  if (request.has_known_at()) {
    known_at = FromProto(request.known_at());
    if (*known_at > call.now) {
      return InvalidField("known_at", "must not be in the future");
    }
  }
  KAM_ASSIGN_OR_RETURN(
      const domain::Assessment assessment,
      domain::EvaluateAccount(tx, LastId(request.account()), EvaluationRequestFrom(call, request),
                              known_at, settings_, call.now));
  return ToProto(assessment, /*explain=*/true);
}

absl::StatusOr<google::longrunning::Operation> CriteriaService::EvaluatePortfolio(
    const Call& call, store::Transaction& tx, const v1::EvaluatePortfolioRequest& request) {
  KAM_ASSIGN_OR_RETURN(const Operation operation,
                       domain::StartEvaluation(tx, EvaluationRequestFrom(call, request), settings_,
                                               call.principal, call.now));
  return OperationToProto(operation, tx);
}

absl::StatusOr<v1::Evaluation> CriteriaService::GetEvaluation(
    const Call&, store::Snapshot& tx, const v1::GetEvaluationRequest& request) {
  return LoadEvaluation(tx, LastId(request.name()));
}

absl::StatusOr<v1::ListEvaluationsResponse> CriteriaService::ListEvaluations(
    const Call&, store::Snapshot& tx, const v1::ListEvaluationsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const auto found, tx.criteria().ListEvaluations(page));
  v1::ListEvaluationsResponse response;
  for (const Evaluation& item : found.items) *response.add_evaluations() = ToProto(item);
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

absl::StatusOr<v1::Assessment> CriteriaService::GetAssessment(
    const Call&, store::Snapshot& tx, const v1::GetAssessmentRequest& request) {
  const std::vector<std::string> ids = IdsOf(request.name());
  KAM_ASSIGN_OR_RETURN(const domain::Assessment assessment,
                       domain::FindAssessment(tx, ids[0], ids[1]));
  return ToProto(assessment, /*explain=*/true);
}

absl::StatusOr<v1::ListAssessmentsResponse> CriteriaService::ListAssessments(
    const Call&, store::Snapshot& tx, const v1::ListAssessmentsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  domain::AssessmentQuery query{.account_id = LastId(request.parent()),
                                .evaluation_id = LastId(request.evaluation())};
  if (query.account_id == "-") query.account_id.clear();
  for (int tier : request.tiers()) query.tiers.push_back(static_cast<Tier>(tier));
  KAM_ASSIGN_OR_RETURN(const auto found, domain::ListAssessments(tx, query, page));
  v1::ListAssessmentsResponse response;
  for (const domain::Assessment& item : found.items) {
    *response.add_assessments() = ToProto(item, /*explain=*/false);
  }
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

absl::StatusOr<google::longrunning::Operation> CriteriaService::FitLifetimeModel(
    const Call& call, store::Transaction& tx, const v1::FitLifetimeModelRequest& request) {
  const auto kind = request.purchase_kind() == v1::LifetimeModel::PURCHASE_KIND_BG_NBD
                        ? PurchaseModelKind::kBgNbd
                        : PurchaseModelKind::kMbgNbd;
  KAM_ASSIGN_OR_RETURN(
      const Operation operation,
      domain::StartLifetimeFit(tx, kind, AsOfDay(call, request), call.principal, call.now));
  return OperationToProto(operation, tx);
}

absl::StatusOr<v1::LifetimeModel> CriteriaService::GetLifetimeModel(
    const Call&, store::Snapshot& tx, const v1::GetLifetimeModelRequest& request) {
  return LoadLifetimeModel(tx, LastNumber(request.name()));
}

absl::StatusOr<v1::ListLifetimeModelsResponse> CriteriaService::ListLifetimeModels(
    const Call&, store::Snapshot& tx, const v1::ListLifetimeModelsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const auto found, tx.criteria().ListModels(page));
  v1::ListLifetimeModelsResponse response;
  for (const LifetimeModel& item : found.items) {
    *response.add_lifetime_models() = ToProto(item);
  }
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

}  // namespace kam::rpc
