#include "domain/benefits/budgets.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/benefits/ledger.h"
#include "model/benefits/names.h"
#include "model/etag.h"
#include "store/benefits/budgets.h"

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

absl::StatusOr<Budget> CreateBudget(store::Transaction& tx, Budget budget,
                                    absl::string_view principal) {
  BudgetEntry first = {.kind = BudgetEntryKind::kAdjust,
                       .amount = budget.limit,
                       .seats = budget.seat_limit.value_or(0),
                       .reason = "created",
                       .principal = std::string(principal),
                       .create_time = tx.now()};
  budget.limit = 0;
  if (budget.seat_limit) budget.seat_limit = 0;
  budget.reserved = budget.spent = budget.seats_reserved = budget.entries = 0;
  budget.version = 1;
  budget.create_time = tx.now();
  budget.update_time = tx.now();
  KAM_RETURN_IF_ERROR(Post(first, budget));
  KAM_RETURN_IF_ERROR(store::InsertBudget(tx, budget));
  KAM_RETURN_IF_ERROR(store::InsertEntries(tx, {&first, 1}));
  return budget;
}

absl::StatusOr<Budget> AdjustBudget(store::Transaction& tx, absl::string_view id,
                                    absl::string_view etag, const BudgetAdjustment& adjustment) {
  KAM_ASSIGN_OR_RETURN(Budget budget, store::GetBudgetForUpdate(tx, id));
  KAM_RETURN_IF_ERROR(CheckEtag(BudgetName{budget.id}.ToString(), etag, budget.version));
  KAM_RETURN_IF_ERROR(CheckAdjustment(budget, adjustment));
  BudgetEntry line = {.kind = BudgetEntryKind::kAdjust,
                      .amount = adjustment.limit_change ? adjustment.limit_change->minor : 0,
                      .seats = adjustment.seat_limit_change,
                      .reason = adjustment.reason,
                      .principal = adjustment.principal,
                      .create_time = tx.now()};
  KAM_RETURN_IF_ERROR(Post(line, budget));
  ++budget.version;
  KAM_RETURN_IF_ERROR(store::UpdateBudgets(tx, {&budget, 1}, ChangeKind::kBudgetAdjusted));
  KAM_RETURN_IF_ERROR(store::InsertEntries(tx, {&line, 1}));
  return budget;
}

}  // namespace kam::domain
