#include "domain/accounts/accounts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "model/etag.h"
#include "model/names.h"

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
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> found, tx.accounts().Find({parent_id}));
  if (found.empty()) {
    violations.push_back(
        {std::string(field), absl::StrCat(AccountName(parent_id), " does not exist")});
  } else if (found[0].delete_time) {
    violations.push_back({std::string(field), absl::StrCat(AccountName(parent_id), " is deleted")});
  }
  return absl::OkStatus();
}

// Locks `id` together with its new parent and all accounts above that, so that no other change of
// the hierarchy can close a circle at the same time; answers the parent and the accounts above it.
absl::StatusOr<std::vector<std::string>> LockLineage(store::Transaction& tx, absl::string_view id,
                                                     absl::string_view parent_id) {
  std::vector<std::string> locked;
  for (;;) {
    KAM_ASSIGN_OR_RETURN(std::vector<std::string> lineage, tx.accounts().Ancestry(parent_id));
    const bool stable = std::all_of(lineage.begin(), lineage.end(), [&](const std::string& above) {
      return std::binary_search(locked.begin(), locked.end(), above);
    });
    if (stable) return lineage;
    locked = lineage;
    locked.emplace_back(id);
    std::sort(locked.begin(), locked.end());
    locked.erase(std::unique(locked.begin(), locked.end()), locked.end());
    KAM_RETURN_IF_ERROR(tx.accounts().FindForUpdate(locked).status());
  }
}

void PatchMoney(const std::optional<std::optional<Money>>& patch, absl::string_view currency,
                absl::string_view field, std::optional<int64_t>& amount,
                std::vector<FieldViolation>& violations) {
  if (!patch) return;
  if (*patch && (*patch)->currency != currency) {
    violations.push_back({absl::StrCat(field, ".currency_code"),
                          absl::StrCat("must be ", currency, ", is ", (*patch)->currency)});
    return;
  }
  amount = *patch ? std::optional<int64_t>((*patch)->minor) : std::nullopt;
}

AccountContent Patched(AccountContent content, const AccountPatch& patch,
                       std::vector<FieldViolation>& violations) {
  if (patch.display_name) content.display_name = *patch.display_name;
  if (patch.parent_id) content.parent_id = *patch.parent_id;
  if (patch.external_ids) content.external_ids = *patch.external_ids;
  if (patch.industry) content.industry = *patch.industry;
  if (patch.labels) content.labels = *patch.labels;
  if (patch.currency && *patch.currency != content.currency) {
    violations.push_back(
        {"account.currency_code", absl::StrCat("cannot be changed; it is ", content.currency)});
  }
  PatchMoney(patch.declared_annual_spend, content.currency, "account.declared_annual_spend",
             content.declared_annual_spend, violations);
  PatchMoney(patch.marketing_budget, content.currency, "account.marketing_budget",
             content.marketing_budget, violations);
  return content;
}

// Stores a changed account and says so in the change log.
absl::StatusOr<Account> Store(store::Transaction& tx, Account account, absl::Time now,
                              absl::string_view kind) {
  ++account.version;
  account.update_time = now;
  KAM_RETURN_IF_ERROR(tx.accounts().Update(account));
  KAM_RETURN_IF_ERROR(tx.calls().AppendChange(kind, account.id, AccountName(account.id)));
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

absl::StatusOr<Account> Accounts::Create(store::Transaction& tx, AccountDraft draft) const {
  KAM_ASSIGN_OR_RETURN(const absl::Time now, tx.history().BeginRecording());
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
  KAM_RETURN_IF_ERROR(tx.accounts().Insert(account));
  KAM_RETURN_IF_ERROR(
      tx.calls().AppendChange("account.created", account.id, AccountName(account.id)));
  return account;
}

absl::StatusOr<Account> Accounts::Update(store::Transaction& tx, absl::string_view id,
                                         absl::string_view etag, const AccountPatch& patch) const {
  KAM_ASSIGN_OR_RETURN(const absl::Time now, tx.history().BeginRecording());
  std::vector<std::string> lineage;
  if (patch.parent_id && !patch.parent_id->empty()) {
    KAM_ASSIGN_OR_RETURN(lineage, LockLineage(tx, id, *patch.parent_id));
  }
  KAM_ASSIGN_OR_RETURN(Account account, tx.accounts().GetForUpdate(id));
  if (account.delete_time) return Deleted(AccountName(id));
  KAM_RETURN_IF_ERROR(CheckEtag(AccountName(id), etag, account.version));

  std::vector<FieldViolation> violations = patch.violations;
  AccountContent content = Patched(account.content, patch, violations);
  CheckContent(content, "account.", violations);
  if (content.parent_id != account.content.parent_id) {
    constexpr absl::string_view kField = "account.parent_account";
    KAM_RETURN_IF_ERROR(CheckParent(tx, id, content.parent_id, kField, violations));
    if (content.parent_id != id && std::count(lineage.begin(), lineage.end(), id) > 0) {
      violations.push_back({std::string(kField), absl::StrCat(AccountName(content.parent_id),
                                                              " belongs to this account")});
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  if (content == account.content) return account;
  account.content = std::move(content);
  return Store(tx, std::move(account), now, "account.updated");
}

absl::StatusOr<Account> Accounts::Delete(store::Transaction& tx, absl::string_view id,
                                         absl::string_view etag) const {
  KAM_ASSIGN_OR_RETURN(const absl::Time now, tx.history().BeginRecording());
  KAM_ASSIGN_OR_RETURN(Account account, tx.accounts().GetForUpdate(id));
  if (account.delete_time) return Deleted(AccountName(id));
  KAM_RETURN_IF_ERROR(CheckEtag(AccountName(id), etag, account.version));
  account.delete_time = now;
  return Store(tx, std::move(account), now, "account.deleted");
}

absl::StatusOr<Account> Accounts::Undelete(store::Transaction& tx, absl::string_view id) const {
  KAM_ASSIGN_OR_RETURN(const absl::Time now, tx.history().BeginRecording());
  KAM_ASSIGN_OR_RETURN(Account account, tx.accounts().GetForUpdate(id));
  if (!account.delete_time) return WrongState(AccountName(id), "ACTIVE", "DELETED");
  account.delete_time.reset();
  return Store(tx, std::move(account), now, "account.undeleted");
}

absl::StatusOr<std::vector<Account>> Accounts::BatchGet(store::Snapshot& tx,
                                                        const std::vector<std::string>& ids) const {
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> found, tx.accounts().Find(ids));
  std::map<absl::string_view, const Account*> by_id;
  for (const Account& account : found) by_id[account.id] = &account;
  std::vector<Account> accounts;
  for (const std::string& id : ids) {
    const auto account = by_id.find(id);
    if (account == by_id.end()) return NotFound(AccountName(id));
    accounts.push_back(*account->second);
  }
  return accounts;
}

absl::StatusOr<Account> Accounts::Lookup(store::Snapshot& tx,
                                         const ExternalId& external_id) const {
  KAM_ASSIGN_OR_RETURN(const std::string id, tx.accounts().FindByExternalId(external_id));
  return tx.accounts().Get(id);
}

}  // namespace kam::domain
