#pragma once

#include <cstdint>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "model/history/account_history.h"
#include "store/history/cut.h"
#include "store/transaction.h"

// The ways to accounts' histories: the rollups, and the raw versions as known at a time. Orders
// before `until_day` only. Account attributes are always today's.
namespace kam::store {

using VisitHistory = absl::FunctionRef<absl::Status(AccountHistory)>;

// Hands the history of every account that is not deleted to `visit`, in the order of account ids;
// an error of `visit` ends the reading. Without `known_at` from the rollups, as of now; with it
// from the raw versions as known then, of accounts that were created by then.
absl::Status ReadHistories(Snapshot& tx, int32_t until_day, std::optional<absl::Time> known_at,
                           VisitHistory visit);
// The same as known at the cut in whose snapshot `tx` reads: from the rollups, but for the few
// accounts that changed meanwhile.
absl::Status ReadHistories(Snapshot& tx, int32_t until_day, const Cut& cut, VisitHistory visit);

}  // namespace kam::store
