#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "model/allocation/plan.h"
#include "model/page.h"
#include "store/transaction.h"

namespace kam::store {

// Replaces all items of a plan.
absl::Status ReplaceItems(Transaction& tx, absl::string_view plan_id,
                          absl::Span<const AllocationItem> items);

// By position; of one account unless `account_id` is empty. INVALID_ARGUMENT (kInvalidPageToken).
absl::StatusOr<Page<AllocationItem>> ListItems(Snapshot& snapshot, absl::string_view plan_id,
                                               absl::string_view account_id, bool granted_only,
                                               const PageRequest& page);
// All that the plan grants, by position.
absl::StatusOr<std::vector<AllocationItem>> GrantedItems(Snapshot& snapshot,
                                                         absl::string_view plan_id);

}  // namespace kam::store
