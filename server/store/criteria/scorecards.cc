#include "store/criteria/scorecards.h"

#include <optional>

#include "base/status_macros.h"
#include "model/criteria/metric_catalogue.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/changes/save.h"
#include "store/engine/keyset.h"

namespace kam::store {

template <>
struct Columns<Scorecard> {
  static constexpr absl::string_view kTable = "scorecards";
  static constexpr auto kList = std::tuple(
      Key("scorecard_id", &Scorecard::id), Column("display_name", &Scorecard::display_name),
      Column("definition", &Scorecard::definition),
      Column("latest_revision", &Scorecard::latest_revision),
      Column("version", &Scorecard::version), Column("create_time", &Scorecard::create_time),
      Column("update_time", &Scorecard::update_time));
  static Change ChangeOf(const Scorecard& scorecard) {
    return {.resource = ScorecardName{scorecard.id}.ToString(), .version = scorecard.version};
  }
};

template <>
struct Columns<ScorecardRevision> {
  static constexpr absl::string_view kTable = "scorecard_revisions";
  static constexpr auto kList =
      std::tuple(Key("scorecard_id", &ScorecardRevision::scorecard_id),
                 Key("number", &ScorecardRevision::number),
                 Column("definition", &ScorecardRevision::definition),
                 Column("publish_time", &ScorecardRevision::publish_time));
};

namespace {

// A document passes over what a newer server added to it; without a metric or a tier a definition
// would judge otherwise, so one that lost some is not used.
absl::Status CheckKnown(const ScorecardDefinition& definition) {
  bool known = true;
  for (const Criterion& criterion : definition.criteria()) {
    for (const MetricRule& rule : criterion.metrics()) {
      known = known && FindMetric(KeyOf(rule).metric) != nullptr && rule.curve_size() > 0;
    }
  }
  for (const TierRule& rule : definition.tiers()) known = known && TierOf(rule) != Tier::kNone;
  return known ? absl::OkStatus()
               : Internal("a stored scorecard names a metric or tier this server does not know");
}

absl::StatusOr<Scorecard> Found(absl::StatusOr<std::optional<Scorecard>> found,
                                absl::string_view id) {
  if (!found.ok()) return std::move(found).status();
  if (!*found) return NotFound(ScorecardName{std::string(id)}.ToString());
  return **std::move(found);
}

}  // namespace

absl::Status InsertScorecard(Transaction& tx, const Scorecard& scorecard) {
  KAM_ASSIGN_OR_RETURN(const bool inserted,
                       InsertIfNew(tx, scorecard, ChangeKind::kScorecardCreated));
  return inserted ? absl::OkStatus() : AlreadyExists(ScorecardName{scorecard.id}.ToString());
}

absl::StatusOr<Scorecard> GetScorecard(Snapshot& tx, absl::string_view id) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Scorecard>(), " FROM scorecards WHERE scorecard_id = :id");
  return Found(QueryOptional<Scorecard>(tx.session(), sql, {id}), id);
}

absl::StatusOr<Scorecard> GetScorecardForUpdate(Transaction& tx, absl::string_view id) {
  static const std::string sql = absl::StrCat(
      "SELECT ", SelectList<Scorecard>(), " FROM scorecards WHERE scorecard_id = :id FOR UPDATE");
  return Found(QueryOptional<Scorecard>(tx.session(), sql, {id}), id);
}

absl::Status UpdateScorecard(Transaction& tx, const Scorecard& scorecard, ChangeKind kind) {
  return Update(tx, scorecard, kind);
}

absl::StatusOr<Page<Scorecard>> ListScorecards(Snapshot& tx, const PageRequest& page) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<Scorecard>(), " FROM scorecards WHERE true");
  return QueryPage<Scorecard>(tx.session(), sql, {}, {.columns = {"scorecard_id"}}, page);
}

absl::Status InsertRevision(Transaction& tx, const ScorecardRevision& revision) {
  KAM_ASSIGN_OR_RETURN(const int64_t inserted,
                       InsertRows(tx.session(), absl::Span<const ScorecardRevision>(&revision, 1),
                                  "ON CONFLICT DO NOTHING"));
  return inserted == 1
             ? absl::OkStatus()
             : AlreadyExists(RevisionName{revision.scorecard_id, revision.number}.ToString());
}

absl::StatusOr<ScorecardRevision> GetRevision(Snapshot& tx, absl::string_view scorecard_id,
                                              int32_t number) {
  static const std::string sql =
      absl::StrCat("SELECT ", SelectList<ScorecardRevision>(),
                   " FROM scorecard_revisions WHERE scorecard_id = :id AND number = :number");
  KAM_ASSIGN_OR_RETURN(std::optional<ScorecardRevision> found,
                       QueryOptional<ScorecardRevision>(tx.session(), sql, {scorecard_id, number}));
  if (!found) return NotFound(RevisionName{std::string(scorecard_id), number}.ToString());
  KAM_RETURN_IF_ERROR(CheckKnown(found->definition));
  return *std::move(found);
}

absl::StatusOr<Page<ScorecardRevision>> ListRevisions(Snapshot& tx, absl::string_view scorecard_id,
                                                      const PageRequest& page) {
  static const std::string sql = absl::StrCat("SELECT ", SelectList<ScorecardRevision>(),
                                              " FROM scorecard_revisions WHERE scorecard_id = :id");
  return QueryPage<ScorecardRevision>(tx.session(), sql, {scorecard_id},
                                      {.columns = {"number"}, .descending = true}, page);
}

}  // namespace kam::store
