#include "domain/criteria/portfolio_evaluation.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "model/names.h"
#include "store/history/history_reader.h"

namespace kam::domain {
namespace {

constexpr absl::string_view kReading = "READING";
constexpr absl::string_view kEvaluating = "EVALUATING";
constexpr absl::string_view kWriting = "WRITING";

// What the evaluation names.
struct Inputs {
  Evaluation evaluation;
  ScorecardDefinition definition;
  std::optional<LifetimeModel> model;
  absl::flat_hash_map<std::string, Tier> previous;
};

absl::Status ReadInputs(store::Snapshot& tx, Inputs& inputs) {
  const Evaluation& evaluation = inputs.evaluation;
  KAM_ASSIGN_OR_RETURN(
      ScorecardRevision revision,
      tx.criteria().GetRevision(evaluation.scorecard_id, evaluation.scorecard_revision));
  inputs.definition = std::move(revision.definition);
  inputs.model.reset();
  if (evaluation.lifetime_model != 0) {
    KAM_ASSIGN_OR_RETURN(inputs.model, tx.criteria().GetModel(evaluation.lifetime_model));
  }
  KAM_ASSIGN_OR_RETURN(inputs.previous,
                       tx.criteria().ReadTiers(evaluation.scorecard_id, evaluation.id));
  return absl::OkStatus();
}

absl::StatusOr<PortfolioResult> Evaluate(store::Snapshot& tx, Inputs& inputs,
                                         const CriteriaSettings& settings, const store::Cut* cut) {
  KAM_RETURN_IF_ERROR(ReadInputs(tx, inputs));
  PortfolioRun run(inputs.definition, inputs.model ? &*inputs.model : nullptr,
                   inputs.evaluation.as_of_day, settings);
  const auto add = [&](const AccountHistory& history) { return run.Add(history); };
  const Evaluation& evaluation = inputs.evaluation;
  KAM_RETURN_IF_ERROR(
      cut != nullptr ? store::ReadHistories(tx, evaluation.as_of_day, *cut, add)
                     : store::ReadHistories(tx, evaluation.as_of_day, evaluation.known_at, add));
  return run.Finish(inputs.previous);
}

absl::StatusOr<Evaluation> LoadEvaluation(jobs::JobContext& context) {
  return store::TransactFor<Evaluation>(
      context.store(), {.read_only = true, .deadline = context.Deadline()},
      [&](store::Transaction& tx) {
        return tx.criteria().GetEvaluation(LastId(context.operation().target));
      });
}

// Where to go on after a crash: the result that was being written and its last account written.
std::string CursorAt(uint64_t fingerprint, absl::string_view account_id) {
  return absl::StrCat(absl::Hex(fingerprint, absl::kZeroPad16), ":", account_id);
}

// The first assessment that is still to be written, or nothing when others were written before.
std::optional<size_t> FirstUnwritten(const PortfolioResult& result, uint64_t fingerprint,
                                     absl::string_view cursor) {
  if (cursor.empty()) return 0;
  if (!absl::ConsumePrefix(&cursor, CursorAt(fingerprint, ""))) return std::nullopt;
  const auto next = std::upper_bound(result.assessments.begin(), result.assessments.end(), cursor,
                                     [](absl::string_view id, const StoredAssessment& assessment) {
                                       return id < assessment.account_id;
                                     });
  return next - result.assessments.begin();
}

}  // namespace

absl::Status PortfolioEvaluation::Run(jobs::JobContext& context) {
  KAM_ASSIGN_OR_RETURN(Evaluation evaluation, LoadEvaluation(context));
  if (evaluation.state == RunState::kSucceeded) return absl::OkStatus();
  KAM_RETURN_IF_ERROR(context.Report(kReading, 0, 0));
  KAM_ASSIGN_OR_RETURN(PortfolioResult result, Compute(context, evaluation));
  KAM_RETURN_IF_ERROR(Write(context, evaluation, result));

  evaluation.state = RunState::kSucceeded;
  evaluation.currency = settings_.reporting_currency;
  evaluation.accounts = static_cast<int64_t>(result.assessments.size());
  evaluation.revenue_12m = result.revenue_12m;
  evaluation.tiers = result.tiers;
  evaluation.end_time = context.Now();
  return context.Step(kWriting, evaluation.accounts, evaluation.accounts,
                      context.operation().cursor, [&](store::Transaction& tx) -> absl::Status {
                        KAM_RETURN_IF_ERROR(tx.criteria().UpdateEvaluation(evaluation));
                        return tx.calls().AppendChange("evaluation.succeeded", "",
                                                       EvaluationName(evaluation.id));
                      });
}

absl::StatusOr<PortfolioResult> PortfolioEvaluation::Compute(jobs::JobContext& context,
                                                             Evaluation& evaluation) {
  Inputs inputs{.evaluation = evaluation};
  absl::StatusOr<PortfolioResult> result = absl::UnknownError("nothing was read");
  if (evaluation.known_at) {
    KAM_RETURN_IF_ERROR(context.store().Transact({.isolation = store::Isolation::kRepeatableRead,
                                                  .read_only = true,
                                                  .deadline = context.Deadline()},
                                                 [&](store::Transaction& tx) {
                                                   result = Evaluate(tx, inputs, settings_,
                                                                     /*cut=*/nullptr);
                                                   return result.status();
                                                 }));
    return result;
  }
  KAM_RETURN_IF_ERROR(context.store().ReadAtCut(context.Deadline(),
                                                [&](store::Snapshot& tx, const store::Cut& cut) {
                                                  evaluation.known_at = cut.known_at;
                                                  result = Evaluate(tx, inputs, settings_, &cut);
                                                  return result.status();
                                                }));
  KAM_RETURN_IF_ERROR(context.Step(
      kEvaluating, 0, static_cast<int64_t>(result->assessments.size()), "",
      [&](store::Transaction& tx) { return tx.criteria().UpdateEvaluation(evaluation); }));
  return result;
}

absl::Status PortfolioEvaluation::Write(jobs::JobContext& context, const Evaluation& evaluation,
                                        PortfolioResult& result) {
  for (StoredAssessment& assessment : result.assessments) {
    assessment.evaluation_id = evaluation.id;
  }
  const size_t size = result.assessments.size();
  const auto total = static_cast<int64_t>(size);
  const uint64_t fingerprint = FingerprintOf(result);
  const std::optional<size_t> first =
      FirstUnwritten(result, fingerprint, context.operation().cursor);
  if (!first) {
    KAM_RETURN_IF_ERROR(context.Step(kWriting, 0, total, "", [&](store::Transaction& tx) {
      return tx.criteria().DeleteAssessments(evaluation.id);
    }));
  }
  const auto chunk_size = static_cast<size_t>(chunk_accounts_);
  for (size_t start = first.value_or(0); start < size; start += chunk_size) {
    const auto chunk = absl::MakeConstSpan(result.assessments).subspan(start, chunk_size);
    const size_t done = start + chunk.size();
    KAM_RETURN_IF_ERROR(context.Step(
        kWriting, static_cast<int64_t>(done), total, CursorAt(fingerprint, chunk.back().account_id),
        [&](store::Transaction& tx) { return tx.criteria().InsertAssessments(chunk); }));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> PortfolioEvaluation::Abandon(store::Transaction& tx,
                                                  const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(Evaluation evaluation,
                       tx.criteria().GetEvaluation(LastId(operation.target)));
  if (evaluation.state != RunState::kRunning) return evaluation.state != RunState::kSucceeded;
  evaluation.state = RunState::kFailed;
  evaluation.end_time = clock_.Now();
  KAM_RETURN_IF_ERROR(tx.criteria().UpdateEvaluation(evaluation));
  KAM_RETURN_IF_ERROR(tx.criteria().DeleteAssessments(evaluation.id));
  KAM_RETURN_IF_ERROR(
      tx.calls().AppendChange("evaluation.failed", "", EvaluationName(evaluation.id)));
  return true;
}

}  // namespace kam::domain
