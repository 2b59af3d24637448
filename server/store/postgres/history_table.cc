#include "store/history_table.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "base/status_macros.h"
#include "domain/error.h"
#include "domain/names.h"
#include "store/postgres/history_reader.h"
#include "store/postgres/recording_gate.h"
#include "store/postgres/tables.h"

namespace kam::store::postgres {
namespace {

using domain::Order;

// What every query of one version selects, of any table or subquery named `v`.
#define KAM_ORDER_COLUMNS                                                                   \
  "v.account_id, v.order_id, a.currency,"                                                   \
  " CAST(extract(epoch FROM v.order_time) * 1000000 AS bigint),"                            \
  " v.list_amount, v.net_amount, v.service_level, v.status, v.brand, v.channel, v.version," \
  " CAST(extract(epoch FROM v.record_time) * 1000000 AS bigint),"                           \
  " CAST(extract(epoch FROM v.superseded_time) * 1000000 AS bigint)"
// All versions of one order.
#define KAM_ORDER_VERSIONS                                                              \
  "SELECT " KAM_ORDER_COLUMNS                                                           \
  " FROM ("                                                                             \
  "   SELECT account_id, order_id, order_time, list_amount, net_amount, service_level," \
  "     status, brand, channel, version, record_time,"                                  \
  "     CAST(NULL AS timestamptz) AS superseded_time"                                   \
  "   FROM orders WHERE account_id = :current_of AND order_id = :current_id"            \
  "   UNION ALL"                                                                        \
  "   SELECT account_id, order_id, order_time, list_amount, net_amount, service_level," \
  "     status, brand, channel, version, record_time, superseded_time"                  \
  "   FROM order_versions WHERE account_id = :old_of AND order_id = :old_id"            \
  " ) AS v JOIN accounts AS a ON a.account_id = v.account_id"

Order ReadOrder(const Rows& rows, int row) {
  Order order;
  order.account_id = rows.Text(row, 0);
  order.order_id = rows.Text(row, 1);
  order.currency = rows.Text(row, 2);
  order.content.order_time = rows.Time(row, 3);
  order.content.list_amount = rows.Int(row, 4);
  order.content.net_amount = rows.Int(row, 5);
  order.content.service_level = static_cast<domain::ServiceLevel>(rows.Int32(row, 6));
  order.content.status = static_cast<domain::OrderStatus>(rows.Int32(row, 7));
  order.content.brand = rows.Text(row, 8);
  order.content.channel = rows.Text(row, 9);
  order.version = rows.Int32(row, 10);
  order.record_time = rows.Time(row, 11);
  order.superseded_time = rows.OptionalTime(row, 12);
  return order;
}

std::vector<Order> ReadOrders(const Rows& rows) {
  std::vector<Order> orders;
  for (int row = 0; row < rows.size(); ++row) orders.push_back(ReadOrder(rows, row));
  return orders;
}

// The first day of the UTC month of a time, in days since 1970.
int64_t MonthOf(absl::Time time) {
  return absl::CivilDay(absl::ToCivilMonth(time, absl::UTCTimeZone())) - absl::CivilDay(1970);
}

// The rollups to bring up to date.
class TouchedMonths {
 public:
  void Add(const std::string& account_id, absl::Time time) {
    months_.emplace_back(account_id, MonthOf(time));
  }
  absl::Status Recompute(Session& session);

 private:
  std::vector<std::pair<absl::string_view, int64_t>> months_;  // ids of the caller's orders
};

class PostgresHistoryTable final : public HistoryTable {
 public:
  explicit PostgresHistoryTable(Session& session) : session_(session) {}

  absl::StatusOr<absl::Time> BeginRecording() override;
  absl::StatusOr<std::vector<RecordResult>> RecordOrders(absl::Span<const Order> orders,
                                                         absl::Time record_time,
                                                         bool correct) override;
  absl::StatusOr<Order> GetOrder(absl::string_view account_id, absl::string_view order_id,
                                 std::optional<absl::Time> known_at) override;
  absl::StatusOr<domain::Page<Order>> ListOrders(absl::string_view account_id,
                                                 const domain::PageRequest& page) override;
  absl::StatusOr<std::vector<Order>> ListVersions(absl::string_view account_id,
                                                  absl::string_view order_id) override;
  absl::Status ReadHistories(
      std::optional<absl::string_view> account_id, int32_t until_day,
      std::optional<absl::Time> known_at,
      absl::FunctionRef<absl::Status(domain::AccountHistory)> visit) override {
    return postgres::ReadHistories(session_, account_id, until_day, known_at, visit);
  }

