#include "store/criteria/evaluations.h"

#include <string>
#include <utility>

#include "base/status_macros.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/changes/save.h"
#include "store/engine/keyset.h"

namespace kam::store {

template <>
struct Columns<Evaluation> {
  using E = Evaluation;
  static constexpr absl::string_view kTable = "evaluations";
  static constexpr auto kList =
      std::tuple(Key("evaluation_id", &E::id), Column("scorecard_id", &E::scorecard_id),
                 Column("scorecard_revision", &E::scorecard_revision),
                 Column("lifetime_model", &E::lifetime_model), Column("as_of_day", &E::as_of_day),
                 Column("known_at", &E::known_at), Column("state", &E::state),
                 Column("currency", &E::currency), Column("accounts", &E::accounts),
                 Column("revenue_12m", &E::revenue_12m),
                 Column("tier_accounts", &E::tiers, &TierTotals::accounts),
                 Column("tier_revenue_12m", &E::tiers, &TierTotals::revenue_12m),
                 Column("create_time", &E::create_time), Column("end_time", &E::end_time),
                 Column("end_number", &E::end_number), Column("version", &E::version));
  static Change ChangeOf(const Evaluation& evaluation) {
    return {.resource = EvaluationName{evaluation.id}.ToString(), .version = evaluation.version};
  }
};

namespace {

// Partial indexes are used for statements that say it in so many words.
static_assert(NumberOf(RunState::kSucceeded) == 2);
constexpr absl::string_view kNewest = " AND state = 2 ORDER BY end_number DESC LIMIT 1";

const std::string& SelectWhere() {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Evaluation>(), " FROM evaluations WHERE ");
  return sql;
}

absl::StatusOr<Evaluation> Get(Snapshot& tx, absl::string_view id, absl::string_view sql) {
  KAM_ASSIGN_OR_RETURN(std::optional<Evaluation> found,
                       QueryOptional<Evaluation>(tx.session(), sql, {id}));
  if (!found) return NotFound(EvaluationName{std::string(id)}.ToString());
  return *std::move(found);
}

}  // namespace

absl::Status InsertEvaluation(Transaction& tx, const Evaluation& evaluation) {
  KAM_ASSIGN_OR_RETURN(const bool inserted,
                       InsertIfNew(tx, evaluation, ChangeKind::kEvaluationCreated));
  return inserted ? absl::OkStatus() : AlreadyExists(EvaluationName{evaluation.id}.ToString());
}

absl::Status UpdateEvaluation(Transaction& tx, const Evaluation& evaluation, ChangeKind kind) {
  return Update(tx, evaluation, kind);
}

absl::StatusOr<int64_t> NextEndNumber(Transaction& tx) {
  return NextOf(tx.session(), "evaluation_ends");
}

absl::StatusOr<Evaluation> GetEvaluation(Snapshot& tx, absl::string_view id) {
  static const std::string sql = SelectWhere() + "evaluation_id = :id";
  return Get(tx, id, sql);
}

absl::StatusOr<Evaluation> GetEvaluationForUpdate(Transaction& tx, absl::string_view id) {
  static const std::string sql = SelectWhere() + "evaluation_id = :id FOR UPDATE";
  return Get(tx, id, sql);
}

absl::StatusOr<std::optional<Evaluation>> NewestEvaluation(Snapshot& tx,
                                                           absl::string_view scorecard_id) {
  static const std::string any = absl::StrCat(SelectWhere(), "true", kNewest);
  static const std::string of_scorecard =
      absl::StrCat(SelectWhere(), "scorecard_id = :scorecard", kNewest);
  if (scorecard_id.empty()) return QueryOptional<Evaluation>(tx.session(), any, {});
  return QueryOptional<Evaluation>(tx.session(), of_scorecard, {scorecard_id});
}

absl::StatusOr<Page<Evaluation>> ListEvaluations(Snapshot& tx, const PageRequest& page) {
  static const std::string sql = SelectWhere() + "true";
  return QueryPage<Evaluation>(tx.session(), sql, {},
                               {.columns = {"evaluation_id"}, .descending = true}, page);
}

}  // namespace kam::store
