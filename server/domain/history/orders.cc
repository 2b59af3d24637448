#include "domain/history/orders.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "domain/history/recording.h"
#include "model/accounts/names.h"
#include "model/history/errors.h"
#include "model/history/names.h"

namespace kam::domain {
namespace {

// What is wrong with a row before anything is compared with what is recorded.
absl::Status CheckRow(const OrderRow& row, bool repeated, const RecordingState& state) {
  const std::string path = absl::StrCat("orders[", row.index, "]");
  const std::string& account_id = row.order.account_id;
  std::vector<FieldViolation> violations = row.violations;
  const absl::Time time = row.order.content.order_time;
  if (time < absl::UnixEpoch() || time > state.record_time() + limits::kMaxOrderTimeAhead) {
    violations.push_back(
        {absl::StrCat(path, ".order_time"), "must be from 1970 on and not more than a day ahead"});
  }
  if (repeated) {
    violations.push_back(
        {absl::StrCat(path, ".name"), absl::StrCat(row.key, " is in the request before")});
  }
  const Account* const account = state.FindAccount(account_id);
  const bool mismatch = account != nullptr && !row.order.currency.empty() &&
                        row.order.currency != account->content.currency;
  if (!mismatch) {
    if (!violations.empty()) return InvalidFields(std::move(violations));
    if (account == nullptr) return NotFound(AccountName{account_id}.ToString());
    return account->delete_time ? Deleted(AccountName{account_id}.ToString()) : absl::OkStatus();
  }
  absl::Status status = CurrencyMismatch(absl::StrCat(path, ".list_amount"),
                                         account->content.currency, row.order.currency);
  if (violations.empty()) return status;
  violations.push_back(GetErrorDetails(status)->fields[0]);
  return InvalidFields(std::move(violations));
}

// The rows that may be recorded; the others become rejections.
std::vector<const OrderRow*> CheckRows(const RecordingState& state, absl::Span<const OrderRow> rows,
                                       bool repeats, std::vector<Rejection>& rejections) {
  absl::flat_hash_set<std::pair<absl::string_view, absl::string_view>> seen;
  std::vector<const OrderRow*> good;
  good.reserve(rows.size());
  for (const OrderRow& row : rows) {
    const Order& order = row.order;
    const bool repeated = !order.account_id.empty() && !repeats &&
                          !seen.insert({order.account_id, order.order_id}).second;
    absl::Status status = CheckRow(row, repeated, state);
    if (status.ok()) {
      good.push_back(&row);
    } else {
      rejections.push_back({row.index, row.key, std::move(status)});
    }
  }
  return good;
}

absl::Status RecordGood(RecordingState& state, absl::Span<const OrderRow* const> rows, bool correct,
                        Receipt& receipt, std::vector<Rejection>& rejections) {
  for (const OrderRow* row : rows) {
    KAM_ASSIGN_OR_RETURN(const RecordResult result, state.Record(row->order, correct));
    switch (result.outcome) {
      case RecordOutcome::kRecorded:
        ++receipt.recorded;
        break;
      case RecordOutcome::kUnchanged:
        ++receipt.unchanged;
        break;
      case RecordOutcome::kCorrected:
        ++receipt.corrected;
        break;
      case RecordOutcome::kDiffers:
        const OrderName name{row->order.account_id, row->order.order_id};
        rejections.push_back({row->index, row->key, FactDiffers(name.ToString(), result.version)});
        break;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Receipt> DecideRecording(RecordingState& state, absl::Span<const OrderRow> rows,
                                        const RecordOptions& options) {
  for (const OrderRow& row : rows) {
    if (state.IsBusy(row.order.account_id)) {
      return AccountBusy(AccountName{row.order.account_id}.ToString());
    }
  }
  std::vector<Rejection> rejections;
  const std::vector<const OrderRow*> good = CheckRows(state, rows, options.repeats, rejections);
  if (!rejections.empty() && !options.allow_partial) return RejectionError("orders", rejections);

  const RecordingState::Mark before = state.mark();
  Receipt receipt;
  if (absl::Status status = RecordGood(state, good, options.correct, receipt, rejections);
      !status.ok()) {
    state.TakeBack(before);
    return status;
  }
  std::sort(rejections.begin(), rejections.end(),
            [](const Rejection& a, const Rejection& b) { return a.index < b.index; });
  if (!rejections.empty() && !options.allow_partial) {
    state.TakeBack(before);
    return RejectionError("orders", rejections);
  }
  AddRejections(receipt, std::move(rejections));
  return receipt;
}

absl::StatusOr<Receipt> RecordOrders(store::Transaction& tx, absl::Span<const OrderRow> rows,
                                     const RecordOptions& options) {
  KAM_ASSIGN_OR_RETURN(RecordingState state, LoadRecording(tx, {rows}, store::Locked::kWait));
  KAM_ASSIGN_OR_RETURN(Receipt receipt, DecideRecording(state, rows, options));
  KAM_RETURN_IF_ERROR(SaveRecording(tx, state));
  return receipt;
}

absl::Status RecordOrdersTogether(store::Transaction& tx, absl::Span<RecordCall> calls) {
  std::vector<absl::Span<const OrderRow>> rows;
  for (const RecordCall& call : calls) rows.emplace_back(call.rows);
  const store::Locked locked = calls.size() == 1 ? store::Locked::kWait : store::Locked::kSkip;
  KAM_ASSIGN_OR_RETURN(RecordingState state, LoadRecording(tx, rows, locked));
  for (RecordCall& call : calls) call.answer = DecideRecording(state, call.rows, call.options);
  return SaveRecording(tx, state);
}

}  // namespace kam::domain
