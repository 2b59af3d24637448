#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "store/criteria/postgres_criteria_table.h"

// The columns that ReadEvaluation takes.
#define EVALUATION_COLUMNS                                                               \
  "evaluation_id, scorecard_id, scorecard_revision, lifetime_model, "                    \
  "as_of - DATE '1970-01-01', (extract(epoch FROM known_at) * 1000000)::bigint, state, " \
  "currency, accounts, revenue_12m, tier_accounts, tier_revenue_12m, "                   \
  "(extract(epoch FROM create_time) * 1000000)::bigint, "                                \
  "(extract(epoch FROM end_time) * 1000000)::bigint "

namespace kam::store {
namespace {

Evaluation ReadEvaluation(const Rows& rows, int row) {
  Evaluation evaluation{.id = rows.Text(row, 0),
                        .scorecard_id = rows.Text(row, 1),
                        .scorecard_revision = rows.Int32(row, 2),
                        .lifetime_model = rows.Int32(row, 3),
                        .as_of_day = rows.Int32(row, 4),
                        .known_at = rows.OptionalTime(row, 5),
                        .state = static_cast<RunState>(rows.Int(row, 6)),
                        .currency = rows.Text(row, 7),
                        .accounts = rows.Int(row, 8),
                        .revenue_12m = rows.Int(row, 9)};
  const std::vector<int64_t> accounts = rows.Ints(row, 10);
  const std::vector<int64_t> revenue = rows.Ints(row, 11);
  for (size_t tier = 0; tier < evaluation.tiers.size() && tier < accounts.size(); ++tier) {
    evaluation.tiers[tier] = {.accounts = accounts[tier], .revenue_12m = revenue[tier]};
  }
  evaluation.create_time = rows.Time(row, 12);
  evaluation.end_time = rows.OptionalTime(row, 13);
  return evaluation;
}

// What inserting and updating write, in one order.
std::vector<Param> ContentOf(const Evaluation& evaluation) {
  std::vector<int64_t> accounts, revenue;
  for (const TierSummary& tier : evaluation.tiers) {
    accounts.push_back(tier.accounts);
    revenue.push_back(tier.revenue_12m);
  }
  return {evaluation.scorecard_id,
          evaluation.scorecard_revision,
          evaluation.lifetime_model,
          evaluation.as_of_day,
          evaluation.known_at,
          static_cast<int32_t>(evaluation.state),
          evaluation.currency,
          evaluation.accounts,
          evaluation.revenue_12m,
          accounts,
          revenue,
          evaluation.create_time,
          evaluation.end_time,
          evaluation.id};
}

}  // namespace

absl::Status PostgresCriteriaTable::InsertEvaluation(const Evaluation& evaluation) {
  KAM_ASSIGN_OR_RETURN(
      const int64_t added,
      session_.Execute(
          "INSERT INTO evaluations (scorecard_id, scorecard_revision, lifetime_model, as_of, "
          "  known_at, state, currency, accounts, revenue_12m, tier_accounts, tier_revenue_12m, "
          "  create_time, end_time, evaluation_id) "
          "VALUES (:scorecard, :revision, :model, DATE '1970-01-01' + CAST(:as_of AS integer), "
          "  timestamptz 'epoch' + CAST(:known_at AS bigint) * interval '1 us', :state, "
          "  :currency, :accounts, :revenue, CAST(:tier_accounts AS bigint[]), "
          "  CAST(:tier_revenue AS bigint[]), "
          "  timestamptz 'epoch' + CAST(:created AS bigint) * interval '1 us', "
          "  timestamptz 'epoch' + CAST(:ended AS bigint) * interval '1 us', :id) "
          "ON CONFLICT (evaluation_id) DO NOTHING",
          ContentOf(evaluation)));
  return added == 1 ? absl::OkStatus() : AlreadyExists(EvaluationName(evaluation.id));
}

absl::Status PostgresCriteriaTable::UpdateEvaluation(const Evaluation& evaluation) {
  KAM_ASSIGN_OR_RETURN(
      const int64_t found,
      session_.Execute(
          "UPDATE evaluations SET scorecard_id = :scorecard, scorecard_revision = :revision, "
          "  lifetime_model = :model, as_of = DATE '1970-01-01' + CAST(:as_of AS integer), "
          "  known_at = timestamptz 'epoch' + CAST(:known_at AS bigint) * interval '1 us', "
          "  state = :state, currency = :currency, accounts = :accounts, revenue_12m = :revenue, "
          "  tier_accounts = CAST(:tier_accounts AS bigint[]), "
          "  tier_revenue_12m = CAST(:tier_revenue AS bigint[]), "
          "  create_time = timestamptz 'epoch' + CAST(:created AS bigint) * interval '1 us', "
          "  end_time = timestamptz 'epoch' + CAST(:ended AS bigint) * interval '1 us' "
          "WHERE evaluation_id = :id",
          ContentOf(evaluation)));
  return found == 1 ? absl::OkStatus() : NotFound(EvaluationName(evaluation.id));
}

absl::StatusOr<Evaluation> PostgresCriteriaTable::GetEvaluation(absl::string_view id) {
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query("SELECT " EVALUATION_COLUMNS
                                                       "FROM evaluations WHERE evaluation_id = :id",
                                                       {id}));
  if (rows.empty()) return NotFound(EvaluationName(id));
  return ReadEvaluation(rows, 0);
}

absl::StatusOr<std::optional<Evaluation>> PostgresCriteriaTable::NewestEvaluation(
    absl::string_view scorecard_id) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query("SELECT " EVALUATION_COLUMNS
                     "FROM evaluations WHERE state = 2 AND (:any OR scorecard_id = :scorecard) "
                     "ORDER BY end_time DESC, evaluation_id DESC LIMIT 1",
                     {scorecard_id.empty(), scorecard_id}));
  if (rows.empty()) return std::nullopt;
  return ReadEvaluation(rows, 0);
}

absl::StatusOr<Page<Evaluation>> PostgresCriteriaTable::ListEvaluations(const PageRequest& page) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query("SELECT " EVALUATION_COLUMNS
                     "FROM evaluations WHERE :first_page OR evaluation_id < :after "
                     "ORDER BY evaluation_id DESC LIMIT CAST(:size AS integer) + 1",
                     {page.after.empty(), page.after, page.size}));
  Page<Evaluation> found;
  for (int row = 0; row < rows.size() && row < page.size; ++row) {
    found.items.push_back(ReadEvaluation(rows, row));
  }
  if (rows.size() > page.size) found.next = found.items.back().id;
  return found;
}

}  // namespace kam::store
