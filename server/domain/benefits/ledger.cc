#include "domain/benefits/ledger.h"

#include <algorithm>

#include "base/status_macros.h"
#include "model/benefits/errors.h"
#include "model/error.h"
#include "model/money.h"

namespace kam::domain {
namespace {

absl::Status Reserve(const BudgetEntry& line, Budget& budget) {
  const int64_t available = AvailableOf(budget);
  if (line.amount > available) {
    return BudgetExceeded(budget.id, available, line.amount, budget.currency);
  }
  KAM_ASSIGN_OR_RETURN(const int64_t seats, CheckedAdd(budget.seats_reserved, line.seats));
  if (budget.seat_limit && seats > *budget.seat_limit) {
    return SeatsExceeded(budget.id, *budget.seat_limit - budget.seats_reserved, line.seats);
  }
  budget.reserved += line.amount;
  budget.seats_reserved = seats;
  return absl::OkStatus();
}

absl::Status Release(const BudgetEntry& line, Budget& budget) {
  if (line.amount > budget.reserved || line.seats > budget.seats_reserved) {
    return Internal("more is given back than is reserved");
  }
  budget.reserved -= line.amount;
  budget.seats_reserved -= line.seats;
  return absl::OkStatus();
}

absl::Status Spend(const BudgetEntry& line, Budget& budget) {
  if (line.amount > budget.reserved) return Internal("more is spent than is reserved");
  budget.reserved -= line.amount;
  budget.spent += line.amount;
  return absl::OkStatus();
}

absl::Status Adjust(const BudgetEntry& line, Budget& budget) {
  KAM_ASSIGN_OR_RETURN(const int64_t limit, CheckedAdd(budget.limit, line.amount));
  KAM_ASSIGN_OR_RETURN(const int64_t seat_limit,
                       CheckedAdd(budget.seat_limit.value_or(0), line.seats));
  if (limit < budget.reserved + budget.spent) {
    return BudgetExceeded(budget.id, AvailableOf(budget), -line.amount, budget.currency);
  }
  if (budget.seat_limit && seat_limit < budget.seats_reserved) {
    return SeatsExceeded(budget.id, *budget.seat_limit - budget.seats_reserved, -line.seats);
  }
  budget.limit = limit;
  if (budget.seat_limit) budget.seat_limit = seat_limit;
  return absl::OkStatus();
}

absl::Status Move(const BudgetEntry& line, Budget& budget) {
  switch (line.kind) {
    case BudgetEntryKind::kReserve:
      return Reserve(line, budget);
    case BudgetEntryKind::kRelease:
      return Release(line, budget);
    case BudgetEntryKind::kSpend:
      return Spend(line, budget);
    case BudgetEntryKind::kAdjust:
      return Adjust(line, budget);
  }
  return Internal("a line of no known kind");
}

}  // namespace

absl::Status Post(BudgetEntry& line, Budget& budget) {
  KAM_RETURN_IF_ERROR(Move(line, budget));
  line.budget_id = budget.id;
  line.number = ++budget.entries;
  line.create_time = std::max(line.create_time, budget.update_time);
  budget.update_time = line.create_time;
  return absl::OkStatus();
}

}  // namespace kam::domain
