#pragma once

#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/criteria/evaluation.h"
#include "model/page.h"
#include "store/transaction.h"

// What runs found of accounts. Rows of a run that has not succeeded are invisible.
namespace kam::store {

// Each (account, evaluation) once.
absl::Status InsertAssessments(Transaction& tx, absl::Span<const StoredAssessment> rows);
// Removes all of a run.
absl::Status DeleteAssessments(Transaction& tx, absl::string_view evaluation_id);

// NOT_FOUND.
absl::StatusOr<StoredAssessment> GetAssessment(Snapshot& tx, absl::string_view account_id,
                                               absl::string_view evaluation_id);
// Of an account, by the run that was the last to end, if any.
absl::StatusOr<std::optional<StoredAssessment>> NewestAssessment(Snapshot& tx,
                                                                 absl::string_view account_id);
// Of one account, newest first; with no tiers those of all.
absl::StatusOr<Page<StoredAssessment>> ListAccountAssessments(Snapshot& tx,
                                                              absl::string_view account_id,
                                                              absl::Span<const Tier> tiers,
                                                              const PageRequest& page);
// Of one run, best rank first.
absl::StatusOr<Page<StoredAssessment>> ListRunAssessments(Snapshot& tx,
                                                          absl::string_view evaluation_id,
                                                          absl::Span<const Tier> tiers,
                                                          const PageRequest& page);
// All of one run, in the order of account ids, without measurements. An error of `visit` ends the
// reading and comes back.
absl::Status ReadAssessments(Snapshot& tx, absl::string_view evaluation_id,
                             absl::FunctionRef<absl::Status(StoredAssessment)> visit);

// The tier of every account in the last run to end of those that succeeded for this scorecard and
// ended before `evaluation_id` was asked for: what hysteresis starts from.
absl::StatusOr<absl::flat_hash_map<std::string, Tier>> ReadTiersBefore(
    Snapshot& tx, absl::string_view scorecard_id, absl::string_view evaluation_id);
// The tier of one account in the last run to end of those that succeeded for this scorecard and
// ended at `until` or before; kNone when there is no run or it did not find the account.
absl::StatusOr<Tier> ReadTierUntil(Snapshot& tx, absl::string_view scorecard_id,
                                   absl::string_view account_id, absl::Time until);

}  // namespace kam::store
