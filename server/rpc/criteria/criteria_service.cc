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
#include "model/accounts/names.h"
#include "model/criteria/names.h"
#include "model/history/account_history.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/page_token.h"
#include "rpc/criteria/evaluation_convert.h"
#include "rpc/criteria/scorecard_convert.h"
#include "rpc/operations/operation_convert.h"
#include "store/criteria/evaluations.h"
#include "store/criteria/lifetime_models.h"
#include "store/criteria/scorecards.h"

namespace kam::rpc {
namespace {

// The UTC day to evaluate at: that of `as_of`, or today.
template <typename Request>
int32_t AsOfDay(store::Snapshot& tx, const Request& request) {
  return DayOf(request.has_as_of() ? FromProto(request.as_of()) : tx.now());
}

// What EvaluateAccount and EvaluatePortfolio are asked for alike.
template <typename Request>
absl::StatusOr<domain::EvaluationRequest> EvaluationRequestFrom(store::Snapshot& tx,
                                                                const Request& request) {
  domain::EvaluationRequest wanted{.scorecard_id = std::string(domain::kDefaultScorecardId),
                                   .as_of_day = AsOfDay(tx, request)};
  if (!request.lifetime_model().empty()) {
    KAM_ASSIGN_OR_RETURN(const LifetimeModelName model,
                         LifetimeModelName::Parse(request.lifetime_model()));
    wanted.lifetime_model = model.number;
  }
  if (request.scorecard().empty()) return wanted;
  if (const auto scorecard = ScorecardName::Parse(request.scorecard()); scorecard.ok()) {
    wanted.scorecard_id = scorecard->scorecard;
    return wanted;
  }
  KAM_ASSIGN_OR_RETURN(RevisionName revision, RevisionName::Parse(request.scorecard()));
  wanted.scorecard_id = std::move(revision.scorecard);
  wanted.scorecard_revision = revision.number;
  return wanted;
}

}  // namespace

const v1::ListMetricsResponse& CriteriaService::ListMetrics(const Call&,
                                                            const v1::ListMetricsRequest&) {
  static const auto* const kResponse = [] {
    auto* response = new v1::ListMetricsResponse;
    for (const MetricDescription& metric : MetricCatalogue()) {
      *response->add_metrics() = ToProto(metric);
    }
    return response;
  }();
  return *kResponse;
}

absl::StatusOr<v1::Scorecard> CriteriaService::CreateScorecard(
    const Call&, store::Transaction& tx, const v1::CreateScorecardRequest& request) {
  Scorecard scorecard{.id = request.scorecard_id(),
                      .display_name = request.scorecard().display_name(),
                      .definition = FromProto(request.scorecard().definition())};
  KAM_ASSIGN_OR_RETURN(const Scorecard created, domain::CreateScorecard(tx, std::move(scorecard)));
  return ToProto(created);
}

absl::StatusOr<v1::Scorecard> CriteriaService::GetScorecard(
    const Call&, store::Snapshot& tx, const v1::GetScorecardRequest& request) {
  KAM_ASSIGN_OR_RETURN(const ScorecardName name, ScorecardName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const Scorecard scorecard, store::GetScorecard(tx, name.scorecard));
  return ToProto(scorecard);
}

absl::StatusOr<v1::ListScorecardsResponse> CriteriaService::ListScorecards(
    const Call&, store::Snapshot& tx, const v1::ListScorecardsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const auto found, store::ListScorecards(tx, page));
  v1::ListScorecardsResponse response;
  for (const Scorecard& item : found.items) *response.add_scorecards() = ToProto(item);
  response.set_next_page_token(found.next);
  return response;
}

absl::StatusOr<v1::Scorecard> CriteriaService::UpdateScorecard(
    const Call&, store::Transaction& tx, const v1::UpdateScorecardRequest& request) {
  KAM_ASSIGN_OR_RETURN(const ScorecardName name, ScorecardName::Parse(request.scorecard().name()));
  KAM_ASSIGN_OR_RETURN(const Scorecard updated,
                       domain::UpdateScorecard(tx, name, ToUpdate(request)));
  return ToProto(updated);
}

absl::StatusOr<v1::ScorecardRevision> CriteriaService::PublishScorecard(
    const Call&, store::Transaction& tx, const v1::PublishScorecardRequest& request) {
  KAM_ASSIGN_OR_RETURN(const ScorecardName name, ScorecardName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const ScorecardRevision revision,
                       domain::PublishScorecard(tx, name.scorecard, request.etag()));
  return ToProto(revision);
}

absl::StatusOr<v1::ScorecardRevision> CriteriaService::GetScorecardRevision(
    const Call&, store::Snapshot& tx, const v1::GetScorecardRevisionRequest& request) {
  KAM_ASSIGN_OR_RETURN(const RevisionName name, RevisionName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const ScorecardRevision revision,
                       store::GetRevision(tx, name.scorecard, name.number));
  return ToProto(revision);
}

absl::StatusOr<v1::ListScorecardRevisionsResponse> CriteriaService::ListScorecardRevisions(
    const Call&, store::Snapshot& tx, const v1::ListScorecardRevisionsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const ScorecardName parent, ScorecardName::Parse(request.parent()));
  KAM_RETURN_IF_ERROR(store::GetScorecard(tx, parent.scorecard).status());
  KAM_ASSIGN_OR_RETURN(const auto found, store::ListRevisions(tx, parent.scorecard, page));
  v1::ListScorecardRevisionsResponse response;
  for (const ScorecardRevision& item : found.items) {
    *response.add_revisions() = ToProto(item);
  }
  response.set_next_page_token(found.next);
  return response;
}

