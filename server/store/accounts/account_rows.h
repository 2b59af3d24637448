#pragma once

#include <string>
#include <vector>

#include "model/accounts/account.h"
#include "store/engine/session.h"

namespace kam::store {

// What every query of accounts selects, in the order that ReadAccount expects.
#define KAM_ACCOUNT_COLUMNS                                                \
  "account_id, display_name, parent_id, external_ids, currency, industry," \
  " declared_annual_spend, marketing_budget, labels, version,"             \
  " CAST(extract(epoch FROM create_time) * 1000000 AS bigint),"            \
  " CAST(extract(epoch FROM update_time) * 1000000 AS bigint),"            \
  " CAST(extract(epoch FROM delete_time) * 1000000 AS bigint)"

Account ReadAccount(const Rows& rows, int row);
std::vector<Account> ReadAccounts(const Rows& rows);

// The jsonb columns of an account.
std::string ExternalIdsJson(const std::vector<ExternalId>& ids);
std::string LabelsJson(const AccountContent& content);

}  // namespace kam::store