 private:
  absl::StatusOr<Rows> CompareAndWrite(absl::Span<const Order> orders, absl::Time record_time,
                                       bool correct);

  Session& session_;
};

absl::StatusOr<absl::Time> PostgresHistoryTable::BeginRecording() {
  constexpr char kGate[] =
      "SELECT CAST(pg_advisory_xact_lock_shared(CAST(:gate AS bigint)) AS text)";
  KAM_RETURN_IF_ERROR(session_.Query(kGate, {kRecordingGate}).status());
  // In a statement of its own, so that the clock is read when the gate is passed.
  constexpr char kClock[] =
      "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kClock, {}));
  return rows.Time(0, 0);
}

// Compares all rows with what is recorded, then adds, replaces or leaves each. One row with arrays
// in the order of the input: the outcome (RecordOutcome), the version that is current afterwards,
// and, where a completed order was replaced, when that had been ordered (else -1).
absl::StatusOr<Rows> PostgresHistoryTable::CompareAndWrite(absl::Span<const Order> orders,
                                                           absl::Time record_time, bool correct) {
  static_assert(static_cast<int>(RecordOutcome::kRecorded) == 0 &&
                static_cast<int>(RecordOutcome::kUnchanged) == 1 &&
                static_cast<int>(RecordOutcome::kCorrected) == 2 &&
                static_cast<int>(RecordOutcome::kDiffers) == 3 &&
                static_cast<int>(domain::OrderStatus::kCompleted) == 2);
  std::vector<std::string> account_ids, order_ids, brands, channels;
  std::vector<int64_t> order_times, list_amounts, net_amounts;
  std::vector<int32_t> service_levels, statuses;
  for (const Order& order : orders) {
    account_ids.push_back(order.account_id);
    order_ids.push_back(order.order_id);
    order_times.push_back(absl::ToUnixMicros(order.content.order_time));
    list_amounts.push_back(order.content.list_amount);
    net_amounts.push_back(order.content.net_amount);
    service_levels.push_back(static_cast<int32_t>(order.content.service_level));
    statuses.push_back(static_cast<int32_t>(order.content.status));
    brands.push_back(order.content.brand);
    channels.push_back(order.content.channel);
  }
  // A version is never older than the one it replaces, whatever the clock did.
  constexpr char kSql[] = R"(
      WITH recording AS (
        SELECT timestamptz 'epoch' + CAST(:record_us AS bigint) * interval '1 microsecond'
                 AS record_time,
               CAST(:correct AS boolean) AS correct
      ), input AS (
        SELECT account_id, order_id,
               timestamptz 'epoch' + order_us * interval '1 microsecond' AS order_time,
               list_amount, net_amount, service_level, status, brand, channel, position
        FROM unnest(CAST(:account_ids AS text[]), CAST(:order_ids AS text[]),
                    CAST(:order_times AS bigint[]), CAST(:list_amounts AS bigint[]),
                    CAST(:net_amounts AS bigint[]), CAST(:service_levels AS smallint[]),
                    CAST(:statuses AS smallint[]), CAST(:brands AS text[]),
                    CAST(:channels AS text[])) WITH ORDINALITY
          AS i (account_id, order_id, order_us, list_amount, net_amount, service_level, status,
                brand, channel, position)
      ), compared AS MATERIALIZED (
        SELECT input.*, old.version AS old_version, old.order_time AS old_order_time,
               old.status AS old_status,
               greatest(recording.record_time, old.record_time) AS record_time,
               CASE
                 WHEN old.version IS NULL THEN 0
                 WHEN (old.order_time, old.list_amount, old.net_amount, old.service_level,
                       old.status, old.brand, old.channel)
                    = (input.order_time, input.list_amount, input.net_amount, input.service_level,
                       input.status, input.brand, input.channel) THEN 1
                 WHEN recording.correct THEN 2
                 ELSE 3
               END AS outcome
        FROM input CROSS JOIN recording
        LEFT JOIN orders AS old
          ON old.account_id = input.account_id AND old.order_id = input.order_id
      ), superseded AS (
        INSERT INTO order_versions (account_id, order_id, version, order_time, list_amount,
          net_amount, service_level, status, brand, channel, record_time, superseded_time)
        SELECT old.account_id, old.order_id, old.version, old.order_time, old.list_amount,
               old.net_amount, old.service_level, old.status, old.brand, old.channel,
               old.record_time, compared.record_time
        FROM compared JOIN orders AS old
          ON old.account_id = compared.account_id AND old.order_id = compared.order_id
        WHERE compared.outcome = 2
      ), corrected AS (
        UPDATE orders
        SET version = orders.version + 1, order_time = compared.order_time,
            list_amount = compared.list_amount, net_amount = compared.net_amount,
            service_level = compared.service_level, status = compared.status,
            brand = compared.brand, channel = compared.channel,
            record_time = compared.record_time
        FROM compared
        WHERE orders.account_id = compared.account_id AND orders.order_id = compared.order_id
          AND compared.outcome = 2
      ), recorded AS (
        INSERT INTO orders (account_id, order_id, version, order_time, list_amount, net_amount,
          service_level, status, brand, channel, record_time)
        SELECT account_id, order_id, 1, order_time, list_amount, net_amount, service_level,
               status, brand, channel, record_time
        FROM compared WHERE outcome = 0
        ORDER BY account_id, order_id
      )
      SELECT array_agg(outcome ORDER BY position),
             array_agg(CASE outcome WHEN 0 THEN 1 WHEN 2 THEN old_version + 1 ELSE old_version END
                       ORDER BY position),
             array_agg(CASE WHEN outcome = 2 AND old_status = 2
                            THEN CAST(extract(epoch FROM old_order_time) * 1000000 AS bigint)
                            ELSE -1 END
                       ORDER BY position)
      FROM compared)";
  return session_.Query(
      kSql, {record_time, correct, account_ids, order_ids, order_times, list_amounts, net_amounts,
             service_levels, statuses, brands, channels});
}

absl::StatusOr<std::vector<RecordResult>> PostgresHistoryTable::RecordOrders(
    absl::Span<const Order> orders, absl::Time record_time, bool correct) {
  if (orders.empty()) return std::vector<RecordResult>();
  KAM_ASSIGN_OR_RETURN(const Rows rows, CompareAndWrite(orders, record_time, correct));
  const std::vector<int32_t> outcomes = rows.Int32s(0, 0);
  const std::vector<int32_t> versions = rows.Int32s(0, 1);
  const std::vector<int64_t> replaced_us = rows.Ints(0, 2);
  std::vector<RecordResult> results;
  TouchedMonths touched;
  for (size_t i = 0; i < orders.size(); ++i) {
    const auto outcome = static_cast<RecordOutcome>(outcomes[i]);
    results.push_back({outcome, versions[i]});
    const bool written =
        outcome == RecordOutcome::kRecorded || outcome == RecordOutcome::kCorrected;
    if (written && orders[i].content.status == domain::OrderStatus::kCompleted) {
      touched.Add(orders[i].account_id, orders[i].content.order_time);
    }
    if (replaced_us[i] >= 0) {
      touched.Add(orders[i].account_id, absl::FromUnixMicros(replaced_us[i]));
    }
  }
  KAM_RETURN_IF_ERROR(touched.Recompute(session_));
  return results;
}

absl::Status TouchedMonths::Recompute(Session& session) {
  if (months_.empty()) return absl::OkStatus();
  std::sort(months_.begin(), months_.end());
  months_.erase(std::unique(months_.begin(), months_.end()), months_.end());
  std::vector<std::string> account_ids;
  std::vector<int64_t> months;
  for (const auto& [account_id, month] : months_) {
    account_ids.emplace_back(account_id);
    months.push_back(month);
  }
  // OFFSET 0 keeps the months' orders a subquery of their own: each month is read by the index,
  // whatever the planner believes of a table that is just being filled.
  constexpr char kSql[] = R"(
      WITH touched AS (
        SELECT account_id, DATE '1970-01-01' + day AS month
        FROM unnest(CAST(:account_ids AS text[]), CAST(:months AS integer[]))
          AS t (account_id, day)
      ), days AS (
        SELECT touched.account_id, touched.month, day,
               CAST(count(day) AS integer) AS orders,
               CAST(count(*) FILTER (WHERE net_amount >= list_amount) AS integer) AS full_price,
               CAST(sum(net_amount) AS bigint) AS net,
               CAST(sum(list_amount) AS bigint) AS list
        FROM touched LEFT JOIN LATERAL (
          SELECT CAST(extract(day FROM order_time AT TIME ZONE 'UTC') AS integer) AS day,
                 net_amount, list_amount
          FROM orders
          WHERE orders.account_id = touched.account_id AND status = 2
            AND order_time >= CAST(touched.month AS timestamp) AT TIME ZONE 'UTC'
            AND order_time < (touched.month + interval '1 month') AT TIME ZONE 'UTC'
          OFFSET 0) AS completed ON true
        GROUP BY touched.account_id, touched.month, day
        ORDER BY touched.account_id, touched.month, day
      ), months AS MATERIALIZED (
        SELECT account_id, month, sum(orders) > 0 AS has_orders,
               array_agg(day) AS day_of_month, array_agg(orders) AS day_orders,
               array_agg(full_price) AS day_full_price, array_agg(net) AS day_net,
               array_agg(list) AS day_list
        FROM days
        GROUP BY account_id, month
      ), emptied AS (
        DELETE FROM account_months USING months
        WHERE account_months.account_id = months.account_id
          AND account_months.month = months.month AND NOT months.has_orders
      )
      INSERT INTO account_months (account_id, month, day_of_month, day_orders, day_full_price,
        day_net, day_list)
      SELECT account_id, month, day_of_month, day_orders, day_full_price, day_net, day_list
      FROM months WHERE has_orders
      ON CONFLICT (account_id, month) DO UPDATE
      SET day_of_month = excluded.day_of_month, day_orders = excluded.day_orders,
          day_full_price = excluded.day_full_price, day_net = excluded.day_net,
          day_list = excluded.day_list)";
  return session.Execute(kSql, {account_ids, months}).status();
}

