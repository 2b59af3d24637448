#include "domain/criteria/evaluations.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "domain/criteria/account_measures.h"
#include "domain/criteria/judge.h"
#include "domain/criteria/portfolio_run.h"
#include "domain/criteria/scorecards.h"
#include "domain/operations/operations.h"
#include "model/accounts/names.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/accounts/accounts.h"
#include "store/criteria/assessments.h"
#include "store/criteria/evaluations.h"
#include "store/criteria/lifetime_models.h"
#include "store/criteria/scorecards.h"
#include "store/history/history_reader.h"

namespace kam::domain {
namespace {

// The model asked for, or the newest one, if any.
absl::StatusOr<std::optional<LifetimeModel>> FindModel(store::Snapshot& tx, int32_t number) {
  if (number == 0) return store::NewestModel(tx);
  KAM_ASSIGN_OR_RETURN(LifetimeModel model, store::GetModel(tx, number));
  if (model.state != RunState::kSucceeded) {
    return WrongState(LifetimeModelName{number}.ToString(), NameOf(model.state), "SUCCEEDED");
  }
  return model;
}

// All accounts' revenue, and the history of one of them.
struct Portfolio {
  std::vector<AccountRevenue> revenues;
  std::optional<AccountHistory> history;
};

absl::StatusOr<Portfolio> ReadPortfolio(store::Snapshot& tx, absl::string_view account_id,
                                        int32_t as_of_day, std::optional<absl::Time> known_at,
                                        const CriteriaSettings& settings) {
  Portfolio portfolio;
  KAM_RETURN_IF_ERROR(
      store::ReadHistories(tx, as_of_day, known_at, [&](AccountHistory history) -> absl::Status {
        KAM_RETURN_IF_ERROR(CheckCurrency(history, settings));
        KAM_ASSIGN_OR_RETURN(const int64_t revenue, RevenueOf12m(history, as_of_day));
        portfolio.revenues.push_back({history.account_id, revenue});
        if (history.account_id == account_id) portfolio.history = std::move(history);
        return absl::OkStatus();
      }));
  return portfolio;
}

absl::Status CheckAccount(store::Snapshot& tx, absl::string_view account_id) {
  KAM_ASSIGN_OR_RETURN(const Account account, store::GetAccount(tx, account_id));
  return account.delete_time ? Deleted(AccountName{std::string(account_id)}.ToString())
                             : absl::OkStatus();
}

// Adds to stored rows what their runs say; each run and revision is read once.
class RunReader {
 public:
  explicit RunReader(store::Snapshot& tx) : tx_(tx) {}

  absl::StatusOr<Assessment> Complete(StoredAssessment row) {
    KAM_ASSIGN_OR_RETURN(Assessment assessment, RunOf(row.evaluation_id));
    assessment.result = std::move(row);
    return assessment;
  }

 private:
  absl::StatusOr<Assessment> RunOf(const std::string& evaluation_id) {
    if (const auto known = runs_.find(evaluation_id); known != runs_.end()) return known->second;
    KAM_ASSIGN_OR_RETURN(const Evaluation run, store::GetEvaluation(tx_, evaluation_id));
    KAM_ASSIGN_OR_RETURN(ScorecardRevision revision,
                         store::GetRevision(tx_, run.scorecard_id, run.scorecard_revision));
    Assessment assessment{.scorecard_id = run.scorecard_id,
                          .scorecard_revision = run.scorecard_revision,
                          .lifetime_model = run.lifetime_model,
                          .as_of_day = run.as_of_day,
                          .known_at = run.known_at.value_or(run.create_time)};
    assessment.definition =
        std::make_shared<const ScorecardDefinition>(std::move(revision.definition));
    runs_.emplace(evaluation_id, assessment);
    return assessment;
  }

