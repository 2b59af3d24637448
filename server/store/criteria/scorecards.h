#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/changes/change.h"
#include "model/criteria/scorecard.h"
#include "model/page.h"
#include "store/transaction.h"

// Scorecards and their published revisions.
namespace kam::store {

// ALREADY_EXISTS.
absl::Status InsertScorecard(Transaction& tx, const Scorecard& scorecard);
// NOT_FOUND.
absl::StatusOr<Scorecard> GetScorecard(Snapshot& tx, absl::string_view id);
// The same, locked until the transaction ends.
absl::StatusOr<Scorecard> GetScorecardForUpdate(Transaction& tx, absl::string_view id);
// Of one that GetScorecardForUpdate locked.
absl::Status UpdateScorecard(Transaction& tx, const Scorecard& scorecard, ChangeKind kind);
// By id.
absl::StatusOr<Page<Scorecard>> ListScorecards(Snapshot& tx, const PageRequest& page);

// Revisions never change, so that they have no version. ALREADY_EXISTS.
absl::Status InsertRevision(Transaction& tx, const ScorecardRevision& revision);
// NOT_FOUND.
absl::StatusOr<ScorecardRevision> GetRevision(Snapshot& tx, absl::string_view scorecard_id,
                                              int32_t number);
// Newest first.
absl::StatusOr<Page<ScorecardRevision>> ListRevisions(Snapshot& tx, absl::string_view scorecard_id,
                                                      const PageRequest& page);

}  // namespace kam::store