absl::StatusOr<Order> PostgresHistoryTable::GetOrder(absl::string_view account_id,
                                                     absl::string_view order_id,
                                                     std::optional<absl::Time> known_at) {
  constexpr char kSql[] = KAM_ORDER_VERSIONS
      " CROSS JOIN (SELECT timestamptz 'epoch' + CAST(:known_us AS bigint)"
      "               * interval '1 microsecond' AS known_at) AS cut"
      " WHERE (known_at IS NULL AND v.superseded_time IS NULL)"
      " OR (v.record_time <= known_at AND (v.superseded_time > known_at"
      "                                    OR v.superseded_time IS NULL))";
  KAM_ASSIGN_OR_RETURN(const Rows rows, session_.Query(kSql, {account_id, order_id, account_id,
                                                              order_id, known_at}));
  if (rows.empty()) return domain::NotFound(domain::OrderName(account_id, order_id));
  return ReadOrder(rows, 0);
}

absl::StatusOr<domain::Page<Order>> PostgresHistoryTable::ListOrders(
    absl::string_view account_id, const domain::PageRequest& page) {
  // A key is the order time in microseconds, a space and the order id. The first page begins after
  // all orders there can be.
  int64_t after_us = 253'402'300'799'999'999;  // the end of the year 9999
  std::string after_id;
  if (!page.after.empty()) {
    const std::pair<std::string, std::string> key =
        absl::StrSplit(page.after, absl::MaxSplits(' ', 1));
    if (!absl::SimpleAtoi(key.first, &after_us)) return domain::InvalidPageToken();
    after_id = key.second;
  }
  constexpr char kSql[] =
      "SELECT " KAM_ORDER_COLUMNS
      " FROM (SELECT *, CAST(NULL AS timestamptz) AS superseded_time FROM orders) AS v"
      " JOIN accounts AS a ON a.account_id = v.account_id"
      " WHERE v.account_id = :account_id AND (v.order_time, v.order_id) <"
      "   (timestamptz 'epoch' + CAST(:after_us AS bigint) * interval '1 microsecond', :after_id)"
      " ORDER BY v.order_time DESC, v.order_id DESC LIMIT CAST(:size AS bigint)";
  KAM_ASSIGN_OR_RETURN(
      const Rows rows,
      session_.Query(kSql, {account_id, after_us, after_id, static_cast<int64_t>(page.size) + 1}));
  domain::Page<Order> result{.items = ReadOrders(rows), .next = ""};
  if (static_cast<int>(result.items.size()) > page.size) {
    result.items.pop_back();
    const Order& last = result.items.back();
    result.next = absl::StrCat(absl::ToUnixMicros(last.content.order_time), " ", last.order_id);
  }
  return result;
}

absl::StatusOr<std::vector<Order>> PostgresHistoryTable::ListVersions(absl::string_view account_id,
                                                                      absl::string_view order_id) {
  constexpr char kSql[] = KAM_ORDER_VERSIONS " ORDER BY v.version DESC";
  KAM_ASSIGN_OR_RETURN(const Rows rows,
                       session_.Query(kSql, {account_id, order_id, account_id, order_id}));
  return ReadOrders(rows);
}

}  // namespace

std::unique_ptr<HistoryTable> MakeHistoryTable(Session& session) {
  return std::make_unique<PostgresHistoryTable>(session);
}

}  // namespace kam::store::postgres
