#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/changes/change.h"
#include "model/criteria/evaluation.h"
#include "model/page.h"
#include "store/transaction.h"

// Runs over the portfolio.
namespace kam::store {

// ALREADY_EXISTS.
absl::Status InsertEvaluation(Transaction& tx, const Evaluation& evaluation);
// Of one that GetEvaluationForUpdate locked.
absl::Status UpdateEvaluation(Transaction& tx, const Evaluation& evaluation, ChangeKind kind);
// The next `end_number`.
absl::StatusOr<int64_t> NextEndNumber(Transaction& tx);
// NOT_FOUND.
absl::StatusOr<Evaluation> GetEvaluation(Snapshot& tx, absl::string_view id);
// The same, locked until the transaction ends.
absl::StatusOr<Evaluation> GetEvaluationForUpdate(Transaction& tx, absl::string_view id);
// The last one to end of those that succeeded (of one scorecard, unless empty), if any.
absl::StatusOr<std::optional<Evaluation>> NewestEvaluation(Snapshot& tx,
                                                           absl::string_view scorecard_id);
// Newest first.
absl::StatusOr<Page<Evaluation>> ListEvaluations(Snapshot& tx, const PageRequest& page);

}  // namespace kam::store
