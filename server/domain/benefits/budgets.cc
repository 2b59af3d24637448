#include "domain/benefits/budgets.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/etag.h"
#include "model/names.h"

namespace kam::domain {
namespace {

absl::Status CheckAdjustment(const Budget& budget, const BudgetAdjustment& adjustment) {
  std::vector<FieldViolation> found;
  const bool moves_money = adjustment.limit_change && adjustment.limit_change->minor != 0;
  if (!moves_money && adjustment.seat_limit_change == 0) {
    found.push_back({"limit_change", "must not be 0 when seat_limit_change is 0"});
  }
  if (adjustment.limit_change && adjustment.limit_change->currency != budget.currency) {
    found.push_back({"limit_change.currency_code",
                     absl::StrCat("must be ", budget.currency, ", the currency of the budget, is ",
                                  adjustment.limit_change->currency)});
  }
  if (adjustment.seat_limit_change != 0 && !budget.seat_limit) {
    found.push_back({"seat_limit_change", "must be 0: the budget has no seat limit"});
  }
  return found.empty() ? absl::OkStatus() : InvalidFields(std::move(found));
}

}  // namespace

std::vector<FieldViolation> ViolationsOf(const Budget& budget) {
  if (budget.end_time > budget.start_time) return {};
  return {{"budget.end_time", "must be after start_time"}};
}

absl::StatusOr<Budget> CreateBudget(store::Transaction& tx, const Budget& budget,
                                    absl::string_view principal, absl::Time now) {
  Budget empty = budget;
  empty.limit = 0;
  if (empty.seat_limit) empty.seat_limit = 0;
  empty.reserved = empty.spent = empty.seats_reserved = empty.entries = 0;
  empty.version = 0;
  empty.create_time = now;
  empty.update_time = now;
  KAM_RETURN_IF_ERROR(tx.benefits().InsertBudget(empty));
  const BudgetEntry first = {.budget_id = budget.id,
                             .kind = BudgetEntryKind::kAdjust,
                             .amount = budget.limit,
                             .seats = budget.seat_limit.value_or(0),
                             .reason = "created",
                             .principal = std::string(principal),
                             .create_time = now};
  KAM_RETURN_IF_ERROR(tx.benefits().ApplyEntries(budget.id, {&first, 1}));
  KAM_RETURN_IF_ERROR(tx.calls().AppendChange("budget.created", "", BudgetName(budget.id)));
  return tx.benefits().GetBudget(budget.id);
}

absl::StatusOr<Budget> AdjustBudget(store::Transaction& tx, absl::string_view id,
                                    absl::string_view etag, const BudgetAdjustment& adjustment,
                                    absl::Time now) {
  KAM_ASSIGN_OR_RETURN(const Budget budget, tx.benefits().GetBudgetForUpdate(id));
  KAM_RETURN_IF_ERROR(CheckEtag(BudgetName(id), etag, budget.version));
  KAM_RETURN_IF_ERROR(CheckAdjustment(budget, adjustment));
  const int64_t change = adjustment.limit_change ? adjustment.limit_change->minor : 0;
  KAM_RETURN_IF_ERROR(CheckedAdd(budget.limit, change).status());
  const BudgetEntry line = {.budget_id = budget.id,
                            .kind = BudgetEntryKind::kAdjust,
                            .amount = change,
                            .seats = adjustment.seat_limit_change,
                            .reason = adjustment.reason,
                            .principal = adjustment.principal,
                            .create_time = now};
  KAM_RETURN_IF_ERROR(tx.benefits().ApplyEntries(id, {&line, 1}));
  KAM_RETURN_IF_ERROR(tx.calls().AppendChange("budget.adjusted", "", BudgetName(id)));
  return tx.benefits().GetBudget(id);
}

}  // namespace kam::domain
