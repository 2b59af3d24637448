#include "store/criteria/assessments.h"

#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/engine/keyset.h"
#include "store/engine/table.h"

namespace kam::store {
namespace {

// A row: measurements are kept as arrays that run in parallel.
struct AssessmentRow {
  StoredAssessment assessment;
  std::vector<Metric> metrics;
  std::vector<int32_t> windows_months;
  std::vector<std::optional<double>> values;
  std::vector<int64_t> evidence_counts, evidence_needed;
};

struct AccountTier {
  std::string account_id;
  Tier tier = Tier::kNone;
};

AssessmentRow RowOf(const StoredAssessment& assessment) {
  AssessmentRow row{.assessment = assessment};
  for (const Measurement& measured : assessment.measurements) {
    row.metrics.push_back(measured.key.metric);
    row.windows_months.push_back(measured.key.window_months);
    row.values.push_back(measured.value);
    row.evidence_counts.push_back(measured.evidence_count);
    row.evidence_needed.push_back(measured.evidence_needed);
  }
  return row;
}

absl::StatusOr<StoredAssessment> AssessmentOf(AssessmentRow row) {
  const size_t size = row.metrics.size();
  if (row.windows_months.size() != size || row.values.size() != size ||
      row.evidence_counts.size() != size || row.evidence_needed.size() != size) {
    return Internal("an assessment's measurements are not of one length");
  }
  for (size_t i = 0; i < size; ++i) {
    row.assessment.measurements.push_back({.key = {row.metrics[i], row.windows_months[i]},
                                           .value = row.values[i],
                                           .evidence_count = row.evidence_counts[i],
                                           .evidence_needed = row.evidence_needed[i]});
  }
  return std::move(row.assessment);
}

// The columns besides the measurements, of a struct that reaches an assessment by `prefix`.
template <typename... Prefix>
constexpr auto ResultColumns(Prefix... prefix) {
  using A = StoredAssessment;
  return std::tuple(
      Key("account_id", prefix..., &A::account_id),
      Key("evaluation_id", prefix..., &A::evaluation_id), Column("score", prefix..., &A::score),
      Column("tier", prefix..., &A::tier), Column("previous_tier", prefix..., &A::previous_tier),
      Column("evidence_share", prefix..., &A::evidence_share), Column("rank", prefix..., &A::rank),
      Column("revenue_12m", prefix..., &A::revenue_12m),
      Column("expected_revenue_12m", prefix..., &A::expected_revenue_12m),
      Column("expected_orders_12m", prefix..., &A::expected_orders_12m),
      Column("pareto_class", prefix..., &A::pareto_class),
      Column("criteria_met", prefix..., &A::criteria_met));
}

}  // namespace

template <>
struct Columns<StoredAssessment> {
  static constexpr absl::string_view kTable = "assessments";
  static constexpr auto kList = ResultColumns();
};

template <>
struct Columns<AssessmentRow> {
  using R = AssessmentRow;
  static constexpr absl::string_view kTable = "assessments";
  static constexpr auto kList = std::tuple_cat(
      ResultColumns(&R::assessment),
      std::tuple(Column("metrics", &R::metrics), Column("windows_months", &R::windows_months),
                 Column("metric_values", &R::values),
                 Column("evidence_counts", &R::evidence_counts),
                 Column("evidence_needed", &R::evidence_needed)));
};

template <>
struct Columns<AccountTier> {
  static constexpr absl::string_view kTable = "assessments";
  static constexpr auto kList =
      std::tuple(Key("account_id", &AccountTier::account_id), Column("tier", &AccountTier::tier));
};

namespace {

// Readers see the runs that succeeded; partial indexes want it said in so many words.
static_assert(NumberOf(RunState::kSucceeded) == 2);

const std::string& SelectWhere() {
  static const std::string sql = absl::StrCat(
      "SELECT ", SelectList<AssessmentRow>("a"),
      " FROM assessments AS a JOIN evaluations AS e ON e.evaluation_id = a.evaluation_id "
      "WHERE e.state = 2 AND ");
  return sql;
}

// One page of `SelectWhere() + where`, whose parameters are `params`, of these tiers.
absl::StatusOr<Page<StoredAssessment>> ListPage(Snapshot& tx, absl::string_view where,
                                                std::vector<Param> params,
                                                absl::Span<const Tier> tiers, const Keyset& keyset,
                                                const PageRequest& page) {
  std::string sql = absl::StrCat(SelectWhere(), where);
  if (!tiers.empty()) {
    std::vector<int32_t> numbers;
    for (const Tier tier : tiers) numbers.push_back(NumberOf(tier));
    absl::StrAppend(&sql, " AND a.tier = ANY (CAST(:tiers AS integer[]))");
    params.emplace_back(numbers);
  }
  KAM_ASSIGN_OR_RETURN(
      Page<AssessmentRow> rows,
      QueryPage<AssessmentRow>(tx.session(), sql, std::move(params), keyset, page));
  Page<StoredAssessment> found{.next = std::move(rows.next)};
  for (AssessmentRow& row : rows.items) {
    KAM_ASSIGN_OR_RETURN(found.items.emplace_back(), AssessmentOf(std::move(row)));
  }
  return found;
}

absl::StatusOr<std::optional<StoredAssessment>> ReadOne(Snapshot& tx, absl::string_view sql,
                                                        const std::vector<Param>& params) {
  KAM_ASSIGN_OR_RETURN(std::optional<AssessmentRow> row,
                       QueryOptional<AssessmentRow>(tx.session(), sql, params));
  if (!row) return std::nullopt;
  return AssessmentOf(*std::move(row));
}

}  // namespace

absl::Status InsertAssessments(Transaction& tx, absl::Span<const StoredAssessment> rows) {
  std::vector<AssessmentRow> copies;
  copies.reserve(rows.size());
  for (const StoredAssessment& row : rows) copies.push_back(RowOf(row));
  return CopyRows<AssessmentRow>(tx.session(), copies);
}

absl::Status DeleteAssessments(Transaction& tx, absl::string_view evaluation_id) {
  return tx.session()
      .Execute("DELETE FROM assessments WHERE evaluation_id = :evaluation", {evaluation_id})
      .status();
}

absl::StatusOr<StoredAssessment> GetAssessment(Snapshot& tx, absl::string_view account_id,
                                               absl::string_view evaluation_id) {
  static const std::string sql =
      SelectWhere() + "a.account_id = :account AND a.evaluation_id = :evaluation";
  KAM_ASSIGN_OR_RETURN(std::optional<StoredAssessment> found,
                       ReadOne(tx, sql, {account_id, evaluation_id}));
  if (!found)
    return NotFound(AssessmentName{std::string(account_id), std::string(evaluation_id)}.ToString());
  return *std::move(found);
}

absl::StatusOr<std::optional<StoredAssessment>> NewestAssessment(Snapshot& tx,
                                                                 absl::string_view account_id) {
  static const std::string sql =
      SelectWhere() + "a.account_id = :account ORDER BY e.end_number DESC LIMIT 1";
  return ReadOne(tx, sql, {account_id});
}

absl::StatusOr<Page<StoredAssessment>> ListAccountAssessments(Snapshot& tx,
                                                              absl::string_view account_id,
                                                              absl::Span<const Tier> tiers,
                                                              const PageRequest& page) {
  return ListPage(tx, "a.account_id = :account", {account_id}, tiers,
                  {.columns = {"evaluation_id"}, .descending = true, .alias = "a"}, page);
}

absl::StatusOr<Page<StoredAssessment>> ListRunAssessments(Snapshot& tx,
                                                          absl::string_view evaluation_id,
                                                          absl::Span<const Tier> tiers,
                                                          const PageRequest& page) {
  return ListPage(tx, "a.evaluation_id = :evaluation", {evaluation_id}, tiers,
                  {.columns = {"rank"}, .alias = "a"}, page);
}

absl::Status ReadAssessments(Snapshot& tx, absl::string_view evaluation_id,
                             absl::FunctionRef<absl::Status(StoredAssessment)> visit) {
  static const std::string sql = absl::StrCat(
      "COPY (SELECT ", SelectList<StoredAssessment>("a"),
      " FROM assessments AS a JOIN evaluations AS e ON e.evaluation_id = a.evaluation_id "
      "WHERE e.state = 2 AND a.evaluation_id = current_setting('kam.evaluation_id') "
      "ORDER BY a.account_id) TO STDOUT");
  // COPY takes no parameters: the id is passed through a setting of this transaction.
  KAM_RETURN_IF_ERROR(
      tx.session()
          .Query("SELECT set_config('kam.evaluation_id', :evaluation, true)", {evaluation_id})
          .status());
  return tx.session().CopyOut(sql, [&](CopyRow cells) -> absl::Status {
    StoredAssessment row;
    KAM_RETURN_IF_ERROR(ReadRow(cells, row));
    return visit(std::move(row));
  });
}

absl::StatusOr<absl::flat_hash_map<std::string, Tier>> ReadTiersBefore(
    Snapshot& tx, absl::string_view scorecard_id, absl::string_view evaluation_id) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<AccountTier>("a"),
                   " FROM assessments AS a WHERE a.evaluation_id = ("
                   "  SELECT e.evaluation_id FROM evaluations AS e "
                   "  WHERE e.scorecard_id = :scorecard AND e.state = 2 AND e.end_time <= ("
                   "    SELECT create_time FROM evaluations WHERE evaluation_id = :before) "
                   "  ORDER BY e.end_number DESC LIMIT 1)");
  KAM_ASSIGN_OR_RETURN(std::vector<AccountTier> rows,
                       QueryRows<AccountTier>(tx.session(), sql, {scorecard_id, evaluation_id}));
  absl::flat_hash_map<std::string, Tier> tiers;
  tiers.reserve(rows.size());
  for (AccountTier& row : rows) tiers.emplace(std::move(row.account_id), row.tier);
  return tiers;
}

absl::StatusOr<Tier> ReadTierUntil(Snapshot& tx, absl::string_view scorecard_id,
                                   absl::string_view account_id, absl::Time until) {
  static const std::string sql = absl::StrCat(
      "SELECT ", SelectList<AccountTier>("a"),
      " FROM assessments AS a WHERE a.account_id = :account AND a.evaluation_id = ("
      "  SELECT e.evaluation_id FROM evaluations AS e "
      "  WHERE e.scorecard_id = :scorecard AND e.state = 2 AND e.end_time <= ",
      Codec<absl::Time>::Write("CAST(:until AS bigint)"), "  ORDER BY e.end_number DESC LIMIT 1)");
  KAM_ASSIGN_OR_RETURN(
      const std::optional<AccountTier> found,
      QueryOptional<AccountTier>(tx.session(), sql, {account_id, scorecard_id, until}));
  return found ? found->tier : Tier::kNone;
}

}  // namespace kam::store
