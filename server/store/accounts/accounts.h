#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "model/accounts/account.h"
#include "model/changes/change.h"
#include "model/page.h"
#include "store/transaction.h"

// Accounts and their external ids. Reads answer deleted accounts too.
namespace kam::store {

// NOT_FOUND.
absl::StatusOr<Account> GetAccount(Snapshot& tx, absl::string_view id);
// Those that exist, in no order.
absl::StatusOr<std::vector<Account>> FindAccounts(Snapshot& tx, absl::Span<const std::string> ids);
// The same, locked against other writers, in the order of their ids, until the transaction ends.
absl::StatusOr<std::vector<Account>> LockAccounts(Transaction& tx,
                                                  absl::Span<const std::string> ids,
                                                  Locked locked = Locked::kWait);
// NOT_FOUND.
absl::StatusOr<Account> LockAccount(Transaction& tx, absl::string_view id);

// The id of the account that has an external id. NOT_FOUND.
absl::StatusOr<std::string> FindByExternalId(Snapshot& tx, const ExternalId& external_id);
// Which of these external ids are taken, with the account id that has each.
absl::StatusOr<std::vector<std::pair<ExternalId, std::string>>> FindTakenExternalIds(
    Snapshot& tx, absl::Span<const ExternalId> external_ids);
// The ids of `id` and its ancestors, nearest first; stops at a missing one.
absl::StatusOr<std::vector<std::string>> ListAncestry(Snapshot& tx, absl::string_view id);
// One page, in the order of the query, each along its own index.
absl::StatusOr<Page<Account>> ListAccounts(Snapshot& tx, const AccountQuery& query,
                                           const PageRequest& page);

// Adds a new account with its external ids. ALREADY_EXISTS (kResourceAlreadyExists,
// kExternalIdTaken).
absl::Status InsertAccount(Transaction& tx, const Account& account);
// Adds those of `accounts` whose id is free and answers their ids, ascending; the caller has made
// sure that no external id is taken. ALREADY_EXISTS (kExternalIdTaken) on a race.
absl::StatusOr<std::vector<std::string>> InsertNewAccounts(Transaction& tx,
                                                           absl::Span<const Account> accounts);
// Replaces an account that the caller has locked. ALREADY_EXISTS (kExternalIdTaken).
absl::Status UpdateAccount(Transaction& tx, const Account& account, ChangeKind kind);

}  // namespace kam::store
