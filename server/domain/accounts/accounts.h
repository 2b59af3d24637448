#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "domain/update.h"
#include "model/accounts/account.h"
#include "model/accounts/names.h"
#include "model/error.h"
#include "model/receipt.h"
#include "store/transaction.h"

namespace kam::domain {

// An account to create, as the caller sent it.
struct AccountDraft {
  std::string id;    // empty: one is made
  std::string path;  // of its row in the request, such as `requests[3].`
  AccountContent content;
  std::vector<FieldViolation> violations;  // what was wrong with it so far
};

// What callers may change of an account.
inline constexpr auto kAccountFields =
    std::tuple(Updatable("display_name", &AccountContent::display_name),
               Updatable("parent_account", &AccountContent::parent_id),
               Updatable("external_ids", &AccountContent::external_ids),
               Updatable("currency_code", &AccountContent::currency),  // to what it is
               Updatable("industry", &AccountContent::industry),
               Updatable("declared_annual_spend", &AccountContent::declared_annual_spend),
               Updatable("marketing_budget", &AccountContent::marketing_budget),
               Updatable("labels", &AccountContent::labels));

// An update with what the caller said of currencies; empty where nothing was said.
struct AccountUpdate : Update<AccountContent> {
  std::string spend_currency;   // of declared_annual_spend
  std::string budget_currency;  // of marketing_budget
};

// The rules of accounts. Every change is stamped with the store's record time, so that a cut of the
// facts (store::Store::ReadAtCut) is a cut of the accounts too.

// INVALID_ARGUMENT; ALREADY_EXISTS (kResourceAlreadyExists, kExternalIdTaken).
absl::StatusOr<Account> CreateAccount(store::Transaction& tx, AccountDraft draft);
// Creates the drafts that are good: rows with an id that exists count as unchanged when the content
// is the same and are rejected otherwise. A row may be the parent of another. Without
// `allow_partial` the first rejection is the call's error.
absl::StatusOr<Receipt> BatchCreateAccounts(store::Transaction& tx,
                                            std::vector<AccountDraft> drafts, bool allow_partial);
// NOT_FOUND; FAILED_PRECONDITION (kResourceDeleted); ABORTED (kEtagMismatch); INVALID_ARGUMENT;
// ALREADY_EXISTS (kExternalIdTaken). An update that changes nothing leaves the etag as it is.
absl::StatusOr<Account> UpdateAccount(store::Transaction& tx, const AccountName& name,
                                      const AccountUpdate& update);
// NOT_FOUND; FAILED_PRECONDITION (kResourceDeleted); ABORTED (kEtagMismatch).
absl::StatusOr<Account> DeleteAccount(store::Transaction& tx, const AccountName& name,
                                      absl::string_view etag);
// NOT_FOUND; FAILED_PRECONDITION (kWrongState).
absl::StatusOr<Account> UndeleteAccount(store::Transaction& tx, const AccountName& name);
// In the order of `ids`. NOT_FOUND names the first missing one.
absl::StatusOr<std::vector<Account>> BatchGetAccounts(store::Snapshot& tx,
                                                      const std::vector<std::string>& ids);
// NOT_FOUND.
absl::StatusOr<Account> LookupAccount(store::Snapshot& tx, const ExternalId& external_id);

// Adds what is wrong with an account's content as such; `path` is that of the account with a dot at
// the end, such as `account.`.
void CheckContent(const AccountContent& content, absl::string_view path,
                  std::vector<FieldViolation>& violations);

}  // namespace kam::domain
