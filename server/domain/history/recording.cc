#include "domain/history/recording.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "model/accounts/names.h"
#include "model/history/errors.h"

namespace kam::domain {
namespace {

bool IsPossible(absl::Time order_time, absl::Time record_time) {
  return order_time >= absl::UnixEpoch() && order_time <= record_time + limits::kMaxOrderTimeAhead;
}

bool CountsInRollups(const Order& order) { return order.content.status == OrderStatus::kCompleted; }

OrderName NameOf(const Order& order) { return {order.account_id, order.order_id}; }

store::MonthKey MonthKeyOf(const Order& order) {
  return {order.account_id, MonthOf(order.content.order_time)};
}

// Rows that may come to be recorded: any other holds what no order can hold.
template <typename Visit>
void ForEachGoodRow(absl::Span<const absl::Span<const OrderRow>> calls, Visit visit) {
  for (const absl::Span<const OrderRow> rows : calls) {
    for (const OrderRow& row : rows) {
      if (row.violations.empty()) visit(row.order);
    }
  }
}

absl::Status LoadAccounts(store::Transaction& tx,
                          absl::Span<const absl::Span<const OrderRow>> calls, store::Locked locked,
                          RecordingState& state) {
  std::set<std::string> ids;
  for (const absl::Span<const OrderRow> rows : calls) {
    for (const OrderRow& row : rows) {
      if (!row.order.account_id.empty()) ids.insert(row.order.account_id);
    }
  }
  const std::vector<std::string> wanted(ids.begin(), ids.end());
  KAM_ASSIGN_OR_RETURN(std::vector<Account> found, store::LockAccounts(tx, wanted, locked));
  for (Account& account : found) {
    ids.erase(account.id);
    state.AddAccount(std::move(account));
  }
  if (locked == store::Locked::kWait || ids.empty()) return absl::OkStatus();
  const std::vector<std::string> missing(ids.begin(), ids.end());
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> skipped, store::FindAccounts(tx, missing));
  for (const Account& account : skipped) state.AddBusy(account.id);
  return absl::OkStatus();
}

}  // namespace

void RecordingState::AddAccount(Account account) {
  Account& kept = accounts_[account.id];
  kept = std::move(account);
}

void RecordingState::AddOrder(Order order) {
  OrderName name = NameOf(order);
  orders_[std::move(name)].stored = std::move(order);
}

void RecordingState::AddMonth(MonthTotals month) {
  Month& known = months_[{std::move(month.account_id), month.month}];
  for (const DayTotals& day : month.days) known.days.emplace(day.day, day);
  known.loaded = std::move(month.days);
}

const Account* RecordingState::FindAccount(const std::string& account_id) const {
  const auto found = accounts_.find(account_id);
  return found == accounts_.end() ? nullptr : &found->second;
}

bool RecordingState::Count(const Order& order, int sign) {
  if (!CountsInRollups(order)) return true;
  const int32_t number = DayOf(order.content.order_time);
  Month& month = months_[MonthKeyOf(order)];
  DayTotals day{.day = number};
  if (const auto found = month.days.find(number); found != month.days.end()) day = found->second;
  const OrderContent& content = order.content;
  if (__builtin_add_overflow(day.net, sign * content.net_amount, &day.net) ||
      __builtin_add_overflow(day.list, sign * content.list_amount, &day.list)) {
    return false;
  }
  day.orders += sign;
  day.full_price_orders += content.net_amount >= content.list_amount ? sign : 0;
  if (day.orders == 0) {
    month.days.erase(number);
  } else {
    month.days[number] = day;
  }
  return true;
}

