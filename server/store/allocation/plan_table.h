#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "model/allocation/plan.h"
#include "model/page.h"

namespace kam::store {

// Allocation plans and their items. Part of a Transaction.
class PlanTable {
 public:
  virtual ~PlanTable() = default;

  virtual absl::Status Insert(const AllocationPlan& plan) = 0;
  // NOT_FOUND.
  virtual absl::StatusOr<AllocationPlan> Get(absl::string_view id) = 0;
  virtual absl::StatusOr<AllocationPlan> GetForUpdate(absl::string_view id) = 0;
  virtual absl::Status Update(const AllocationPlan& plan) = 0;
  // Newest first.
  virtual absl::StatusOr<Page<AllocationPlan>> List(const PageRequest& page) = 0;

  // Replaces the items of a plan.
  virtual absl::Status ReplaceItems(absl::string_view plan_id,
                                    absl::Span<const AllocationItem> items) = 0;
  // In the order of their positions; of one account unless `account_id` is empty.
  virtual absl::StatusOr<Page<AllocationItem>> ListItems(absl::string_view plan_id,
                                                         absl::string_view account_id,
                                                         bool granted_only,
                                                         const PageRequest& page) = 0;
  // All granted ones, by position.
  virtual absl::StatusOr<std::vector<AllocationItem>> GrantedItems(absl::string_view plan_id) = 0;
};

}  // namespace kam::store
