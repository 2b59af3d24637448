#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "store/criteria/assessment_rows.h"
#include "store/criteria/postgres_criteria_table.h"

namespace kam::store {
namespace {

std::vector<int32_t> Numbers(absl::Span<const Tier> tiers) {
  std::vector<int32_t> numbers;
  for (Tier tier : tiers) numbers.push_back(static_cast<int32_t>(tier));
  return numbers;
}

Page<StoredAssessment> ReadPage(const Rows& rows, int size) {
  Page<StoredAssessment> page;
  for (int row = 0; row < rows.size() && row < size; ++row) {
    page.items.push_back(ReadAssessment(rows, row));
  }
  return page;
}

// A column of ReadAssessments' COPY, none of which is NULL.
template <typename Number>
absl::Status Parse(const std::optional<absl::string_view>& cell, Number& number) {
  bool parsed = false;
  if constexpr (std::is_floating_point_v<Number>) {
    parsed = cell && absl::SimpleAtod(*cell, &number);
  } else {
    parsed = cell && absl::SimpleAtoi(*cell, &number);
  }
  return parsed ? absl::OkStatus() : Internal("an assessment cannot be read");
}

absl::StatusOr<StoredAssessment> ReadLine(CopyRow cells, absl::string_view evaluation_id) {
  StoredAssessment row{.account_id = std::string(cells[0].value_or("")),
                       .evaluation_id = std::string(evaluation_id)};
  int32_t tier = 0;
  int32_t previous_tier = 0;
  KAM_RETURN_IF_ERROR(Parse(cells[1], row.score));
  KAM_RETURN_IF_ERROR(Parse(cells[2], tier));
  KAM_RETURN_IF_ERROR(Parse(cells[3], previous_tier));
  KAM_RETURN_IF_ERROR(Parse(cells[4], row.evidence_share));
  KAM_RETURN_IF_ERROR(Parse(cells[5], row.rank));
  KAM_RETURN_IF_ERROR(Parse(cells[6], row.revenue_12m));
  KAM_RETURN_IF_ERROR(Parse(cells[7], row.expected_revenue_12m));
  KAM_RETURN_IF_ERROR(Parse(cells[8], row.expected_orders_12m));
  KAM_RETURN_IF_ERROR(Parse(cells[9], row.pareto_class));
  row.tier = static_cast<Tier>(tier);
  row.previous_tier = static_cast<Tier>(previous_tier);
  // Ids of criteria hold no character that a separator or the array's text would need to escape.
  row.criteria_met = absl::StrSplit(cells[10].value_or(""), ',', absl::SkipEmpty());
  return row;
}

}  // namespace

absl::StatusOr<Page<StoredAssessment>> PostgresCriteriaTable::ListByAccount(
    absl::string_view account_id, absl::Span<const Tier> tiers, const PageRequest& page) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query(
          "SELECT " KAM_ASSESSMENT_COLUMNS
          "FROM assessments a JOIN evaluations e USING (evaluation_id) "
          "WHERE a.account_id = :account AND e.state = 2 "
          "  AND (:any_tier OR a.tier = ANY (CAST(:tiers AS integer[]))) "
          "  AND (:first_page OR a.evaluation_id < :after) "
          "ORDER BY a.evaluation_id DESC LIMIT CAST(:size AS integer) + 1",
          {account_id, tiers.empty(), Numbers(tiers), page.after.empty(), page.after, page.size}));
  Page<StoredAssessment> found = ReadPage(rows, page.size);
  if (rows.size() > page.size) found.next = found.items.back().evaluation_id;
  return found;
}

absl::StatusOr<Page<StoredAssessment>> PostgresCriteriaTable::ListByEvaluation(
    absl::string_view evaluation_id, absl::Span<const Tier> tiers, const PageRequest& page) {
  int64_t after = 0;
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &after)) {
    return InvalidPageToken();
  }
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query("SELECT " KAM_ASSESSMENT_COLUMNS
                     "FROM assessments a JOIN evaluations e USING (evaluation_id) "
                     "WHERE a.evaluation_id = :evaluation AND e.state = 2 "
                     "  AND (:any_tier OR a.tier = ANY (CAST(:tiers AS integer[]))) "
                     "  AND a.rank > :after "
                     "ORDER BY a.rank LIMIT CAST(:size AS integer) + 1",
                     {evaluation_id, tiers.empty(), Numbers(tiers), after, page.size}));
  Page<StoredAssessment> found = ReadPage(rows, page.size);
  if (rows.size() > page.size) found.next = absl::StrCat(found.items.back().rank);
  return found;
}

absl::Status PostgresCriteriaTable::ReadAssessments(
    absl::string_view evaluation_id, absl::FunctionRef<absl::Status(StoredAssessment)> visit) {
  // COPY takes no parameters: the id is passed through a setting of this transaction.
  KAM_RETURN_IF_ERROR(
      session_.Query("SELECT set_config('kam.evaluation_id', :evaluation, true)", {evaluation_id})
          .status());
  return session_.CopyOut(
      "COPY (SELECT account_id, a.score, a.tier, a.previous_tier, a.evidence_share, a.rank, "
      "        a.revenue_12m, a.expected_revenue_12m, a.expected_orders_12m, a.pareto_class, "
      "        array_to_string(a.criteria_met, ',') "
      "      FROM assessments a JOIN evaluations e USING (evaluation_id) "
      "      WHERE a.evaluation_id = current_setting('kam.evaluation_id') AND e.state = 2 "
      "      ORDER BY a.account_id) TO STDOUT",
      [&](CopyRow cells) -> absl::Status {
        KAM_ASSIGN_OR_RETURN(StoredAssessment row, ReadLine(cells, evaluation_id));
        return visit(std::move(row));
      });
}

absl::StatusOr<absl::flat_hash_map<std::string, Tier>> PostgresCriteriaTable::ReadTiers(
    absl::string_view scorecard_id, absl::string_view before_evaluation_id) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query("SELECT a.account_id, a.tier FROM assessments a "
                     "WHERE a.evaluation_id = ("
                     "  SELECT e.evaluation_id FROM evaluations e "
                     "  WHERE e.scorecard_id = :scorecard AND e.state = 2 AND e.end_time <= ("
                     "    SELECT create_time FROM evaluations WHERE evaluation_id = :before) "
                     "  ORDER BY e.end_time DESC, e.evaluation_id DESC LIMIT 1)",
                     {scorecard_id, before_evaluation_id}));
  absl::flat_hash_map<std::string, Tier> tiers;
  tiers.reserve(rows.size());
  for (int row = 0; row < rows.size(); ++row) {
    tiers.emplace(rows.Text(row, 0), static_cast<Tier>(rows.Int(row, 1)));
  }
  return tiers;
}

absl::StatusOr<Tier> PostgresCriteriaTable::ReadTier(absl::string_view scorecard_id,
                                                     absl::string_view account_id,
                                                     absl::Time until) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query("SELECT a.tier FROM assessments a "
                     "WHERE a.account_id = :account AND a.evaluation_id = ("
                     "  SELECT e.evaluation_id FROM evaluations e "
                     "  WHERE e.scorecard_id = :scorecard AND e.state = 2 AND e.end_time <= "
                     "    timestamptz 'epoch' + CAST(:until AS bigint) * interval '1 us' "
                     "  ORDER BY e.end_time DESC, e.evaluation_id DESC LIMIT 1)",
                     {account_id, scorecard_id, until}));
  return rows.empty() ? Tier::kNone : static_cast<Tier>(rows.Int(0, 0));
}

}  // namespace kam::store
