#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "model/benefits/grantee.h"
#include "store/benefits/entitlements.h"
#include "store/transaction.h"

namespace kam::store {

// Accounts with their newest assessments, the accounts locked in the order of their ids until the
// transaction ends: whoever holds the lock alone knows what the account holds. One statement. Those
// that do not exist are left out, and with kSkip those that another transaction has locked.
absl::StatusOr<std::vector<Grantee>> LockGrantees(Transaction& tx,
                                                  absl::Span<const std::string> account_ids,
                                                  Locked locked);

// Which of these accounts exist.
absl::StatusOr<std::vector<std::string>> ExistingAccounts(
    Snapshot& snapshot, absl::Span<const std::string> account_ids);

}  // namespace kam::store