  store::Snapshot& tx_;
  absl::flat_hash_map<std::string, Assessment> runs_;
};

// The rows of one account in one run: one or none.
absl::StatusOr<Page<StoredAssessment>> ListOne(store::Snapshot& tx, const AssessmentQuery& query) {
  Page<StoredAssessment> page;
  absl::StatusOr<StoredAssessment> row =
      store::GetAssessment(tx, query.account_id, query.evaluation_id);
  if (absl::IsNotFound(row.status())) return page;
  if (!row.ok()) return row.status();
  const bool wanted = query.tiers.empty() || std::find(query.tiers.begin(), query.tiers.end(),
                                                       row->tier) != query.tiers.end();
  if (wanted) page.items.push_back(*std::move(row));
  return page;
}

// Of the newest run. The pages after the first stay with the run that was the newest then: their
// keys begin with its id.
absl::StatusOr<Page<StoredAssessment>> ListNewest(store::Snapshot& tx, const AssessmentQuery& query,
                                                  PageRequest page) {
  std::string evaluation_id;
  if (page.after.empty()) {
    KAM_ASSIGN_OR_RETURN(const std::optional<Evaluation> newest, store::NewestEvaluation(tx, ""));
    if (!newest) return Page<StoredAssessment>();
    evaluation_id = newest->id;
  } else {
    std::pair<std::string, std::string> key = absl::StrSplit(page.after, absl::MaxSplits(':', 1));
    evaluation_id = std::move(key.first);
    page.after = std::move(key.second);
  }
  KAM_ASSIGN_OR_RETURN(Page<StoredAssessment> rows,
                       store::ListRunAssessments(tx, evaluation_id, query.tiers, page));
  if (!rows.next.empty()) rows.next = absl::StrCat(evaluation_id, ":", rows.next);
  return rows;
}

absl::StatusOr<Page<StoredAssessment>> ListRows(store::Snapshot& tx, const AssessmentQuery& query,
                                                const PageRequest& page) {
  if (!query.account_id.empty()) {
    KAM_RETURN_IF_ERROR(store::GetAccount(tx, query.account_id).status());
  }
  if (!query.evaluation_id.empty()) {
    KAM_ASSIGN_OR_RETURN(const Evaluation run, store::GetEvaluation(tx, query.evaluation_id));
    // An empty page would read as "nobody was evaluated".
    if (run.state != RunState::kSucceeded)
      return NotFound(EvaluationName{query.evaluation_id}.ToString());
  }
  if (!query.account_id.empty()) {
    return query.evaluation_id.empty()
               ? store::ListAccountAssessments(tx, query.account_id, query.tiers, page)
               : ListOne(tx, query);
  }
  if (query.evaluation_id.empty()) return ListNewest(tx, query, page);
  return store::ListRunAssessments(tx, query.evaluation_id, query.tiers, page);
}

}  // namespace

absl::StatusOr<Operation> StartEvaluation(store::Transaction& tx, const EvaluationRequest& request,
                                          const CriteriaSettings& settings,
                                          absl::string_view principal) {
  KAM_ASSIGN_OR_RETURN(const ScorecardRevision revision,
                       FindRevision(tx, request.scorecard_id, request.scorecard_revision));
  KAM_ASSIGN_OR_RETURN(const std::optional<LifetimeModel> model,
                       FindModel(tx, request.lifetime_model));
  Evaluation evaluation{.id = NewTimeOrderedId(tx.now()),
                        .scorecard_id = revision.scorecard_id,
                        .scorecard_revision = revision.number,
                        .lifetime_model = model ? model->number : 0,
                        .as_of_day = request.as_of_day,
                        .currency = settings.reporting_currency};
  evaluation.create_time = tx.now();
  evaluation.version = 1;
  KAM_RETURN_IF_ERROR(store::InsertEvaluation(tx, evaluation));
  return StartOperation(tx, OperationKind::kEvaluatePortfolio,
                        EvaluationName{evaluation.id}.ToString(), principal);
}

absl::StatusOr<Operation> StartLifetimeFit(store::Transaction& tx, PurchaseModelKind kind,
                                           int32_t as_of_day, absl::string_view principal) {
  LifetimeModel model{.as_of_day = as_of_day, .kind = kind};
  KAM_ASSIGN_OR_RETURN(model.number, store::NextModelNumber(tx));
  model.version = 1;
  model.create_time = tx.now();
  KAM_RETURN_IF_ERROR(store::InsertModel(tx, model));
  return StartOperation(tx, OperationKind::kFitLifetimeModel,
                        LifetimeModelName{model.number}.ToString(), principal);
}

absl::StatusOr<Assessment> EvaluateAccount(store::Snapshot& tx, absl::string_view account_id,
                                           const EvaluationRequest& request,
                                           std::optional<absl::Time> known_at,
                                           const CriteriaSettings& settings) {
  KAM_RETURN_IF_ERROR(CheckAccount(tx, account_id));
  KAM_ASSIGN_OR_RETURN(ScorecardRevision revision,
                       FindRevision(tx, request.scorecard_id, request.scorecard_revision));
  KAM_ASSIGN_OR_RETURN(const std::optional<LifetimeModel> model,
                       FindModel(tx, request.lifetime_model));
  KAM_ASSIGN_OR_RETURN(Portfolio portfolio,
                       ReadPortfolio(tx, account_id, request.as_of_day, known_at, settings));
  if (!portfolio.history)
    return NotFound(AccountName{std::string(account_id)}.ToString());  // not known yet at known_at
  KAM_ASSIGN_OR_RETURN(const PortfolioContext context,
                       PortfolioContext::Of(std::move(portfolio.revenues)));
  KAM_ASSIGN_OR_RETURN(
      const Tier previous,
      store::ReadTierUntil(tx, request.scorecard_id, account_id, known_at.value_or(tx.now())));
  LifetimeForecaster forecaster(model ? &*model : nullptr, settings);
  AccountMeasurer measurer(KeysOf(revision.definition), request.as_of_day, forecaster);
  KAM_ASSIGN_OR_RETURN(AccountMeasures measures, measurer.Measure(*portfolio.history));
  Assessment assessment{
      .result = Assess(revision.definition, context, std::move(measures), previous),
      .scorecard_id = revision.scorecard_id,
      .scorecard_revision = revision.number,
      .lifetime_model = model ? model->number : 0,
      .as_of_day = request.as_of_day,
      .known_at = known_at.value_or(tx.now())};
  assessment.definition =
      std::make_shared<const ScorecardDefinition>(std::move(revision.definition));
  return assessment;
}

absl::StatusOr<Assessment> FindAssessment(store::Snapshot& tx, absl::string_view account_id,
                                          absl::string_view evaluation_id) {
  RunReader runs(tx);
  if (evaluation_id != "-") {
    KAM_ASSIGN_OR_RETURN(StoredAssessment row, store::GetAssessment(tx, account_id, evaluation_id));
    return runs.Complete(std::move(row));
  }
  KAM_ASSIGN_OR_RETURN(std::optional<StoredAssessment> newest,
                       store::NewestAssessment(tx, account_id));
  if (!newest)
    return NotFound(AssessmentName{std::string(account_id), std::string(evaluation_id)}.ToString());
  return runs.Complete(*std::move(newest));
}

absl::StatusOr<Page<Assessment>> ListAssessments(store::Snapshot& tx, const AssessmentQuery& query,
                                                 const PageRequest& page) {
  KAM_ASSIGN_OR_RETURN(Page<StoredAssessment> rows, ListRows(tx, query, page));
  RunReader runs(tx);
  Page<Assessment> found;
  found.next = std::move(rows.next);
  for (StoredAssessment& row : rows.items) {
    KAM_ASSIGN_OR_RETURN(found.items.emplace_back(), runs.Complete(std::move(row)));
  }
  return found;
}

}  // namespace kam::domain
