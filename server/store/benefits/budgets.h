#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "model/benefits/budget.h"
#include "model/changes/change.h"
#include "model/page.h"
#include "store/transaction.h"

// Budgets and their ledger. A budget's row is the sum of its lines: what moves it is computed by
// domain/benefits/ledger.h on a locked row and written here, the row and its lines in the same
// transaction.
namespace kam::store {

// ALREADY_EXISTS.
absl::Status InsertBudget(Transaction& tx, const Budget& budget);
// Replaces locked budgets, each of which has taken one step from the version it was read at.
// INTERNAL when one was not at that version; a broken limit comes back as ConstraintOf tells.
absl::Status UpdateBudgets(Transaction& tx, absl::Span<const Budget> budgets, ChangeKind kind);

// NOT_FOUND.
absl::StatusOr<Budget> GetBudget(Snapshot& snapshot, absl::string_view id);
// Locked until the transaction ends; lock budgets after everything else. NOT_FOUND.
absl::StatusOr<Budget> GetBudgetForUpdate(Transaction& tx, absl::string_view id);
// Those that exist, by id.
absl::StatusOr<std::vector<Budget>> FindBudgets(Snapshot& snapshot,
                                                absl::Span<const std::string> ids);
// The same, locked in the order of their ids.
absl::StatusOr<std::vector<Budget>> FindBudgetsForUpdate(Transaction& tx,
                                                         absl::Span<const std::string> ids);
// By id. INVALID_ARGUMENT (kInvalidPageToken).
absl::StatusOr<Page<Budget>> ListBudgets(Snapshot& snapshot, const PageRequest& page);

// Adds lines that have their numbers. A line has no version of its own: its budget's change tells
// of it.
absl::Status InsertEntries(Transaction& tx, absl::Span<const BudgetEntry> entries);
// Newest first. INVALID_ARGUMENT (kInvalidPageToken).
absl::StatusOr<Page<BudgetEntry>> ListEntries(Snapshot& snapshot, absl::string_view budget_id,
                                              const PageRequest& page);

}  // namespace kam::store
