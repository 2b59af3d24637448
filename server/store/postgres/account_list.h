#pragma once

#include "absl/status/statusor.h"
#include "domain/accounts/account.h"
#include "domain/page.h"
#include "store/postgres/session.h"

namespace kam::store::postgres {

// AccountTable::List: one statement for each order and direction, each along its own index.
absl::StatusOr<domain::Page<domain::Account>> ListAccounts(Session& session,
                                                           const domain::AccountQuery& query,
                                                           const domain::PageRequest& page);

}  // namespace kam::store::postgres
