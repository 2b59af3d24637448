#include "domain/criteria/scorecards.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/criteria/scorecard_rules.h"
#include "model/error.h"
#include "model/etag.h"
#include "model/names.h"

namespace kam::domain {
namespace {

constexpr absl::string_view kDefinitionPath = "scorecard.definition";

absl::Status CheckDraft(const Scorecard& scorecard) {
  std::vector<FieldViolation> violations = CheckDefinition(scorecard.definition, kDefinitionPath);
  if (scorecard.display_name.empty()) {
    violations.insert(violations.begin(), {"scorecard.display_name", "is required"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::Status NotPublished(absl::string_view id) {
  const std::string name = ScorecardName(id);
  ErrorDetails details{.reason = ErrorReason::kNotPublished, .metadata = {{"resource", name}}};
  details.resource = name;
  return MakeError(absl::StatusCode::kFailedPrecondition,
                   absl::StrCat(name, " has no published revision"), details);
}

}  // namespace

absl::StatusOr<Scorecard> CreateScorecard(store::Transaction& tx, Scorecard scorecard,
                                          absl::Time now) {
  ResolveWindows(scorecard.definition);
  KAM_RETURN_IF_ERROR(CheckDraft(scorecard));
  scorecard.latest_revision = 0;
  scorecard.version = 1;
  scorecard.create_time = now;
  scorecard.update_time = now;
  KAM_RETURN_IF_ERROR(tx.criteria().InsertScorecard(scorecard));
  KAM_RETURN_IF_ERROR(
      tx.calls().AppendChange("scorecard.created", "", ScorecardName(scorecard.id)));
  return scorecard;
}

absl::StatusOr<Scorecard> UpdateScorecard(store::Transaction& tx, absl::string_view id,
                                          ScorecardChange change, absl::string_view etag,
                                          absl::Time now) {
  KAM_ASSIGN_OR_RETURN(const Scorecard before, tx.criteria().GetScorecardForUpdate(id));
  KAM_RETURN_IF_ERROR(CheckEtag(ScorecardName(id), etag, before.version));
  Scorecard scorecard = before;
  if (change.display_name) scorecard.display_name = *std::move(change.display_name);
  if (change.definition) scorecard.definition = *std::move(change.definition);
  ResolveWindows(scorecard.definition);
  KAM_RETURN_IF_ERROR(CheckDraft(scorecard));
  if (scorecard.display_name == before.display_name && scorecard.definition == before.definition) {
    return before;
  }
  ++scorecard.version;
  scorecard.update_time = now;
  KAM_RETURN_IF_ERROR(tx.criteria().UpdateScorecard(scorecard));
  KAM_RETURN_IF_ERROR(tx.calls().AppendChange("scorecard.updated", "", ScorecardName(id)));
  return scorecard;
}

absl::StatusOr<ScorecardRevision> PublishScorecard(store::Transaction& tx, absl::string_view id,
                                                   absl::string_view etag, absl::Time now) {
  KAM_ASSIGN_OR_RETURN(Scorecard scorecard, tx.criteria().GetScorecardForUpdate(id));
  KAM_RETURN_IF_ERROR(CheckEtag(ScorecardName(id), etag, scorecard.version));
  ++scorecard.version;
  ++scorecard.latest_revision;
  const ScorecardRevision revision{.scorecard_id = scorecard.id,
                                   .number = scorecard.latest_revision,
                                   .definition = scorecard.definition,
                                   .publish_time = now};
  KAM_RETURN_IF_ERROR(tx.criteria().UpdateScorecard(scorecard));
  KAM_RETURN_IF_ERROR(tx.criteria().InsertRevision(revision));
  KAM_RETURN_IF_ERROR(
      tx.calls().AppendChange("scorecard.published", "", RevisionName(id, revision.number)));
  return revision;
}

absl::StatusOr<ScorecardRevision> FindRevision(store::Snapshot& tx, absl::string_view id,
                                               int32_t number) {
  if (number == 0) {
    KAM_ASSIGN_OR_RETURN(const Scorecard scorecard, tx.criteria().GetScorecard(id));
    if (scorecard.latest_revision == 0) return NotPublished(id);
    number = scorecard.latest_revision;
  }
  return tx.criteria().GetRevision(id, number);
}

}  // namespace kam::domain
