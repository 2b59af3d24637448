#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/accounts/account.h"

namespace kam::rpc {

// `filter` of ListAccounts, as account_service.proto describes it; empty means no condition.
// INVALID_ARGUMENT (kInvalidFilter) with the position, counted in bytes from 1, of what is wrong.
absl::StatusOr<std::vector<AccountFilterTerm>> ParseAccountFilter(absl::string_view filter);

// `order_by` of ListAccounts into `query`. INVALID_ARGUMENT (kInvalidFilter).
absl::Status ParseAccountOrder(absl::string_view order_by, AccountQuery& query);

}  // namespace kam::rpc
