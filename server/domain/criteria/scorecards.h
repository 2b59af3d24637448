#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/criteria/scorecard.h"
#include "store/store.h"

namespace kam::domain {

// Adds a draft with its id, name and definition. INVALID_ARGUMENT (kInvalidFields, everything that
// is wrong); ALREADY_EXISTS.
absl::StatusOr<Scorecard> CreateScorecard(store::Transaction& tx, Scorecard scorecard);

// What an update changes of a draft.
struct ScorecardChange {
  std::optional<std::string> display_name;
  std::optional<ScorecardDefinition> definition;
};

// INVALID_ARGUMENT (kInvalidFields); NOT_FOUND; ABORTED (kEtagMismatch). A change to what is there
// already changes nothing.
absl::StatusOr<Scorecard> UpdateScorecard(store::Transaction& tx, absl::string_view id,
                                          ScorecardChange change, absl::string_view etag);

// Freezes the draft as the next revision. NOT_FOUND; ABORTED (kEtagMismatch).
absl::StatusOr<ScorecardRevision> PublishScorecard(store::Transaction& tx, absl::string_view id,
                                                   absl::string_view etag);

// A revision, or with `number` 0 the newest one. NOT_FOUND; FAILED_PRECONDITION (kNotPublished).
absl::StatusOr<ScorecardRevision> FindRevision(store::Snapshot& tx, absl::string_view id,
                                               int32_t number);

}  // namespace kam::domain