absl::StatusOr<v1::Assessment> CriteriaService::EvaluateAccount(
    const Call&, store::Snapshot& tx, const v1::EvaluateAccountRequest& request) {
  std::optional<absl::Time> known_at;
  if (request.has_known_at()) {
    known_at = FromProto(request.known_at());
    if (*known_at > tx.now()) {
      return InvalidField("known_at", "must not be in the future");
    }
  }
  KAM_ASSIGN_OR_RETURN(const AccountName account, AccountName::Parse(request.account()));
  KAM_ASSIGN_OR_RETURN(const domain::EvaluationRequest wanted, EvaluationRequestFrom(tx, request));
  KAM_ASSIGN_OR_RETURN(const domain::Assessment assessment,
                       domain::EvaluateAccount(tx, account.account, wanted, known_at, settings_));
  return ToProto(assessment, /*explain=*/true);
}

absl::StatusOr<google::longrunning::Operation> CriteriaService::EvaluatePortfolio(
    const Call& call, store::Transaction& tx, const v1::EvaluatePortfolioRequest& request) {
  KAM_ASSIGN_OR_RETURN(const domain::EvaluationRequest wanted, EvaluationRequestFrom(tx, request));
  KAM_ASSIGN_OR_RETURN(const Operation operation,
                       domain::StartEvaluation(tx, wanted, settings_, call.principal));
  return OperationToProto(operation, tx);
}

absl::StatusOr<v1::Evaluation> CriteriaService::GetEvaluation(
    const Call&, store::Snapshot& tx, const v1::GetEvaluationRequest& request) {
  KAM_ASSIGN_OR_RETURN(const EvaluationName name, EvaluationName::Parse(request.name()));
  return LoadEvaluation(tx, name.evaluation);
}

absl::StatusOr<v1::ListEvaluationsResponse> CriteriaService::ListEvaluations(
    const Call&, store::Snapshot& tx, const v1::ListEvaluationsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const auto found, store::ListEvaluations(tx, page));
  v1::ListEvaluationsResponse response;
  for (const Evaluation& item : found.items) *response.add_evaluations() = ToProto(item);
  response.set_next_page_token(found.next);
  return response;
}

absl::StatusOr<v1::Assessment> CriteriaService::GetAssessment(
    const Call&, store::Snapshot& tx, const v1::GetAssessmentRequest& request) {
  KAM_ASSIGN_OR_RETURN(const AssessmentName name, AssessmentName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const domain::Assessment assessment,
                       domain::FindAssessment(tx, name.account, name.evaluation));
  return ToProto(assessment, /*explain=*/true);
}

absl::StatusOr<v1::ListAssessmentsResponse> CriteriaService::ListAssessments(
    const Call&, store::Snapshot& tx, const v1::ListAssessmentsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  domain::AssessmentQuery query;
  if (request.parent() != "accounts/-") {
    KAM_ASSIGN_OR_RETURN(AccountName parent, AccountName::Parse(request.parent()));
    query.account_id = std::move(parent.account);
  }
  if (!request.evaluation().empty()) {
    KAM_ASSIGN_OR_RETURN(EvaluationName run, EvaluationName::Parse(request.evaluation()));
    query.evaluation_id = std::move(run.evaluation);
  }
  for (const int number : request.tiers()) {
    const std::optional<Tier> tier = EnumFromNumber<Tier>(number);
    if (!tier) return InvalidField("tiers", "holds a number that is no tier");
    query.tiers.push_back(*tier);
  }
  KAM_ASSIGN_OR_RETURN(const auto found, domain::ListAssessments(tx, query, page));
  v1::ListAssessmentsResponse response;
  for (const domain::Assessment& item : found.items) {
    *response.add_assessments() = ToProto(item, /*explain=*/false);
  }
  response.set_next_page_token(found.next);
  return response;
}

absl::StatusOr<google::longrunning::Operation> CriteriaService::FitLifetimeModel(
    const Call& call, store::Transaction& tx, const v1::FitLifetimeModelRequest& request) {
  const PurchaseModelKind kind = FromProtoEnum<PurchaseModelKind>(request.purchase_kind())
                                     .value_or(PurchaseModelKind::kMbgNbd);
  KAM_ASSIGN_OR_RETURN(const Operation operation,
                       domain::StartLifetimeFit(tx, kind, AsOfDay(tx, request), call.principal));
  return OperationToProto(operation, tx);
}

absl::StatusOr<v1::LifetimeModel> CriteriaService::GetLifetimeModel(
    const Call&, store::Snapshot& tx, const v1::GetLifetimeModelRequest& request) {
  KAM_ASSIGN_OR_RETURN(const LifetimeModelName name, LifetimeModelName::Parse(request.name()));
  return LoadLifetimeModel(tx, name.number);
}

absl::StatusOr<v1::ListLifetimeModelsResponse> CriteriaService::ListLifetimeModels(
    const Call&, store::Snapshot& tx, const v1::ListLifetimeModelsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const auto found, store::ListModels(tx, page));
  v1::ListLifetimeModelsResponse response;
  for (const LifetimeModel& item : found.items) {
    *response.add_lifetime_models() = ToProto(item);
  }
  response.set_next_page_token(found.next);
  return response;
}

}  // namespace kam::rpc
