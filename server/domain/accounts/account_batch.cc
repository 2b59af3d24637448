// BatchCreateAccounts.
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/accounts/accounts.h"
#include "model/accounts/errors.h"
#include "model/accounts/names.h"
#include "store/accounts/accounts.h"
#include "store/history/orders.h"

namespace kam::domain {
namespace {

// A draft on its way: created unless something is wrong with it or it exists as it is.
struct Row {
  AccountDraft draft;
  absl::Status refused;  // other than by field violations, which go first
  bool unchanged = false;

  bool good() const { return draft.violations.empty() && refused.ok() && !unchanged; }
  absl::Status status() const {
    return draft.violations.empty() ? refused : InvalidFields(draft.violations);
  }
};

using AccountsById = std::map<std::string, Account, std::less<>>;

absl::StatusOr<AccountsById> FindAll(store::Transaction& tx, const std::set<std::string>& ids) {
  const std::vector<std::string> wanted(ids.begin(), ids.end());
  KAM_ASSIGN_OR_RETURN(std::vector<Account> found, store::FindAccounts(tx, wanted));
  AccountsById by_id;
  for (Account& account : found) {
    std::string id = account.id;
    by_id.emplace(std::move(id), std::move(account));
  }
  return by_id;
}

// What each draft says by itself.
void CheckDrafts(std::vector<Row>& rows) {
  std::set<absl::string_view> seen;
  for (Row& row : rows) {
    AccountDraft& draft = row.draft;
    CheckContent(draft.content, absl::StrCat(draft.path, "account."), draft.violations);
    const std::string field = absl::StrCat(draft.path, "account_id");
    if (draft.id.empty()) {
      draft.violations.push_back(
          {field, "is required in a batch: without it a retry would create a second account"});
    } else if (!seen.insert(draft.id).second) {
      draft.violations.push_back(
          {field, absl::StrCat("'", draft.id, "' is in the request before")});
    }
  }
}

// An account with the draft's id exists.
void CompareWith(const Account& existing, Row& row) {
  const std::string name = AccountName{existing.id}.ToString();
  if (existing.delete_time) {
    row.refused = Deleted(name);
  } else if (existing.content == row.draft.content) {
    row.unchanged = true;
  } else {
    row.refused = AlreadyExists(name);
  }
}

// Refuses drafts with an external id that another account or an earlier draft has.
absl::Status CheckExternalIds(store::Transaction& tx, std::vector<Row>& rows) {
  std::vector<ExternalId> wanted;
  for (const Row& row : rows) {
    if (!row.good()) continue;
    const std::vector<ExternalId>& ids = row.draft.content.external_ids;
    wanted.insert(wanted.end(), ids.begin(), ids.end());
  }
  if (wanted.empty()) return absl::OkStatus();
  KAM_ASSIGN_OR_RETURN(const auto taken, store::FindTakenExternalIds(tx, wanted));
  std::map<ExternalId, std::string> holders(taken.begin(), taken.end());
  for (Row& row : rows) {
    if (!row.good()) continue;
    for (const ExternalId& id : row.draft.content.external_ids) {
      const auto holder = holders.find(id);
      // One held by the draft's own id: someone has created it meanwhile, which InsertGood sees.
      if (holder != holders.end() && holder->second != row.draft.id) {
        row.refused = ExternalIdTaken(id, holder->second);
      }
    }
    if (!row.good()) continue;
    for (const ExternalId& id : row.draft.content.external_ids) holders[id] = row.draft.id;
  }
  return absl::OkStatus();
}

// Refuses drafts whose parent is neither an account in use nor a draft that is good itself. Drafts
// that are one another's parents never become good.
void CheckParents(const AccountsById& existing, std::vector<Row>& rows) {
  std::set<absl::string_view> settled;
  std::vector<Row*> waiting;
  for (Row& row : rows) {
    if (row.good()) waiting.push_back(&row);
  }
  for (size_t before = waiting.size() + 1; waiting.size() < before;) {
    before = waiting.size();
    std::erase_if(waiting, [&](const Row* row) {
      const std::string& parent_id = row->draft.content.parent_id;
      const auto parent = existing.find(parent_id);
      const bool stands = parent != existing.end() && !parent->second.delete_time;
      if (!parent_id.empty() && !stands && !settled.contains(parent_id)) return false;
      settled.insert(row->draft.id);
      return true;
    });
  }
  for (Row* row : waiting) {
    row->draft.violations.push_back(
        {absl::StrCat(row->draft.path, "account.parent_account"),
         absl::StrCat(AccountName{row->draft.content.parent_id}.ToString(),
                      " is neither an account in use nor created by this request")});
  }
}

std::vector<Rejection> RejectionsOf(const std::vector<Row>& rows) {
  std::vector<Rejection> rejections;
  for (size_t i = 0; i < rows.size(); ++i) {
    absl::Status status = rows[i].status();
    if (status.ok()) continue;
    rejections.push_back({static_cast<int64_t>(i), rows[i].draft.id, std::move(status)});
  }
  return rejections;
}

// Inserts the good rows. One that someone else creates at the same time is compared with theirs.
absl::StatusOr<int64_t> InsertGood(store::Transaction& tx, std::vector<Row>& rows, absl::Time now) {
  std::vector<Account> accounts;
  for (const Row& row : rows) {
    if (!row.good()) continue;
    accounts.push_back({.id = row.draft.id,
                        .content = row.draft.content,
                        .version = 1,
                        .create_time = now,
                        .update_time = now,
                        .delete_time = std::nullopt});
  }
  if (accounts.empty()) return 0;
  KAM_ASSIGN_OR_RETURN(const std::vector<std::string> added,
                       store::InsertNewAccounts(tx, accounts));
  if (added.size() == accounts.size()) return static_cast<int64_t>(added.size());
  std::set<std::string> missing;
  for (const Account& account : accounts) missing.insert(account.id);
  for (const std::string& id : added) missing.erase(id);
  KAM_ASSIGN_OR_RETURN(const AccountsById raced, FindAll(tx, missing));
  for (Row& row : rows) {
    const auto other = raced.find(row.draft.id);
    if (row.good() && other != raced.end()) CompareWith(other->second, row);
  }
  return static_cast<int64_t>(added.size());
}

}  // namespace

absl::StatusOr<Receipt> BatchCreateAccounts(store::Transaction& tx,
                                            std::vector<AccountDraft> drafts, bool allow_partial) {
  KAM_ASSIGN_OR_RETURN(const absl::Time now, store::BeginRecording(tx));
  std::vector<Row> rows;
  for (AccountDraft& draft : drafts) {
    rows.push_back({.draft = std::move(draft), .refused = absl::OkStatus()});
  }
  CheckDrafts(rows);
  // Only what obeys the rules is looked for: anything else may hold what no id can hold.
  std::set<std::string> ids;
  for (const Row& row : rows) {
    if (!row.good()) continue;
    ids.insert(row.draft.id);
    if (!row.draft.content.parent_id.empty()) ids.insert(row.draft.content.parent_id);
  }
  KAM_ASSIGN_OR_RETURN(const AccountsById existing, FindAll(tx, ids));
  for (Row& row : rows) {
    const auto same = existing.find(row.draft.id);
    if (row.good() && same != existing.end()) CompareWith(same->second, row);
  }
  KAM_RETURN_IF_ERROR(CheckExternalIds(tx, rows));
  CheckParents(existing, rows);

  std::vector<Rejection> rejections = RejectionsOf(rows);
  if (!rejections.empty() && !allow_partial) return RejectionError("requests", rejections);
  Receipt receipt;
  KAM_ASSIGN_OR_RETURN(receipt.recorded, InsertGood(tx, rows, now));
  rejections = RejectionsOf(rows);
  if (!rejections.empty() && !allow_partial) return RejectionError("requests", rejections);
  for (const Row& row : rows) receipt.unchanged += row.unchanged && row.status().ok() ? 1 : 0;
  AddRejections(receipt, std::move(rejections));
  return receipt;
}

}  // namespace kam::domain
