#include "rpc/criteria/evaluation_convert.h"

#include <string>
#include <variant>

#include "base/status_macros.h"
#include "domain/criteria/calendar_months.h"
#include "domain/criteria/flips.h"
#include "domain/criteria/judge.h"
#include "model/accounts/names.h"
#include "model/criteria/names.h"
#include "model/history/account_history.h"
#include "rpc/contract/convert.h"
#include "store/criteria/evaluations.h"
#include "store/criteria/lifetime_models.h"

namespace kam::rpc {
namespace {

v1::Evaluation::TierSummary SummaryOf(const Evaluation& evaluation, Tier tier) {
  const int64_t revenue = evaluation.tiers.revenue_12m[static_cast<size_t>(tier)];
  v1::Evaluation::TierSummary proto;
  proto.set_tier(ToProtoEnum<v1::Tier>(tier));
  proto.set_account_count(evaluation.tiers.accounts[static_cast<size_t>(tier)]);
  *proto.mutable_revenue_12m() = MoneyToProto(revenue, evaluation.currency);
  if (evaluation.revenue_12m > 0) {
    proto.set_revenue_share(static_cast<double>(revenue) /
                            static_cast<double>(evaluation.revenue_12m));
  }
  return proto;
}

v1::LifetimeModel::FitEvidence EvidenceToProto(const FitEvidence& evidence) {
  v1::LifetimeModel::FitEvidence proto;
  proto.set_customers(evidence.customers);
  proto.set_distinct_histories(evidence.distinct_histories);
  proto.set_iterations(evidence.iterations);
  proto.set_log_likelihood(evidence.log_likelihood);
  proto.set_converged(evidence.converged);
  proto.set_stop_reason(evidence.stop_reason);
  return proto;
}

v1::MetricResult MetricToProto(const Measurement& measured, const std::optional<double>& score,
                               int32_t as_of_day) {
  v1::MetricResult proto;
  proto.set_metric(ToProtoEnum<v1::Metric>(measured.key.metric));
  if (measured.value) proto.set_value(*measured.value);
  if (score) proto.set_score(*score);
  if (measured.key.window_months > 0) {
    *proto.mutable_window_start() =
        ToProto(StartOfDay(domain::MonthsBefore(as_of_day, measured.key.window_months)));
  }
  proto.set_evidence_count(measured.evidence_count);
  proto.set_evidence_needed(measured.evidence_needed);
  return proto;
}

v1::CriterionResult CriterionToProto(const Criterion& criterion,
                                     const domain::CriterionJudgement& judged,
                                     const domain::Assessment& assessment) {
  v1::CriterionResult proto;
  proto.set_criterion(criterion.id());
  proto.set_verdict(ToProtoEnum<v1::Verdict>(judged.verdict));
  if (judged.score) {
    proto.set_score(*judged.score);
    proto.set_margin(*judged.score - criterion.pass_mark());
  }
  proto.set_pass_mark(criterion.pass_mark());
  proto.set_required(criterion.required());
  for (int i = 0; i < criterion.metrics_size(); ++i) {
    const MetricKey key = KeyOf(criterion.metrics(i));
    const Measurement* measured = domain::FindMeasurement(assessment.result.measurements, key);
    *proto.add_metrics() = MetricToProto(measured != nullptr ? *measured : Measurement{.key = key},
                                         judged.metric_scores[i], assessment.as_of_day);
  }
  return proto;
}

v1::Flip FlipToProto(const domain::Flip& flip) {
  v1::Flip proto;
  proto.set_metric(ToProtoEnum<v1::Metric>(flip.key.metric));
  proto.set_current_value(flip.current_value);
  proto.set_required_value(flip.required_value);
  proto.set_score_distance(flip.score_distance);
  if (const auto* tier = std::get_if<Tier>(&flip.outcome)) {
    proto.set_tier(ToProtoEnum<v1::Tier>(*tier));
  } else {
    const auto& change = std::get<domain::VerdictChange>(flip.outcome);
    proto.set_criterion(change.criterion);
    proto.set_verdict(ToProtoEnum<v1::Verdict>(change.verdict));
  }
  return proto;
}

void AddWhyNot(const domain::Assessment& assessment, v1::Assessment& proto) {
  const domain::WhyNot why_not = domain::FindFlips(
      *assessment.definition, assessment.result.measurements, assessment.result.previous_tier);
  for (const domain::Flip& flip : why_not.flips) *proto.add_flips() = FlipToProto(flip);
  for (const MetricKey& key : why_not.none) {
    proto.add_no_flip(ToProtoEnum<v1::Metric>(key.metric));
  }
}

}  // namespace

v1::Evaluation ToProto(const Evaluation& evaluation) {
  v1::Evaluation proto;
  proto.set_name(EvaluationName{evaluation.id}.ToString());
  proto.set_scorecard_revision(
      RevisionName{evaluation.scorecard_id, evaluation.scorecard_revision}.ToString());
  proto.set_lifetime_model(LifetimeModelName{evaluation.lifetime_model}.ToString());
  *proto.mutable_as_of() = ToProto(StartOfDay(evaluation.as_of_day));
  if (evaluation.known_at) *proto.mutable_known_at() = ToProto(*evaluation.known_at);
  proto.set_state(ToProtoEnum<v1::Evaluation::State>(evaluation.state));
  *proto.mutable_create_time() = ToProto(evaluation.create_time);
  if (evaluation.end_time) *proto.mutable_end_time() = ToProto(*evaluation.end_time);
  if (evaluation.state != RunState::kSucceeded) return proto;
  proto.set_account_count(evaluation.accounts);
  *proto.mutable_revenue_12m() = MoneyToProto(evaluation.revenue_12m, evaluation.currency);
  for (Tier tier : {Tier::kStrategic, Tier::kKey, Tier::kGrowth, Tier::kStandard}) {
    *proto.add_tiers() = SummaryOf(evaluation, tier);
  }
  return proto;
}

v1::LifetimeModel ToProto(const LifetimeModel& model) {
  v1::LifetimeModel proto;
  proto.set_name(LifetimeModelName{model.number}.ToString());
  proto.set_purchase_kind(ToProtoEnum<v1::LifetimeModel::PurchaseKind>(model.kind));
  proto.set_state(ToProtoEnum<v1::LifetimeModel::State>(model.state));
  *proto.mutable_as_of() = ToProto(StartOfDay(model.as_of_day));
  if (model.known_at) *proto.mutable_known_at() = ToProto(*model.known_at);
  *proto.mutable_create_time() = ToProto(model.create_time);
  if (model.state != RunState::kSucceeded) return proto;
  v1::LifetimeModel::PurchaseParameters& purchase = *proto.mutable_purchase();
  purchase.set_r(model.purchase.r);
  purchase.set_alpha(model.purchase.alpha);
  purchase.set_a(model.purchase.a);
  purchase.set_b(model.purchase.b);
  *proto.mutable_purchase_evidence() = EvidenceToProto(model.purchase_evidence);
  if (model.spend) {
    v1::LifetimeModel::SpendParameters& spend = *proto.mutable_spend();
    spend.set_p(model.spend->p);
    spend.set_q(model.spend->q);
    spend.set_v(model.spend->v);
  }
  *proto.mutable_spend_evidence() = EvidenceToProto(model.spend_evidence);
  return proto;
}

v1::Assessment ToProto(const domain::Assessment& assessment, bool explain) {
  const StoredAssessment& result = assessment.result;
  v1::Assessment proto;
  proto.set_account(AccountName{result.account_id}.ToString());
  if (!result.evaluation_id.empty()) {
    proto.set_name(AssessmentName{result.account_id, result.evaluation_id}.ToString());
    proto.set_evaluation(EvaluationName{result.evaluation_id}.ToString());
  }
  proto.set_scorecard_revision(
      RevisionName{assessment.scorecard_id, assessment.scorecard_revision}.ToString());
  proto.set_lifetime_model(LifetimeModelName{assessment.lifetime_model}.ToString());
  *proto.mutable_as_of() = ToProto(StartOfDay(assessment.as_of_day));
  *proto.mutable_known_at() = ToProto(assessment.known_at);
  proto.set_score(result.score);
  proto.set_tier(ToProtoEnum<v1::Tier>(result.tier));
  proto.set_previous_tier(ToProtoEnum<v1::Tier>(result.previous_tier));
  proto.set_evidence_share(result.evidence_share);
  proto.set_rank(result.rank);
  const domain::Judgement judgement =
      domain::Judge(*assessment.definition, result.measurements, result.previous_tier);
  for (int i = 0; i < assessment.definition->criteria_size(); ++i) {
    *proto.add_criteria() =
        CriterionToProto(assessment.definition->criteria(i), judgement.criteria[i], assessment);
  }
  if (explain) AddWhyNot(assessment, proto);
  return proto;
}

absl::StatusOr<v1::Evaluation> LoadEvaluation(store::Snapshot& tx, absl::string_view id) {
  KAM_ASSIGN_OR_RETURN(const Evaluation evaluation, store::GetEvaluation(tx, id));
  return ToProto(evaluation);
}

absl::StatusOr<v1::LifetimeModel> LoadLifetimeModel(store::Snapshot& tx, int32_t number) {
  KAM_ASSIGN_OR_RETURN(const LifetimeModel model, store::GetModel(tx, number));
  return ToProto(model);
}

}  // namespace kam::rpc
