#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "model/accounts/account.h"
#include "model/error.h"
#include "model/money.h"
#include "model/page.h"
#include "model/receipt.h"
#include "store/store.h"

namespace kam::domain {

// An account to create, as the caller sent it.
struct AccountDraft {
  std::string id;    // empty: one is made
  std::string path;  // of its row in the request, such as `requests[3].`
  AccountContent content;
  std::vector<FieldViolation> violations;  // what was wrong with it so far
};

// What to change of an account; what is absent stays.
struct AccountPatch {
  std::optional<std::string> display_name;
  std::optional<std::string> parent_id;
  std::optional<std::vector<ExternalId>> external_ids;  // sorted, distinct
  std::optional<std::string> currency;                  // may only repeat what is stored
  std::optional<std::string> industry;
  std::optional<std::optional<Money>> declared_annual_spend;  // an inner nullopt clears it
  std::optional<std::optional<Money>> marketing_budget;
  std::optional<std::map<std::string, std::string>> labels;
  std::vector<FieldViolation> violations;  // what was wrong with the request so far
};

// The rules of accounts. Every change is stamped with the store's record time, so that a cut of the
// facts (store::Store::ReadAtCut) is a cut of the accounts too. Thread-safe.
class Accounts {
 public:
  // INVALID_ARGUMENT; ALREADY_EXISTS (kResourceAlreadyExists, kExternalIdTaken).
  absl::StatusOr<Account> Create(store::Transaction& tx, AccountDraft draft) const;
  // Creates the drafts that are good: rows with an id that exists count as unchanged when the
  // content is the same and are rejected otherwise. A row may be the parent of another. Without
  // `allow_partial` the first rejection is the call's error.
  absl::StatusOr<Receipt> BatchCreate(store::Transaction& tx, std::vector<AccountDraft> drafts,
                                      bool allow_partial) const;
  // NOT_FOUND; FAILED_PRECONDITION (kResourceDeleted); ABORTED (kEtagMismatch); INVALID_ARGUMENT;
  // ALREADY_EXISTS (kExternalIdTaken). A patch that changes nothing leaves the etag as it is.
  absl::StatusOr<Account> Update(store::Transaction& tx, absl::string_view id,
                                 absl::string_view etag, const AccountPatch& patch) const;
  // NOT_FOUND; FAILED_PRECONDITION (kResourceDeleted); ABORTED (kEtagMismatch).
  absl::StatusOr<Account> Delete(store::Transaction& tx, absl::string_view id,
                                 absl::string_view etag) const;
  // NOT_FOUND; FAILED_PRECONDITION (kWrongState).
  absl::StatusOr<Account> Undelete(store::Transaction& tx, absl::string_view id) const;
  // In the order of `ids`. NOT_FOUND names the first missing one.
  absl::StatusOr<std::vector<Account>> BatchGet(store::Snapshot& tx,
                                                const std::vector<std::string>& ids) const;
  // NOT_FOUND.
  absl::StatusOr<Account> Lookup(store::Snapshot& tx, const ExternalId& external_id) const;
};

// Adds what is wrong with an account's content as such; `path` is that of the account with a dot at
// the end, such as `account.`.
void CheckContent(const AccountContent& content, absl::string_view path,
                  std::vector<FieldViolation>& violations);

}  // namespace kam::domain
