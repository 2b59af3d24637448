#include "domain/criteria/scorecards.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/criteria/scorecard_rules.h"
#include "google/protobuf/util/message_differencer.h"
#include "model/criteria/errors.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "model/etag.h"
#include "store/criteria/scorecards.h"

namespace kam::domain {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr absl::string_view kDefinitionPath = "scorecard.definition";

// With what was wrong already.
absl::Status CheckDraft(const Scorecard& scorecard, std::vector<FieldViolation> violations = {}) {
  if (scorecard.display_name.empty()) {
    violations.push_back({"scorecard.display_name", "is required"});
  }
  for (FieldViolation& found : CheckDefinition(scorecard.definition, kDefinitionPath)) {
    violations.push_back(std::move(found));
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

}  // namespace

absl::StatusOr<Scorecard> CreateScorecard(store::Transaction& tx, Scorecard scorecard) {
  ResolveDefaults(scorecard.definition);
  KAM_RETURN_IF_ERROR(CheckDraft(scorecard));
  scorecard.latest_revision = 0;
  scorecard.version = 1;
  scorecard.create_time = tx.now();
  scorecard.update_time = tx.now();
  KAM_RETURN_IF_ERROR(store::InsertScorecard(tx, scorecard));
  return scorecard;
}

absl::StatusOr<Scorecard> UpdateScorecard(store::Transaction& tx, const ScorecardName& name,
                                          const Update<Scorecard>& update) {
  KAM_ASSIGN_OR_RETURN(const Scorecard before, store::GetScorecardForUpdate(tx, name.scorecard));
  KAM_RETURN_IF_ERROR(CheckEtag(name.ToString(), update.etag, before.version));
  Scorecard scorecard = Updated(before, update, kScorecardFields);
  ResolveDefaults(scorecard.definition);
  KAM_RETURN_IF_ERROR(CheckDraft(scorecard, update.violations));
  if (scorecard.display_name == before.display_name &&
      MessageDifferencer::Equals(scorecard.definition, before.definition)) {
    return before;
  }
  ++scorecard.version;
  scorecard.update_time = std::max(tx.now(), scorecard.update_time);
  KAM_RETURN_IF_ERROR(store::UpdateScorecard(tx, scorecard, ChangeKind::kScorecardUpdated));
  return scorecard;
}

absl::StatusOr<ScorecardRevision> PublishScorecard(store::Transaction& tx, absl::string_view id,
                                                   absl::string_view etag) {
  KAM_ASSIGN_OR_RETURN(Scorecard scorecard, store::GetScorecardForUpdate(tx, id));
  KAM_RETURN_IF_ERROR(
      CheckEtag(ScorecardName{std::string(id)}.ToString(), etag, scorecard.version));
  ++scorecard.version;
  ++scorecard.latest_revision;
  const ScorecardRevision revision{.scorecard_id = scorecard.id,
                                   .number = scorecard.latest_revision,
                                   .definition = scorecard.definition,
                                   .publish_time = tx.now()};
  KAM_RETURN_IF_ERROR(store::UpdateScorecard(tx, scorecard, ChangeKind::kScorecardPublished));
  KAM_RETURN_IF_ERROR(store::InsertRevision(tx, revision));
  return revision;
}

absl::StatusOr<ScorecardRevision> FindRevision(store::Snapshot& tx, absl::string_view id,
                                               int32_t number) {
  if (number == 0) {
    KAM_ASSIGN_OR_RETURN(const Scorecard scorecard, store::GetScorecard(tx, id));
    if (scorecard.latest_revision == 0) return NotPublished(id);
    number = scorecard.latest_revision;
  }
  return store::GetRevision(tx, id, number);
}

}  // namespace kam::domain
