#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "model/benefits/budget.h"

// How lines of the ledger move a budget. No store, no clock.
namespace kam::domain {

// What can still be reserved, in minor units.
inline int64_t AvailableOf(const Budget& budget) {
  return budget.limit - budget.reserved - budget.spent;
}

// Adds a line to a budget's ledger: RESERVE takes, RELEASE gives back, SPEND turns what is reserved
// into spent, ADJUST moves the limits. Moves the balance and gives the line the next number. Times
// of a ledger never run backwards: a line that would be earlier than the one before gets its time.
// The version is the caller's to raise, once for all the lines of a transaction.
// FAILED_PRECONDITION (kBudgetExceeded, kSeatsExceeded), OUT_OF_RANGE (kAmountOverflow), INTERNAL
// when more is given back or spent than is reserved; nothing has changed then.
absl::Status Post(BudgetEntry& line, Budget& budget);

}  // namespace kam::domain
