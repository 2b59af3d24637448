#pragma once

#include "absl/time/time.h"
#include "kam/v1/budget.pb.h"
#include "kam/v1/entitlement.pb.h"
#include "model/benefits/budget.h"
#include "model/benefits/entitlement.h"
#include "rpc/contract/convert.h"

namespace kam::rpc {

// What a caller says of a budget; output-only fields are passed over. What cannot be read becomes a
// violation under `budget.`.
Budget FromProto(const v1::Budget& proto, Violations& violations);

v1::Budget ToProto(const Budget& budget);

// `currency` is the budget's.
v1::BudgetEntry ToProto(const BudgetEntry& entry, absl::string_view currency);

// With its state at `now`.
v1::Entitlement ToProto(const Entitlement& entitlement, absl::Time now);

}  // namespace kam::rpc
