#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "domain/allocation/plan.h"
#include "domain/page.h"

namespace kam::store {

// Allocation plans and their items. Part of a Transaction.
class PlanTable {
 public:
  virtual ~PlanTable() = default;

  virtual absl::Status Insert(const domain::AllocationPlan& plan) = 0;
  // NOT_FOUND.
  virtual absl::StatusOr<domain::AllocationPlan> Get(absl::string_view id) = 0;
  virtual absl::StatusOr<domain::AllocationPlan> GetForUpdate(absl::string_view id) = 0;
  virtual absl::Status Update(const domain::AllocationPlan& plan) = 0;
  // Newest first.
  virtual absl::StatusOr<domain::Page<domain::AllocationPlan>> List(
      const domain::PageRequest& page) = 0;

  // Replaces the items of a plan.
  virtual absl::Status ReplaceItems(absl::string_view plan_id,
                                    absl::Span<const domain::AllocationItem> items) = 0;
  // In the order of their positions; of one account unless `account_id` is empty.
  virtual absl::StatusOr<domain::Page<domain::AllocationItem>> ListItems(
      absl::string_view plan_id, absl::string_view account_id, bool granted_only,
      const domain::PageRequest& page) = 0;
  // All granted ones, by position.
  virtual absl::StatusOr<std::vector<domain::AllocationItem>> GrantedItems(
      absl::string_view plan_id) = 0;
};

}  // namespace kam::store
