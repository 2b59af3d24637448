#include "domain/accounts/accounts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "model/accounts/names.h"
#include "model/etag.h"
#include "store/accounts/accounts.h"
#include "store/history/orders.h"

namespace kam::domain {
namespace {

constexpr size_t kMaxLabelLength = 63;

bool IsLabelKey(absl::string_view key) {
  if (key.empty() || key.size() > kMaxLabelLength || !absl::ascii_islower(key[0])) return false;
  return std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-';
  });
}

size_t CodePoints(absl::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

// Adds what is wrong with choosing a parent for an account that has no members yet.
absl::Status CheckParent(store::Transaction& tx, absl::string_view id, const std::string& parent_id,
                         absl::string_view field, std::vector<FieldViolation>& violations) {
  if (parent_id.empty()) return absl::OkStatus();
  if (parent_id == id) {
    violations.push_back({std::string(field), "must not be the account itself"});
    return absl::OkStatus();
  }
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> found, store::FindAccounts(tx, {parent_id}));
  if (found.empty()) {
    violations.push_back(
        {std::string(field), absl::StrCat(AccountName{parent_id}.ToString(), " does not exist")});
  } else if (found[0].delete_time) {
    violations.push_back(
        {std::string(field), absl::StrCat(AccountName{parent_id}.ToString(), " is deleted")});
  }
  return absl::OkStatus();
}

// Locks `id` together with its new parent and all accounts above that, so that no other change of
// the hierarchy can close a circle at the same time; answers the parent and the accounts above it.
absl::StatusOr<std::vector<std::string>> LockLineage(store::Transaction& tx, absl::string_view id,
                                                     absl::string_view parent_id) {
  std::vector<std::string> locked;
  for (;;) {
    KAM_ASSIGN_OR_RETURN(std::vector<std::string> lineage, store::ListAncestry(tx, parent_id));
    const bool stable = std::all_of(lineage.begin(), lineage.end(), [&](const std::string& above) {
      return std::binary_search(locked.begin(), locked.end(), above);
    });
    if (stable) return lineage;
    locked = lineage;
    locked.emplace_back(id);
    std::sort(locked.begin(), locked.end());
    locked.erase(std::unique(locked.begin(), locked.end()), locked.end());
    KAM_RETURN_IF_ERROR(store::LockAccounts(tx, locked).status());
  }
}

// An amount must be in the currency that the account has.
void CheckCurrency(const AccountUpdate& update, absl::string_view field, absl::string_view given,
                   absl::string_view currency, std::vector<FieldViolation>& violations) {
  if (!update.Takes(field) || given.empty() || given == currency) return;
  violations.push_back({absl::StrCat("account.", field, ".currency_code"),
                        absl::StrCat("must be ", currency, ", is ", given)});
}

AccountContent Updated(const AccountContent& content, const AccountUpdate& update,
                       std::vector<FieldViolation>& violations) {
  AccountContent updated = Updated<AccountContent>(content, update, kAccountFields);
  if (!update.wanted.currency.empty() && updated.currency != content.currency) {
    violations.push_back(
        {"account.currency_code", absl::StrCat("cannot be changed; it is ", content.currency)});
  }
  updated.currency = content.currency;
  CheckCurrency(update, "declared_annual_spend", update.spend_currency, content.currency,
                violations);
  CheckCurrency(update, "marketing_budget", update.budget_currency, content.currency, violations);
  return updated;
}

// The account, locked, unless it is deleted or the etag is not its own.
absl::StatusOr<Account> LockInUse(store::Transaction& tx, const AccountName& name,
                                  absl::string_view etag) {
  KAM_ASSIGN_OR_RETURN(Account account, store::LockAccount(tx, name.account));
  if (account.delete_time) return Deleted(name.ToString());
  KAM_RETURN_IF_ERROR(CheckEtag(name.ToString(), etag, account.version));
  return account;
}

// Stores a changed account.
absl::StatusOr<Account> Store(store::Transaction& tx, Account account, absl::Time now,
                              ChangeKind kind) {
  ++account.version;
  account.update_time = std::max(now, account.update_time);
  KAM_RETURN_IF_ERROR(store::UpdateAccount(tx, account, kind));
  return account;
}

}  // namespace

