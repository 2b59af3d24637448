#include "domain/criteria/portfolio_evaluation.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "model/criteria/names.h"
#include "store/criteria/assessments.h"
#include "store/criteria/evaluations.h"
#include "store/criteria/lifetime_models.h"
#include "store/criteria/scorecards.h"
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
      store::GetRevision(tx, evaluation.scorecard_id, evaluation.scorecard_revision));
  inputs.definition = std::move(revision.definition);
  inputs.model.reset();
  if (evaluation.lifetime_model != 0) {
    KAM_ASSIGN_OR_RETURN(inputs.model, store::GetModel(tx, evaluation.lifetime_model));
  }
  KAM_ASSIGN_OR_RETURN(inputs.previous,
                       store::ReadTiersBefore(tx, evaluation.scorecard_id, evaluation.id));
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
  KAM_ASSIGN_OR_RETURN(const EvaluationName name,
                       EvaluationName::Parse(context.operation().target));
  absl::StatusOr<Evaluation> evaluation = absl::UnknownError("nothing was read");
  KAM_RETURN_IF_ERROR(context.store().Read(context.Deadline(), [&](store::Snapshot& tx) {
    evaluation = store::GetEvaluation(tx, name.evaluation);
    return evaluation.status();
  }));
  return evaluation;
}

// Where to go on after a crash: `<cut>:<written>`, the time of the cut in microseconds, and what of
// the result at this cut is written.
std::string CursorAt(absl::Time known_at, absl::string_view written) {
  return absl::StrCat(absl::ToUnixMicros(known_at), ":", written);
}

struct Cursor {
  std::optional<absl::Time> known_at;  // nothing before the first reading
  std::string written;
};

Cursor ParseCursor(absl::string_view cursor) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(cursor, absl::MaxSplits(':', 1));
  int64_t micros = 0;
  if (!absl::SimpleAtoi(parts.first, &micros)) return {};
  return {absl::FromUnixMicros(micros), std::string(parts.second)};
}

// What is written: up to an account, of the result with this fingerprint.
std::string WrittenUpTo(uint64_t fingerprint, absl::string_view account_id) {
  return absl::StrCat(absl::Hex(fingerprint, absl::kZeroPad16), ":", account_id);
}

// The first assessment that is still to be written, or nothing when others were written before.
std::optional<size_t> FirstUnwritten(const PortfolioResult& result, uint64_t fingerprint,
                                     absl::string_view written) {
  if (written.empty()) return 0;
  if (!absl::ConsumePrefix(&written, WrittenUpTo(fingerprint, ""))) return std::nullopt;
  const auto next = std::upper_bound(result.assessments.begin(), result.assessments.end(), written,
                                     [](absl::string_view id, const StoredAssessment& assessment) {
                                       return id < assessment.account_id;
                                     });
  return next - result.assessments.begin();
}

// Ends a run now: the database says when, and which of two runs ended later.
absl::Status EndEvaluation(store::Transaction& tx, Evaluation evaluation, RunState state,
                           ChangeKind kind) {
  evaluation.state = state;
  evaluation.end_time = tx.now();
  KAM_ASSIGN_OR_RETURN(evaluation.end_number, store::NextEndNumber(tx));
  ++evaluation.version;
  return store::UpdateEvaluation(tx, evaluation, kind);
}

}  // namespace

absl::Status PortfolioEvaluation::Run(jobs::JobContext& context) {
  KAM_ASSIGN_OR_RETURN(Evaluation evaluation, LoadEvaluation(context));
  if (evaluation.state == RunState::kSucceeded) return absl::OkStatus();
  KAM_RETURN_IF_ERROR(context.Report(kReading, 0, 0));
  const Cursor cursor = ParseCursor(context.operation().cursor);
  evaluation.known_at = cursor.known_at;
  KAM_ASSIGN_OR_RETURN(PortfolioResult result, Compute(context, evaluation));
  KAM_RETURN_IF_ERROR(Write(context, evaluation, cursor.written, result));

  evaluation.currency = settings_.reporting_currency;
  evaluation.accounts = static_cast<int64_t>(result.assessments.size());
  evaluation.revenue_12m = result.revenue_12m;
  evaluation.tiers = result.tiers;
  return context.Step(kWriting, evaluation.accounts, evaluation.accounts,
                      context.operation().cursor, [&](store::Transaction& tx) {
                        return EndEvaluation(tx, evaluation, RunState::kSucceeded,
                                             ChangeKind::kEvaluationSucceeded);
                      });
}

absl::StatusOr<PortfolioResult> PortfolioEvaluation::Compute(jobs::JobContext& context,
                                                             Evaluation& evaluation) {
  Inputs inputs{.evaluation = evaluation};
  absl::StatusOr<PortfolioResult> result = absl::UnknownError("nothing was read");
  if (evaluation.known_at) {
    KAM_RETURN_IF_ERROR(context.store().Read(context.Deadline(), [&](store::Snapshot& tx) {
      result = Evaluate(tx, inputs, settings_, /*cut=*/nullptr);
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
  KAM_RETURN_IF_ERROR(context.Step(kEvaluating, 0, static_cast<int64_t>(result->assessments.size()),
                                   CursorAt(*evaluation.known_at, ""),
                                   [](store::Transaction&) { return absl::OkStatus(); }));
  return result;
}

absl::Status PortfolioEvaluation::Write(jobs::JobContext& context, const Evaluation& evaluation,
                                        absl::string_view written, PortfolioResult& result) {
  for (StoredAssessment& assessment : result.assessments) {
    assessment.evaluation_id = evaluation.id;
  }
  const absl::Time cut = *evaluation.known_at;
  const size_t size = result.assessments.size();
  const auto total = static_cast<int64_t>(size);
  const uint64_t fingerprint = FingerprintOf(result);
  const std::optional<size_t> first = FirstUnwritten(result, fingerprint, written);
  if (!first) {
    KAM_RETURN_IF_ERROR(context.Step(
        kWriting, 0, total, CursorAt(cut, ""),
        [&](store::Transaction& tx) { return store::DeleteAssessments(tx, evaluation.id); }));
  }
  const auto chunk_size = static_cast<size_t>(chunk_accounts_);
  for (size_t start = first.value_or(0); start < size; start += chunk_size) {
    const auto chunk = absl::MakeConstSpan(result.assessments).subspan(start, chunk_size);
    const size_t done = start + chunk.size();
    KAM_RETURN_IF_ERROR(
        context.Step(kWriting, static_cast<int64_t>(done), total,
                     CursorAt(cut, WrittenUpTo(fingerprint, chunk.back().account_id)),
                     [&](store::Transaction& tx) { return store::InsertAssessments(tx, chunk); }));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> PortfolioEvaluation::Abandon(store::Transaction& tx,
                                                  const Operation& operation) {
  KAM_ASSIGN_OR_RETURN(const EvaluationName name, EvaluationName::Parse(operation.target));
  KAM_ASSIGN_OR_RETURN(Evaluation evaluation, store::GetEvaluationForUpdate(tx, name.evaluation));
  if (evaluation.state != RunState::kRunning) return evaluation.state != RunState::kSucceeded;
  KAM_RETURN_IF_ERROR(
      EndEvaluation(tx, std::move(evaluation), RunState::kFailed, ChangeKind::kEvaluationFailed));
  KAM_RETURN_IF_ERROR(store::DeleteAssessments(tx, name.evaluation));
  return true;
}

}  // namespace kam::domain
