#pragma once

#include "absl/status/statusor.h"
#include "model/accounts/account.h"
#include "model/page.h"
#include "store/engine/session.h"

namespace kam::store {

// AccountTable::List: one statement for each order and direction, each along its own index.
absl::StatusOr<Page<Account>> ListAccounts(Session& session, const AccountQuery& query,
                                           const PageRequest& page);

}  // namespace kam::store
