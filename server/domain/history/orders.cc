#include "domain/history/orders.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "model/accounts/account.h"
#include "model/history/errors.h"
#include "model/names.h"

namespace kam::domain {
namespace {

using Accounts = absl::flat_hash_map<std::string, Account>;

// The accounts of the rows, locked until the transaction ends.
absl::StatusOr<Accounts> LockAccounts(store::Transaction& tx, absl::Span<const OrderRow> rows) {
  std::vector<std::string> ids;
  for (const OrderRow& row : rows) {
    if (!row.order.account_id.empty()) ids.push_back(row.order.account_id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  KAM_ASSIGN_OR_RETURN(std::vector<Account> found, tx.accounts().FindForUpdate(ids));
  Accounts accounts;
  accounts.reserve(found.size());
  for (Account& account : found) {
    std::string id = account.id;
    accounts.emplace(std::move(id), std::move(account));
  }
  return accounts;
}

// Which rows hold an order that a row before them holds: how often, by position.
std::vector<int> CountRepeats(absl::Span<const OrderRow> rows) {
  absl::flat_hash_map<std::pair<absl::string_view, absl::string_view>, int> seen;
  seen.reserve(rows.size());
  std::vector<int> repeats(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const Order& order = rows[i].order;
    if (!order.account_id.empty()) repeats[i] = seen[{order.account_id, order.order_id}]++;
  }
  return repeats;
}

// What is wrong with a row before anything is compared with what is recorded.
absl::Status CheckRow(const OrderRow& row, bool repeated, absl::Time now,
                      const Accounts& accounts) {
  const std::string path = absl::StrCat("orders[", row.index, "]");
  std::vector<FieldViolation> violations = row.violations;
  const absl::Time time = row.order.content.order_time;
  if (time < absl::UnixEpoch() || time > now + limits::kMaxOrderTimeAhead) {
    violations.push_back(
        {absl::StrCat(path, ".order_time"), "must be from 1970 on and not more than a day ahead"});
  }
  if (repeated) {
    violations.push_back(
        {absl::StrCat(path, ".name"), absl::StrCat(row.key, " is in the request before")});
  }
  const auto found = accounts.find(row.order.account_id);
  const bool mismatch = found != accounts.end() && !row.order.currency.empty() &&
                        row.order.currency != found->second.content.currency;
  if (!mismatch) {
    if (!violations.empty()) return InvalidFields(std::move(violations));
    if (found == accounts.end()) return NotFound(AccountName(row.order.account_id));
    return found->second.delete_time ? Deleted(AccountName(row.order.account_id))
                                     : absl::OkStatus();
  }
  absl::Status status = CurrencyMismatch(absl::StrCat(path, ".list_amount"),
                                         found->second.content.currency, row.order.currency);
  if (violations.empty()) return status;
  violations.push_back(GetErrorDetails(status)->fields[0]);
  return InvalidFields(std::move(violations));
}

// Records the good rows, each order at most once in a call of the store. `outcomes` is by position.
absl::Status RecordGood(store::Transaction& tx, absl::Span<const OrderRow> rows,
                        std::vector<std::pair<int, size_t>> good, absl::Time record_time,
                        bool correct, std::vector<store::RecordResult>& outcomes) {
  std::sort(good.begin(), good.end());  // by repeat, then position
  size_t begin = 0;
  while (begin < good.size()) {
    std::vector<Order> orders;
    size_t end = begin;
    while (end < good.size() && good[end].first == good[begin].first &&
           orders.size() < limits::kImportCommitRows) {
      orders.push_back(rows[good[end++].second].order);
    }
    KAM_ASSIGN_OR_RETURN(const std::vector<store::RecordResult> results,
                         tx.history().RecordOrders(orders, record_time, correct));
    for (size_t i = begin; i < end; ++i) outcomes[good[i].second] = results[i - begin];
    begin = end;
  }
  return absl::OkStatus();
}

// What became of a good row.
void Count(const OrderRow& row, const store::RecordResult& result, Receipt& receipt,
           std::vector<std::string>& changed_accounts, std::vector<Rejection>& rejections) {
  const Order& order = row.order;
  switch (result.outcome) {
    case store::RecordOutcome::kRecorded:
      ++receipt.recorded;
      changed_accounts.push_back(order.account_id);
      break;
    case store::RecordOutcome::kUnchanged:
      ++receipt.unchanged;
      break;
    case store::RecordOutcome::kCorrected:
      ++receipt.corrected;
      changed_accounts.push_back(order.account_id);
      break;
    case store::RecordOutcome::kDiffers:
      rejections.push_back(
          {row.index, row.key,
           FactDiffers(OrderName(order.account_id, order.order_id), result.version)});
      break;
  }
}

absl::Status AppendChanges(store::Transaction& tx, std::vector<std::string> account_ids) {
  if (account_ids.empty()) return absl::OkStatus();
  std::sort(account_ids.begin(), account_ids.end());
  account_ids.erase(std::unique(account_ids.begin(), account_ids.end()), account_ids.end());
  return tx.calls().AppendAccountChanges("orders.recorded", account_ids);
}

}  // namespace

absl::StatusOr<Receipt> Orders::Record(store::Transaction& tx, absl::Span<const OrderRow> rows,
                                       const RecordOptions& options) const {
  KAM_ASSIGN_OR_RETURN(const absl::Time record_time, tx.history().BeginRecording());
  KAM_ASSIGN_OR_RETURN(const Accounts accounts, LockAccounts(tx, rows));
  const std::vector<int> repeats = CountRepeats(rows);
  const absl::Time now = clock_.Now();

  std::vector<Rejection> rejections;
  std::vector<std::pair<int, size_t>> good;
  for (size_t i = 0; i < rows.size(); ++i) {
    absl::Status status = CheckRow(rows[i], !options.repeats && repeats[i] > 0, now, accounts);
    if (status.ok()) {
      good.emplace_back(repeats[i], i);
    } else {
      rejections.push_back({rows[i].index, rows[i].key, std::move(status)});
    }
  }
  if (!rejections.empty() && !options.allow_partial) return RejectionError("orders", rejections);

  std::vector<store::RecordResult> outcomes(rows.size());
  KAM_RETURN_IF_ERROR(RecordGood(tx, rows, good, record_time, options.correct, outcomes));
  Receipt receipt;
  std::vector<std::string> changed;
  for (const auto& [repeat, i] : good) {
    Count(rows[i], outcomes[i], receipt, changed, rejections);
  }
  std::sort(rejections.begin(), rejections.end(),
            [](const Rejection& a, const Rejection& b) { return a.index < b.index; });
  if (!rejections.empty() && !options.allow_partial) return RejectionError("orders", rejections);
  AddRejections(receipt, std::move(rejections));
  KAM_RETURN_IF_ERROR(AppendChanges(tx, std::move(changed)));
  return receipt;
}

}  // namespace kam::domain
