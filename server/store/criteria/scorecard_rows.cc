#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "store/criteria/postgres_criteria_table.h"
#include "store/criteria/scorecard_json.h"
#include "store/tables.h"

// The columns that ReadScorecard and ReadRevision take.
#define SCORECARD_COLUMNS                                                    \
  "scorecard_id, display_name, definition::text, latest_revision, version, " \
  "(extract(epoch FROM create_time) * 1000000)::bigint, "                    \
  "(extract(epoch FROM update_time) * 1000000)::bigint "
#define REVISION_COLUMNS                     \
  "scorecard_id, number, definition::text, " \
  "(extract(epoch FROM publish_time) * 1000000)::bigint "

namespace kam::store {
namespace {

absl::StatusOr<Scorecard> ReadScorecard(const Rows& rows, int row) {
  Scorecard scorecard{.id = rows.Text(row, 0), .display_name = rows.Text(row, 1)};
  KAM_ASSIGN_OR_RETURN(scorecard.definition, ScorecardFromJson(rows.Text(row, 2)));
  scorecard.latest_revision = rows.Int32(row, 3);
  scorecard.version = rows.Int(row, 4);
  scorecard.create_time = rows.Time(row, 5);
  scorecard.update_time = rows.Time(row, 6);
  return scorecard;
}

absl::StatusOr<ScorecardRevision> ReadRevision(const Rows& rows, int row) {
  ScorecardRevision revision{.scorecard_id = rows.Text(row, 0), .number = rows.Int32(row, 1)};
  KAM_ASSIGN_OR_RETURN(revision.definition, ScorecardFromJson(rows.Text(row, 2)));
  revision.publish_time = rows.Time(row, 3);
  return revision;
}

absl::StatusOr<Scorecard> OneScorecard(const absl::StatusOr<Rows>& rows, absl::string_view id) {
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return NotFound(ScorecardName(id));
  return ReadScorecard(*rows, 0);
}

}  // namespace

std::unique_ptr<CriteriaTable> MakeCriteriaTable(Session& session) {
  return std::make_unique<PostgresCriteriaTable>(session);
}

absl::Status PostgresCriteriaTable::InsertScorecard(const Scorecard& scorecard) {
  KAM_ASSIGN_OR_RETURN(
      const int64_t added,
      session_.Execute(
          "INSERT INTO scorecards (scorecard_id, display_name, definition, latest_revision, "
          "  version, create_time, update_time) "
          "VALUES (:id, :name, CAST(:definition AS jsonb), :latest, :version, "
          "  timestamptz 'epoch' + CAST(:created AS bigint) * interval '1 us', "
          "  timestamptz 'epoch' + CAST(:updated AS bigint) * interval '1 us') "
          "ON CONFLICT (scorecard_id) DO NOTHING",
          {scorecard.id, scorecard.display_name, ScorecardJson(scorecard.definition),
           scorecard.latest_revision, scorecard.version, scorecard.create_time,
           scorecard.update_time}));
  return added == 1 ? absl::OkStatus() : AlreadyExists(ScorecardName(scorecard.id));
}

absl::StatusOr<Scorecard> PostgresCriteriaTable::GetScorecard(absl::string_view id) {
  return OneScorecard(
      session_.Query("SELECT " SCORECARD_COLUMNS "FROM scorecards WHERE scorecard_id = :id", {id}),
      id);
}

absl::StatusOr<Scorecard> PostgresCriteriaTable::GetScorecardForUpdate(absl::string_view id) {
  return OneScorecard(
      session_.Query(
          "SELECT " SCORECARD_COLUMNS "FROM scorecards WHERE scorecard_id = :id FOR UPDATE", {id}),
      id);
}

absl::Status PostgresCriteriaTable::UpdateScorecard(const Scorecard& scorecard) {
  KAM_ASSIGN_OR_RETURN(
      const int64_t found,
      session_.Execute(
          "UPDATE scorecards SET display_name = :name, definition = CAST(:definition AS jsonb), "
          "  latest_revision = :latest, version = :version, "
          "  update_time = timestamptz 'epoch' + CAST(:updated AS bigint) * interval '1 us' "
          "WHERE scorecard_id = :id",
          {scorecard.display_name, ScorecardJson(scorecard.definition), scorecard.latest_revision,
           scorecard.version, scorecard.update_time, scorecard.id}));
  return found == 1 ? absl::OkStatus() : NotFound(ScorecardName(scorecard.id));
}

absl::StatusOr<Page<Scorecard>> PostgresCriteriaTable::ListScorecards(const PageRequest& page) {
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query("SELECT " SCORECARD_COLUMNS "FROM scorecards WHERE scorecard_id > :after "
                     "ORDER BY scorecard_id LIMIT CAST(:size AS integer) + 1",
                     {page.after, page.size}));
  Page<Scorecard> found;
  for (int row = 0; row < rows.size() && row < page.size; ++row) {
    KAM_ASSIGN_OR_RETURN(found.items.emplace_back(), ReadScorecard(rows, row));
  }
  if (rows.size() > page.size) found.next = found.items.back().id;
  return found;
}

absl::Status PostgresCriteriaTable::InsertRevision(const ScorecardRevision& revision) {
  KAM_ASSIGN_OR_RETURN(
      const int64_t added,
      session_.Execute(
          "INSERT INTO scorecard_revisions (scorecard_id, number, definition, publish_time) "
          "VALUES (:id, :number, CAST(:definition AS jsonb), "
          "  timestamptz 'epoch' + CAST(:published AS bigint) * interval '1 us') "
          "ON CONFLICT (scorecard_id, number) DO NOTHING",
          {revision.scorecard_id, revision.number, ScorecardJson(revision.definition),
           revision.publish_time}));
  return added == 1 ? absl::OkStatus()
                    : AlreadyExists(RevisionName(revision.scorecard_id, revision.number));
}

absl::StatusOr<ScorecardRevision> PostgresCriteriaTable::GetRevision(absl::string_view scorecard_id,
                                                                     int32_t number) {
  KAM_ASSIGN_OR_RETURN(const Rows rows,
                       session_.Query("SELECT " REVISION_COLUMNS "FROM scorecard_revisions "
                                      "WHERE scorecard_id = :id AND number = :number",
                                      {scorecard_id, number}));
  if (rows.empty()) return NotFound(RevisionName(scorecard_id, number));
  return ReadRevision(rows, 0);
}

absl::StatusOr<Page<ScorecardRevision>> PostgresCriteriaTable::ListRevisions(
    absl::string_view scorecard_id, const PageRequest& page) {
  int32_t before = 0;
  if (!page.after.empty() && !absl::SimpleAtoi(page.after, &before)) {
    return InvalidPageToken();
  }
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query("SELECT " REVISION_COLUMNS "FROM scorecard_revisions "
                     "WHERE scorecard_id = :id AND (:first_page OR number < :before) "
                     "ORDER BY number DESC LIMIT CAST(:size AS integer) + 1",
                     {scorecard_id, page.after.empty(), before, page.size}));
  Page<ScorecardRevision> found;
  for (int row = 0; row < rows.size() && row < page.size; ++row) {
    KAM_ASSIGN_OR_RETURN(found.items.emplace_back(), ReadRevision(rows, row));
  }
  if (rows.size() > page.size) found.next = absl::StrCat(found.items.back().number);
  return found;
}

}  // namespace kam::store
