#pragma once

// Small accounts and orders to test with.

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/history/recording.h"
#include "model/accounts/account.h"
#include "model/history/account_history.h"
#include "model/history/order.h"
#include "store/accounts/accounts.h"
#include "store/store.h"

namespace kam {

// For failure messages.
inline void PrintTo(const DayTotals& day, std::ostream* out) {
  *out << "{day " << day.day << ": " << day.orders << " orders, " << day.full_price_orders
       << " at full price, net " << day.net << ", list " << day.list << "}";
}
inline void PrintTo(const AccountHistory& history, std::ostream* out) {
  *out << history.account_id << " " << history.currency << " "
       << history.declared_annual_spend.value_or(-1) << " "
       << history.marketing_budget.value_or(-1);
  for (const DayTotals& day : history.days) PrintTo(day, out);
}

}  // namespace kam

namespace kam::testing {

inline Account MakeAccount(const std::string& id, const std::string& currency = "EUR") {
  Account account;
  account.id = id;
  account.content.display_name = "Account " + id;
  account.content.currency = currency;
  account.version = 1;
  account.create_time = absl::FromUnixSeconds(1'000'000'000);
  account.update_time = account.create_time;
  return account;
}

// A completed order at noon of a day since 1970, at its full price.
inline Order MakeOrder(const std::string& account_id, const std::string& order_id, int32_t day,
                       int64_t amount) {
  Order order;
  order.account_id = account_id;
  order.order_id = order_id;
  order.currency = "EUR";
  order.content.order_time = StartOfDay(day) + absl::Hours(12);
  order.content.list_amount = amount;
  order.content.net_amount = amount;
  order.content.status = OrderStatus::kCompleted;
  return order;
}

// Adds accounts of these ids, in a transaction of its own.
inline absl::Status AddAccounts(store::Store& store, const std::vector<std::string>& ids) {
  std::vector<Account> accounts;
  for (const std::string& id : ids) accounts.push_back(MakeAccount(id));
  return store.Transact(
      {}, [&](store::Transaction& tx) { return store::InsertNewAccounts(tx, accounts).status(); });
}

// Records orders in a transaction, each with its own outcome.
inline absl::StatusOr<std::vector<domain::RecordResult>> RecordOrders(
    store::Transaction& tx, const std::vector<Order>& orders, bool correct) {
  std::vector<domain::OrderRow> rows;
  for (const Order& order : orders) rows.push_back({.order = order});
  auto state = domain::LoadRecording(tx, {rows}, store::Locked::kWait);
  if (!state.ok()) return state.status();
  std::vector<domain::RecordResult> results;
  for (const Order& order : orders) {
    const auto result = state->Record(order, correct);
    if (!result.ok()) return result.status();
    results.push_back(*result);
  }
  const absl::Status saved = domain::SaveRecording(tx, *state);
  if (!saved.ok()) return saved;
  return results;
}

// The same in a transaction of its own.
inline absl::StatusOr<std::vector<domain::RecordResult>> RecordOrders(
    store::Store& store, const std::vector<Order>& orders, bool correct = false) {
  return store::TransactFor<std::vector<domain::RecordResult>>(
      store, {}, [&](store::Transaction& tx) { return RecordOrders(tx, orders, correct); });
}

}  // namespace kam::testing