void CheckContent(const AccountContent& content, absl::string_view path,
                  std::vector<FieldViolation>& violations) {
  for (const auto& [key, value] : content.labels) {
    const std::string field = absl::StrCat(path, "labels[", key, "]");
    if (!IsLabelKey(key)) {
      violations.push_back({field, "a key must match [a-z][a-z0-9_-]{0,62}"});
    }
    if (CodePoints(value) > kMaxLabelLength) {
      violations.push_back({field, "a value has at most 63 characters"});
    } else if (value.find('\0') != std::string::npos) {
      violations.push_back({field, "must not contain a NUL character"});
    }
  }
  for (size_t i = 1; i < content.external_ids.size(); ++i) {
    const ExternalId& id = content.external_ids[i];
    if (id == content.external_ids[i - 1]) {
      violations.push_back({absl::StrCat(path, "external_ids"),
                            absl::StrCat(id.system, " '", id.id, "' is given twice")});
    }
  }
}

absl::StatusOr<Account> CreateAccount(store::Transaction& tx, AccountDraft draft) {
  KAM_ASSIGN_OR_RETURN(const absl::Time now, store::BeginRecording(tx));
  std::vector<FieldViolation> violations = std::move(draft.violations);
  CheckContent(draft.content, "account.", violations);
  KAM_RETURN_IF_ERROR(
      CheckParent(tx, draft.id, draft.content.parent_id, "account.parent_account", violations));
  if (!violations.empty()) return InvalidFields(std::move(violations));

  Account account{.id = draft.id.empty() ? NewTimeOrderedId(now) : std::move(draft.id),
                  .content = std::move(draft.content),
                  .version = 1,
                  .create_time = now,
                  .update_time = now,
                  .delete_time = std::nullopt};
  KAM_RETURN_IF_ERROR(store::InsertAccount(tx, account));
  return account;
}

absl::StatusOr<Account> UpdateAccount(store::Transaction& tx, const AccountName& name,
                                      const AccountUpdate& update) {
  KAM_ASSIGN_OR_RETURN(const absl::Time now, store::BeginRecording(tx));
  const std::string& id = name.account;
  std::vector<std::string> lineage;
  if (update.Takes("parent_account") && !update.wanted.parent_id.empty()) {
    KAM_ASSIGN_OR_RETURN(lineage, LockLineage(tx, id, update.wanted.parent_id));
  }
  KAM_ASSIGN_OR_RETURN(Account account, LockInUse(tx, name, update.etag));

  std::vector<FieldViolation> violations = update.violations;
  AccountContent content = Updated(account.content, update, violations);
  CheckContent(content, "account.", violations);
  if (content.parent_id != account.content.parent_id) {
    constexpr absl::string_view kField = "account.parent_account";
    KAM_RETURN_IF_ERROR(CheckParent(tx, id, content.parent_id, kField, violations));
    if (content.parent_id != id && std::count(lineage.begin(), lineage.end(), id) > 0) {
      violations.push_back(
          {std::string(kField),
           absl::StrCat(AccountName{content.parent_id}.ToString(), " belongs to this account")});
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (content == account.content) return account;
  account.content = std::move(content);
  return Store(tx, std::move(account), now, ChangeKind::kAccountUpdated);
}

absl::StatusOr<Account> DeleteAccount(store::Transaction& tx, const AccountName& name,
                                      absl::string_view etag) {
  KAM_ASSIGN_OR_RETURN(const absl::Time now, store::BeginRecording(tx));
  KAM_ASSIGN_OR_RETURN(Account account, LockInUse(tx, name, etag));
  account.delete_time = now;
  return Store(tx, std::move(account), now, ChangeKind::kAccountDeleted);
}

absl::StatusOr<Account> UndeleteAccount(store::Transaction& tx, const AccountName& name) {
  KAM_ASSIGN_OR_RETURN(const absl::Time now, store::BeginRecording(tx));
  KAM_ASSIGN_OR_RETURN(Account account, store::LockAccount(tx, name.account));
  if (!account.delete_time) return WrongState(name.ToString(), "ACTIVE", "DELETED");
  account.delete_time.reset();
  return Store(tx, std::move(account), now, ChangeKind::kAccountUndeleted);
}

absl::StatusOr<std::vector<Account>> BatchGetAccounts(store::Snapshot& tx,
                                                      const std::vector<std::string>& ids) {
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> found, store::FindAccounts(tx, ids));
  std::map<absl::string_view, const Account*> by_id;
  for (const Account& account : found) by_id[account.id] = &account;
  std::vector<Account> accounts;
  for (const std::string& id : ids) {
    const auto account = by_id.find(id);
    if (account == by_id.end()) return NotFound(AccountName{id}.ToString());
    accounts.push_back(*account->second);
  }
  return accounts;
}

absl::StatusOr<Account> LookupAccount(store::Snapshot& tx, const ExternalId& external_id) {
  KAM_ASSIGN_OR_RETURN(const std::string id, store::FindByExternalId(tx, external_id));
  return store::GetAccount(tx, id);
}

}  // namespace kam::domain
