#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kam/v1/allocation_plan.pb.h"
#include "model/allocation/plan.h"
#include "store/store.h"

namespace kam::rpc {

v1::AllocationPlan ToProto(const AllocationPlan& plan);

// `currency` is the plan's.
v1::AllocationItem ToProto(const AllocationItem& item, absl::string_view currency);

// The plan of this id as the contract shows it. NOT_FOUND.
absl::StatusOr<v1::AllocationPlan> LoadPlan(store::Snapshot& snapshot, absl::string_view id);

}  // namespace kam::rpc
