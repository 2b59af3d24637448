#include "store/history/history_table.h"

#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "store/history/history_reader.h"
#include "store/history/order_recorder.h"
#include "store/history/recording_gate.h"
#include "store/tables.h"

namespace kam::store {
namespace {

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
  order.content.service_level = static_cast<ServiceLevel>(rows.Int32(row, 6));
  order.content.status = static_cast<OrderStatus>(rows.Int32(row, 7));
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

class PostgresHistoryTable final : public HistoryTable {
 public:
  explicit PostgresHistoryTable(Session& session) : session_(session) {}

  absl::StatusOr<absl::Time> BeginRecording() override;
  absl::StatusOr<std::vector<RecordResult>> RecordOrders(absl::Span<const Order> orders,
                                                         absl::Time record_time,
                                                         bool correct) override {
    return store::RecordOrders(session_, orders, record_time, correct);
  }
  absl::StatusOr<Order> GetOrder(absl::string_view account_id, absl::string_view order_id,
                                 std::optional<absl::Time> known_at) override;
  absl::StatusOr<Page<Order>> ListOrders(absl::string_view account_id,
                                         const PageRequest& page) override;
  absl::StatusOr<std::vector<Order>> ListVersions(absl::string_view account_id,
                                                  absl::string_view order_id) override;
  absl::Status ReadHistories(std::optional<absl::string_view> account_id, int32_t until_day,
                             std::optional<absl::Time> known_at,
                             absl::FunctionRef<absl::Status(AccountHistory)> visit) override {
    return store::ReadHistories(session_, account_id, until_day, known_at, visit);
  }

 private:
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
  if (rows.empty()) return NotFound(OrderName(account_id, order_id));
  return ReadOrder(rows, 0);
}

absl::StatusOr<Page<Order>> PostgresHistoryTable::ListOrders(absl::string_view account_id,
                                                             const PageRequest& page) {
  // A key is the order time in microseconds, a space and the order id. The first page begins after
  // all orders there can be.
  int64_t after_us = 253'402'300'799'999'999;  // the end of the year 9999
  std::string after_id;
  if (!page.after.empty()) {
    const std::pair<std::string, std::string> key =
        absl::StrSplit(page.after, absl::MaxSplits(' ', 1));
    if (!absl::SimpleAtoi(key.first, &after_us)) return InvalidPageToken();
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
  Page<Order> result{.items = ReadOrders(rows), .next = ""};
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

}  // namespace kam::store
