#include "store/criteria/assessment_rows.h"

#include <vector>

#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "store/criteria/postgres_criteria_table.h"

namespace kam::store {
namespace {

constexpr int kColumns = 17;

void AddCells(const StoredAssessment& row, std::vector<Param>& cells) {
  std::vector<int32_t> metrics, windows;
  std::vector<std::optional<double>> values;
  std::vector<int64_t> counts, needed;
  for (const Measurement& measured : row.measurements) {
    metrics.push_back(static_cast<int32_t>(measured.key.metric));
    windows.push_back(measured.key.window_months);
    values.push_back(measured.value);
    counts.push_back(measured.evidence_count);
    needed.push_back(measured.evidence_needed);
  }
  const Param row_cells[kColumns] = {row.account_id,
                                     row.evaluation_id,
                                     row.score,
                                     static_cast<int32_t>(row.tier),
                                     static_cast<int32_t>(row.previous_tier),
                                     row.evidence_share,
                                     row.rank,
                                     row.revenue_12m,
                                     row.expected_revenue_12m,
                                     row.expected_orders_12m,
                                     row.pareto_class,
                                     row.criteria_met,
                                     metrics,
                                     windows,
                                     values,
                                     counts,
                                     needed};
  cells.insert(cells.end(), std::begin(row_cells), std::end(row_cells));
}

}  // namespace

StoredAssessment ReadAssessment(const Rows& rows, int row) {
  StoredAssessment assessment{.account_id = rows.Text(row, 0),
                              .evaluation_id = rows.Text(row, 1),
                              .score = rows.Double(row, 2),
                              .tier = static_cast<Tier>(rows.Int(row, 3)),
                              .previous_tier = static_cast<Tier>(rows.Int(row, 4)),
                              .evidence_share = rows.Double(row, 5),
                              .rank = rows.Int(row, 6),
                              .revenue_12m = rows.Int(row, 7),
                              .expected_revenue_12m = rows.Int(row, 8),
                              .expected_orders_12m = rows.Double(row, 9),
                              .pareto_class = rows.Int32(row, 10),
                              .criteria_met = rows.Texts(row, 11)};
  const std::vector<int32_t> metrics = rows.Int32s(row, 12);
  const std::vector<int32_t> windows = rows.Int32s(row, 13);
  const std::vector<std::optional<double>> values = rows.OptionalDoubles(row, 14);
  const std::vector<int64_t> counts = rows.Ints(row, 15);
  const std::vector<int64_t> needed = rows.Ints(row, 16);
  for (size_t i = 0; i < metrics.size(); ++i) {
    assessment.measurements.push_back({.key = {static_cast<Metric>(metrics[i]), windows[i]},
                                       .value = values[i],
                                       .evidence_count = counts[i],
                                       .evidence_needed = needed[i]});
  }
  return assessment;
}

absl::Status PostgresCriteriaTable::InsertAssessments(absl::Span<const StoredAssessment> rows) {
  if (rows.empty()) return absl::OkStatus();
  std::vector<std::string> account_ids, evaluation_ids;
  std::vector<Param> cells;
  cells.reserve(rows.size() * kColumns);
  for (const StoredAssessment& row : rows) {
    account_ids.push_back(row.account_id);
    evaluation_ids.push_back(row.evaluation_id);
    AddCells(row, cells);
  }
  KAM_RETURN_IF_ERROR(
      session_
          .Execute("DELETE FROM assessments a "
                   "USING unnest(CAST(:accounts AS text[]), CAST(:evaluations AS text[])) "
                   "  AS r (account_id, evaluation_id) "
                   "WHERE a.account_id = r.account_id AND a.evaluation_id = r.evaluation_id",
                   {account_ids, evaluation_ids})
          .status());
  return session_.CopyIn(
      "COPY assessments (account_id, evaluation_id, score, tier, previous_tier, evidence_share, "
      "rank, revenue_12m, expected_revenue_12m, expected_orders_12m, pareto_class, criteria_met, "
      "metrics, windows_months, metric_values, evidence_counts, evidence_needed) FROM STDIN",
      cells, kColumns);
}

absl::Status PostgresCriteriaTable::DeleteAssessments(absl::string_view evaluation_id) {
  return session_
      .Execute("DELETE FROM assessments WHERE evaluation_id = :evaluation", {evaluation_id})
      .status();
}

absl::StatusOr<StoredAssessment> PostgresCriteriaTable::GetAssessment(
    absl::string_view account_id, absl::string_view evaluation_id) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query("SELECT " KAM_ASSESSMENT_COLUMNS
                     "FROM assessments a JOIN evaluations e USING (evaluation_id) "
                     "WHERE a.account_id = :account AND a.evaluation_id = :evaluation "
                     "  AND e.state = 2",
                     {account_id, evaluation_id}));
  if (rows.empty()) return NotFound(AssessmentName(account_id, evaluation_id));
  return ReadAssessment(rows, 0);
}

absl::StatusOr<std::optional<StoredAssessment>> PostgresCriteriaTable::NewestAssessment(
    absl::string_view account_id) {
  KAM_ASSIGN_OR_RETURN(const Rows rows,
                       session_.Query("SELECT " KAM_ASSESSMENT_COLUMNS
                                      "FROM assessments a JOIN evaluations e USING (evaluation_id) "
                                      "WHERE a.account_id = :account AND e.state = 2 "
                                      "ORDER BY e.end_time DESC, a.evaluation_id DESC LIMIT 1",
                                      {account_id}));
  if (rows.empty()) return std::nullopt;
  return ReadAssessment(rows, 0);
}

}  // namespace kam::store
