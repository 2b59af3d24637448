#pragma once

#include "absl/time/time.h"
#include "domain/benefits/budget.h"
#include "domain/benefits/entitlement.h"
#include "kam/v1/budget.pb.h"
#include "kam/v1/entitlement.pb.h"
#include "rpc/convert.h"

namespace kam::rpc {

// What a caller says of a budget; output-only fields are passed over. What cannot be read becomes a
// violation under `budget.`.
domain::Budget FromProto(const v1::Budget& proto, Violations& violations);

v1::Budget ToProto(const domain::Budget& budget);

// `currency` is the budget's.
v1::BudgetEntry ToProto(const domain::BudgetEntry& entry, absl::string_view currency);

// With its state at `now`.
v1::Entitlement ToProto(const domain::Entitlement& entitlement, absl::Time now);

}  // namespace kam::rpc
