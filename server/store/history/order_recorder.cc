#include "store/history/order_recorder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "base/status_macros.h"

namespace kam::store {
namespace {

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

// Compares all rows with what is recorded, then adds, replaces or leaves each. One row with arrays
// in the order of the input: the outcome (RecordOutcome), the version that is current afterwards,
// and, where a completed order was replaced, when that had been ordered (else -1).
absl::StatusOr<Rows> CompareAndWrite(Session& session, absl::Span<const Order> orders,
                                     absl::Time record_time, bool correct) {
  static_assert(static_cast<int>(RecordOutcome::kRecorded) == 0 &&
                static_cast<int>(RecordOutcome::kUnchanged) == 1 &&
                static_cast<int>(RecordOutcome::kCorrected) == 2 &&
                static_cast<int>(RecordOutcome::kDiffers) == 3 &&
                static_cast<int>(OrderStatus::kCompleted) == 2);
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
  return session.Query(
      kSql, {record_time, correct, account_ids, order_ids, order_times, list_amounts, net_amounts,
             service_levels, statuses, brands, channels});
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
          SELECT CAST(order_time AT TIME ZONE 'UTC' AS date) - touched.month + 1 AS day,
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

}  // namespace

absl::StatusOr<std::vector<RecordResult>> RecordOrders(Session& session,
                                                       absl::Span<const Order> orders,
                                                       absl::Time record_time, bool correct) {
  if (orders.empty()) return std::vector<RecordResult>();
  KAM_ASSIGN_OR_RETURN(const Rows rows, CompareAndWrite(session, orders, record_time, correct));
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
    if (written && orders[i].content.status == OrderStatus::kCompleted) {
      touched.Add(orders[i].account_id, orders[i].content.order_time);
    }
    if (replaced_us[i] >= 0) {
      touched.Add(orders[i].account_id, absl::FromUnixMicros(replaced_us[i]));
    }
  }
  KAM_RETURN_IF_ERROR(touched.Recompute(session));
  return results;
}

}  // namespace kam::store
