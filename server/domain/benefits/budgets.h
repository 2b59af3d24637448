#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/benefits/budget.h"
#include "model/error.h"
#include "model/money.h"
#include "store/store.h"

namespace kam::domain {

// What a new budget breaks beyond the declared field rules, with paths under `budget.`.
std::vector<FieldViolation> ViolationsOf(const Budget& budget);

// Adds a budget that was checked. Its limits are the first line of its ledger, so that the balance
// is the sum of the lines from the start. ALREADY_EXISTS.
absl::StatusOr<Budget> CreateBudget(store::Transaction& tx, Budget budget,
                                    absl::string_view principal);

// A change of the limits.
struct BudgetAdjustment {
  std::optional<Money> limit_change;
  int64_t seat_limit_change = 0;
  std::string reason;
  std::string principal;
};

// Moves the limits by one ADJUST line. NOT_FOUND; ABORTED (kEtagMismatch); INVALID_ARGUMENT when
// nothing would change, the currency is another one or the budget counts no seats; OUT_OF_RANGE
// (kAmountOverflow); FAILED_PRECONDITION (kBudgetExceeded, kSeatsExceeded) when what is taken would
// not fit any more.
absl::StatusOr<Budget> AdjustBudget(store::Transaction& tx, absl::string_view id,
                                    absl::string_view etag, const BudgetAdjustment& adjustment);

}  // namespace kam::domain
