#include "store/history/orders.h"

#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "store/changes/change_log.h"
#include "store/engine/keyset.h"
#include "store/engine/table.h"
#include "store/history/recording_gate.h"

namespace kam::store {

// Read from a table or subquery named `v`, together with the accounts as `a`.
template <>
struct Columns<Order> {
  static constexpr absl::string_view kTable = "orders";
  static constexpr auto kList = std::tuple(
      Key("account_id", &Order::account_id), Key("order_id", &Order::order_id),
      Column("version", &Order::version),
      Column("order_time", &Order::content, &OrderContent::order_time),
      Column("list_amount", &Order::content, &OrderContent::list_amount),
      Column("net_amount", &Order::content, &OrderContent::net_amount),
      Column("service_level", &Order::content, &OrderContent::service_level),
      Column("status", &Order::content, &OrderContent::status),
      Column("brand", &Order::content, &OrderContent::brand),
      Column("channel", &Order::content, &OrderContent::channel),
      Column("record_time", &Order::record_time),
      Joined("v.superseded_time", &Order::superseded_time), Joined("a.currency", &Order::currency));
};

// A version that was replaced.
struct SupersededOrder {
  Order order;
};

template <>
struct Columns<SupersededOrder> {
  using S = SupersededOrder;
  static constexpr absl::string_view kTable = "order_versions";
  static constexpr auto kList = std::tuple(
      Key("account_id", &S::order, &Order::account_id),
      Key("order_id", &S::order, &Order::order_id), Key("version", &S::order, &Order::version),
      Column("order_time", &S::order, &Order::content, &OrderContent::order_time),
      Column("list_amount", &S::order, &Order::content, &OrderContent::list_amount),
      Column("net_amount", &S::order, &Order::content, &OrderContent::net_amount),
      Column("service_level", &S::order, &Order::content, &OrderContent::service_level),
      Column("status", &S::order, &Order::content, &OrderContent::status),
      Column("brand", &S::order, &Order::content, &OrderContent::brand),
      Column("channel", &S::order, &Order::content, &OrderContent::channel),
      Column("record_time", &S::order, &Order::record_time),
      Column("superseded_time", &S::order, &Order::superseded_time));
};

namespace {

// All versions of one order.
const std::string& VersionsSql() {
  static const auto* const sql = new std::string(absl::StrCat("SELECT ", SelectList<Order>("v"), R"(
      FROM (
        SELECT *, CAST(NULL AS timestamptz) AS superseded_time FROM orders
        WHERE account_id = :current_of AND order_id = :current_id
        UNION ALL
        SELECT account_id, order_id, version, order_time, list_amount, net_amount, service_level,
               status, brand, channel, record_time, superseded_time
        FROM order_versions WHERE account_id = :old_of AND order_id = :old_id
      ) AS v JOIN accounts AS a ON a.account_id = v.account_id)"));
  return *sql;
}

Change ChangeOf(const Order& order) {
  return {.kind = order.version == 1 ? ChangeKind::kOrderRecorded : ChangeKind::kOrderCorrected,
          .resource = OrderName{order.account_id, order.order_id}.ToString(),
          .account_id = order.account_id,
          .version = order.version};
}

}  // namespace

absl::StatusOr<Order> GetOrder(Snapshot& tx, const OrderName& name,
                               std::optional<absl::Time> known_at) {
  static const std::string sql =
      absl::StrCat(VersionsSql(), R"(
      CROSS JOIN (SELECT )",
                   Codec<absl::Time>::Write("CAST(:known AS bigint)"), R"( AS known_at)
        AS cut
      WHERE (known_at IS NULL AND v.superseded_time IS NULL)
         OR (v.record_time <= known_at
             AND (v.superseded_time > known_at OR v.superseded_time IS NULL)))");
  KAM_ASSIGN_OR_RETURN(
      std::optional<Order> order,
      QueryOptional<Order>(tx.session(), sql,
                           {name.account, name.order, name.account, name.order, known_at}));
  if (!order) return NotFound(name.ToString());
  return *std::move(order);
}

absl::StatusOr<Page<Order>> ListOrders(Snapshot& tx, absl::string_view account_id,
                                       const PageRequest& page) {
  static const std::string sql = absl::StrCat("SELECT ", SelectList<Order>("v"), R"(
      FROM (SELECT *, CAST(NULL AS timestamptz) AS superseded_time FROM orders) AS v
      JOIN accounts AS a ON a.account_id = v.account_id
      WHERE v.account_id = :account_id)");
  return QueryPage<Order>(tx.session(), sql, {account_id},
                          {.columns = {"order_time", "order_id"}, .descending = true, .alias = "v"},
                          page);
}

absl::StatusOr<std::vector<Order>> ListOrderVersions(Snapshot& tx, const OrderName& name) {
  static const std::string sql = absl::StrCat(VersionsSql(), " ORDER BY v.version DESC");
  return QueryRows<Order>(tx.session(), sql, {name.account, name.order, name.account, name.order});
}

absl::StatusOr<std::vector<Order>> FindOrders(Snapshot& tx, absl::Span<const OrderName> names) {
  // LIMIT 1 keeps the inner query apart: it is run for each name, by the primary key.
  static const std::string sql = absl::StrCat("SELECT ", SelectList<Order>("v"), R"(
      FROM unnest(CAST(:accounts AS text[]), CAST(:orders AS text[])) AS wanted (account, id)
      CROSS JOIN LATERAL (
        SELECT *, CAST(NULL AS timestamptz) AS superseded_time FROM orders
        WHERE account_id = wanted.account AND order_id = wanted.id LIMIT 1
      ) AS v
      JOIN accounts AS a ON a.account_id = v.account_id)");
  if (names.empty()) return std::vector<Order>();
  std::vector<std::string> accounts, orders;
  for (const OrderName& name : names) {
    accounts.push_back(name.account);
    orders.push_back(name.order);
  }
  return QueryRows<Order>(tx.session(), sql, {accounts, orders});
}

absl::StatusOr<absl::Time> BeginRecording(Transaction& tx) {
  // One statement: the inner query is run first, then the clock is read for its row. Plans of
  // recordings are made anew, for the sizes that batch and table have then: one that was kept from
  // when a table was small reads all of it.
  static const std::string sql =
      absl::StrCat("SELECT ", Codec<absl::Time>::Read("clock_timestamp()"), R"(
      FROM (
        SELECT pg_advisory_xact_lock_shared(CAST(:gate AS bigint)),
               set_config('plan_cache_mode', 'force_custom_plan', true),
               set_config('enable_seqscan', 'on', true),
               set_config('idle_in_transaction_session_timeout', ')",
                   absl::ToInt64Milliseconds(limits::kMaxPause),
                   R"(', true)
        OFFSET 0
      ) AS gate)");
  return QueryValue<absl::Time>(tx.session(), sql, {kRecordingGate});
}

absl::Status SaveOrders(Transaction& tx, const OrderWrites& writes) {
  std::vector<SupersededOrder> superseded;
  for (const Order& order : writes.replaced) superseded.push_back({order});
  for (const Order& order : writes.passing) superseded.push_back({order});
  KAM_RETURN_IF_ERROR(InsertRows<SupersededOrder>(tx.session(), superseded).status());
  std::vector<Change> changes;
  changes.reserve(writes.passing.size() + writes.recorded.size() + writes.corrected.size());
  for (const auto* orders : {&writes.passing, &writes.recorded, &writes.corrected}) {
    for (const Order& order : *orders) changes.push_back(ChangeOf(order));
  }
  const auto recorded = table::Insert<Order>(tx.session(), writes.recorded, "");
  KAM_RETURN_IF_ERROR(recorded.status());
  KAM_ASSIGN_OR_RETURN(const int64_t corrected,
                       table::Update<Order>(tx.session(), writes.corrected));
  if (corrected != static_cast<int64_t>(writes.corrected.size())) {
    return Internal("an order that was to be corrected is gone");
  }
  return AppendChanges(tx, changes);
}

}  // namespace kam::store
