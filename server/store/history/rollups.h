#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "model/history/account_history.h"
#include "store/transaction.h"

// What the completed orders of an account add up to in a month.
namespace kam::store {

// An account and the first day of a month, since 1970-01-01.
using MonthKey = std::pair<std::string, int32_t>;

// Those that have completed orders, in no order.
absl::StatusOr<std::vector<MonthTotals>> FindMonths(Snapshot& tx, absl::Span<const MonthKey> keys);

// Replaces the rollups of these months, whose accounts are locked; one without days goes.
absl::Status SaveMonths(Transaction& tx, absl::Span<const MonthTotals> months);

}  // namespace kam::store
