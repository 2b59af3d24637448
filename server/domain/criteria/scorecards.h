#pragma once

#include <cstdint>
#include <tuple>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "domain/update.h"
#include "model/criteria/names.h"
#include "model/criteria/scorecard.h"
#include "store/store.h"

namespace kam::domain {

// Adds a draft with its id, name and definition. INVALID_ARGUMENT (kInvalidFields, everything that
// is wrong); ALREADY_EXISTS.
absl::StatusOr<Scorecard> CreateScorecard(store::Transaction& tx, Scorecard scorecard);

// What callers may change of a draft.
inline constexpr auto kScorecardFields =
    std::tuple(Updatable("display_name", &Scorecard::display_name),
               Updatable("definition", &Scorecard::definition));

// INVALID_ARGUMENT (kInvalidFields); NOT_FOUND; ABORTED (kEtagMismatch). An update that changes
// nothing leaves the etag as it is.
absl::StatusOr<Scorecard> UpdateScorecard(store::Transaction& tx, const ScorecardName& name,
                                          const Update<Scorecard>& update);

// Freezes the draft as the next revision. NOT_FOUND; ABORTED (kEtagMismatch).
absl::StatusOr<ScorecardRevision> PublishScorecard(store::Transaction& tx, absl::string_view id,
                                                   absl::string_view etag);

// A revision, or with `number` 0 the newest one. NOT_FOUND; FAILED_PRECONDITION (kNotPublished).
absl::StatusOr<ScorecardRevision> FindRevision(store::Snapshot& tx, absl::string_view id,
                                               int32_t number);

}  // namespace kam::domain