absl::StatusOr<RecordResult> RecordingState::Record(const Order& order, bool correct) {
  Versions& versions = orders_[NameOf(order)];
  const Order* const current = versions.current();
  if (current != nullptr && current->content == order.content) {
    return RecordResult{RecordOutcome::kUnchanged, current->version};
  }
  if (current != nullptr && !correct) {
    return RecordResult{RecordOutcome::kDiffers, current->version};
  }
  // Off its old day first: what was counted there can always be taken off.
  if (current != nullptr) Count(*current, -1);
  if (!Count(order, 1)) {
    if (current != nullptr) Count(*current, 1);
    return AmountOverflow(AccountName{order.account_id}.ToString());
  }
  Order made = order;
  made.version = current == nullptr ? 1 : current->version + 1;
  made.record_time =
      current == nullptr ? record_time_ : std::max(record_time_, current->record_time);
  made.superseded_time.reset();
  const RecordResult result{
      current == nullptr ? RecordOutcome::kRecorded : RecordOutcome::kCorrected, made.version};
  versions.made.push_back(std::move(made));
  made_.push_back(&versions);
  return result;
}

void RecordingState::TakeBack(Mark mark) {
  for (; made_.size() > mark; made_.pop_back()) {
    Versions& versions = *made_.back();
    Count(versions.made.back(), -1);
    versions.made.pop_back();
    if (const Order* const before = versions.current()) Count(*before, 1);
  }
}

store::OrderWrites RecordingState::Writes() const {
  store::OrderWrites writes;
  for (const auto& [name, versions] : orders_) {
    if (versions.made.empty()) continue;
    const std::vector<Order>& made = versions.made;
    (versions.stored ? writes.corrected : writes.recorded).push_back(made.back());
    if (versions.stored) {
      writes.replaced.push_back(*versions.stored);
      writes.replaced.back().superseded_time = made.front().record_time;
    }
    for (size_t i = 0; i + 1 < made.size(); ++i) {
      writes.passing.push_back(made[i]);
      writes.passing.back().superseded_time = made[i + 1].record_time;
    }
  }
  return writes;
}

std::vector<MonthTotals> RecordingState::ChangedMonths() const {
  std::vector<MonthTotals> changed;
  for (const auto& [key, month] : months_) {
    MonthTotals totals{.account_id = key.first, .month = key.second};
    for (const auto& [number, day] : month.days) totals.days.push_back(day);
    if (totals.days != month.loaded) changed.push_back(std::move(totals));
  }
  return changed;
}

absl::StatusOr<RecordingState> LoadRecording(store::Transaction& tx,
                                             absl::Span<const absl::Span<const OrderRow>> calls,
                                             store::Locked locked) {
  KAM_ASSIGN_OR_RETURN(const absl::Time record_time, store::BeginRecording(tx));
  RecordingState state(record_time);
  KAM_RETURN_IF_ERROR(LoadAccounts(tx, calls, locked, state));

  absl::flat_hash_set<OrderName> names;
  std::set<store::MonthKey> months;
  ForEachGoodRow(calls, [&](const Order& order) {
    if (state.FindAccount(order.account_id) == nullptr) return;
    names.insert(NameOf(order));
    if (CountsInRollups(order) && IsPossible(order.content.order_time, record_time)) {
      months.insert(MonthKeyOf(order));
    }
  });
  const std::vector<OrderName> wanted(names.begin(), names.end());
  KAM_ASSIGN_OR_RETURN(std::vector<Order> orders, store::FindOrders(tx, wanted));
  for (Order& order : orders) {
    if (CountsInRollups(order)) months.insert(MonthKeyOf(order));
    state.AddOrder(std::move(order));
  }
  const std::vector<store::MonthKey> keys(months.begin(), months.end());
  KAM_ASSIGN_OR_RETURN(std::vector<MonthTotals> totals, store::FindMonths(tx, keys));
  for (MonthTotals& month : totals) state.AddMonth(std::move(month));
  return state;
}

absl::Status SaveRecording(store::Transaction& tx, const RecordingState& state) {
  KAM_RETURN_IF_ERROR(store::SaveOrders(tx, state.Writes()));
  return store::SaveMonths(tx, state.ChangedMonths());
}

}  // namespace kam::domain
