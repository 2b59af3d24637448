#include "store/history/history_reader.h"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/accounts/names.h"
#include "model/error.h"
#include "store/engine/columns.h"

namespace kam::store {

// A part of an account's history: of accounts named `a` and, outer joined, of days named `d`, an
// element a day in all arrays. An account without orders has one part without days.
struct HistoryPart {
  std::string account_id;
  std::string currency;
  std::optional<int64_t> declared_annual_spend;
  std::optional<int64_t> marketing_budget;
  std::optional<int32_t> base;  // to which the days are added
  std::optional<std::vector<int32_t>> days;
  std::optional<std::vector<int32_t>> orders;
  std::optional<std::vector<int32_t>> full_price;
  std::optional<std::vector<int64_t>> net;
  std::optional<std::vector<int64_t>> list;
};

template <>
struct Columns<HistoryPart> {
  static constexpr absl::string_view kTable = "accounts";
  static constexpr auto kList =
      std::tuple(Joined("a.account_id", &HistoryPart::account_id),
                 Joined("a.currency", &HistoryPart::currency),
                 Joined("a.declared_annual_spend", &HistoryPart::declared_annual_spend),
                 Joined("a.marketing_budget", &HistoryPart::marketing_budget),
                 Joined("d.base", &HistoryPart::base), Joined("d.day_of_month", &HistoryPart::days),
                 Joined("d.day_orders", &HistoryPart::orders),
                 Joined("d.day_full_price", &HistoryPart::full_price),
                 Joined("d.day_net", &HistoryPart::net), Joined("d.day_list", &HistoryPart::list));
};

namespace {

// The days of the rollups.
constexpr absl::string_view kRollups =
    "(SELECT *, month - DATE '1970-01-01' - 1 AS base FROM account_months)";

// COPY takes no parameters: times are written into the text.
std::string Literal(absl::Time time) {
  return Codec<absl::Time>::Write(absl::StrCat(absl::ToUnixMicros(time)));
}

// The days of the raw versions as known at a time, of the accounts `which` selects.
std::string RawVersions(const std::string& known_at, absl::string_view which) {
  return absl::StrCat(R"((
      SELECT account_id, 0 AS base, array_agg(day ORDER BY day) AS day_of_month,
             array_agg(orders ORDER BY day) AS day_orders,
             array_agg(full_price ORDER BY day) AS day_full_price,
             array_agg(net ORDER BY day) AS day_net, array_agg(list ORDER BY day) AS day_list
      FROM (
        SELECT account_id, CAST(order_time AT TIME ZONE 'UTC' AS date) - DATE '1970-01-01' AS day,
               count(*) AS orders, count(*) FILTER (WHERE net_amount >= list_amount) AS full_price,
               CAST(sum(net_amount) AS bigint) AS net, CAST(sum(list_amount) AS bigint) AS list
        FROM (
          SELECT account_id, order_time, net_amount, list_amount, status FROM orders
          WHERE record_time <= )",
                      known_at, which, R"(
          UNION ALL
          SELECT account_id, order_time, net_amount, list_amount, status FROM order_versions
          WHERE record_time <= )",
                      known_at, " AND superseded_time > ", known_at, which, R"() AS version
        WHERE status = 2 GROUP BY account_id, day) AS by_day
      GROUP BY account_id))");
}

std::string PartsSql(absl::string_view days) {
  return absl::StrCat("SELECT ", SelectList<HistoryPart>(), " FROM accounts AS a LEFT JOIN ", days,
                      " AS d ON d.account_id = a.account_id");
}

// Makes histories of parts that come by account.
class Gatherer {
 public:
  Gatherer(int32_t until_day, VisitHistory visit) : until_day_(until_day), visit_(visit) {}

  absl::Status Add(HistoryPart part) {
    if (!open_ || history_.account_id != part.account_id) {
      KAM_RETURN_IF_ERROR(Flush());
      open_ = true;
      history_.account_id = std::move(part.account_id);
      history_.currency = std::move(part.currency);
      history_.declared_annual_spend = part.declared_annual_spend;
      history_.marketing_budget = part.marketing_budget;
    }
    if (!part.days) return absl::OkStatus();
    const size_t days = part.days->size();
    const auto fits = [days](const auto& array) { return array && array->size() == days; };
    if (!part.base || !fits(part.orders) || !fits(part.full_price) || !fits(part.net) ||
        !fits(part.list)) {
      return Internal("a month's arrays are not of one length");
    }
    for (size_t i = 0; i < part.days->size(); ++i) {
      const DayTotals totals{.day = *part.base + (*part.days)[i],
                             .orders = (*part.orders)[i],
                             .full_price_orders = (*part.full_price)[i],
                             .net = (*part.net)[i],
                             .list = (*part.list)[i]};
      if (totals.day < until_day_) history_.days.push_back(totals);
    }
    return absl::OkStatus();
  }

  // Hands out the last account.
  absl::Status Flush() {
    if (!open_) return absl::OkStatus();
    open_ = false;
    return visit_(std::exchange(history_, AccountHistory()));
  }

 private:
  int32_t until_day_;
  VisitHistory visit_;
  bool open_ = false;
  AccountHistory history_;
};

// `sql` selects parts, by account.
absl::Status Stream(Snapshot& tx, const std::string& sql, int32_t until_day, VisitHistory visit) {
  Gatherer gatherer(until_day, visit);
  KAM_RETURN_IF_ERROR(tx.session().CopyOut(absl::StrCat("COPY (", sql, ") TO STDOUT"),
                                           [&](CopyRow row) -> absl::Status {
                                             HistoryPart part;
                                             KAM_RETURN_IF_ERROR(ReadRow(row, part));
                                             return gatherer.Add(std::move(part));
                                           }));
  return gatherer.Flush();
}

std::string RollupsSql(int32_t until_day, const std::string& condition) {
  return absl::StrCat(PartsSql(kRollups), " AND d.base < ", until_day,
                      " WHERE a.delete_time IS NULL", condition, " ORDER BY a.account_id, d.month");
}

}  // namespace

absl::Status ReadHistories(Snapshot& tx, int32_t until_day, std::optional<absl::Time> known_at,
                           VisitHistory visit) {
  if (!known_at) return Stream(tx, RollupsSql(until_day, ""), until_day, visit);
  const std::string known = Literal(*known_at);
  const std::string sql = absl::StrCat(PartsSql(RawVersions(known, "")),
                                       " WHERE a.delete_time IS NULL AND a.create_time <= ", known,
                                       " ORDER BY a.account_id");
  return Stream(tx, sql, until_day, visit);
}

absl::Status ReadHistories(Snapshot& tx, int32_t until_day, const Cut& cut, VisitHistory visit) {
  const std::string known = Literal(cut.known_at);
  const std::string changed =
      absl::StrCat(" AND account_id IN (SELECT account_id FROM changes WHERE seq > ",
                   cut.last_change, " AND account_id <> '')");
  absl::flat_hash_map<std::string, AccountHistory> raw;
  KAM_RETURN_IF_ERROR(
      Stream(tx,
             absl::StrCat(PartsSql(RawVersions(known, changed)),
                          " WHERE a.account_id IN (SELECT account_id FROM changes WHERE seq > ",
                          cut.last_change, ") ORDER BY a.account_id"),
             until_day, [&](AccountHistory history) {
               AccountHistory& kept = raw[history.account_id];
               kept = std::move(history);
               return absl::OkStatus();
             }));
  return Stream(tx, RollupsSql(until_day, absl::StrCat(" AND a.create_time <= ", known)), until_day,
                [&](AccountHistory history) {
                  const auto as_known = raw.find(history.account_id);
                  if (as_known != raw.end()) return visit(std::move(as_known->second));
                  return visit(std::move(history));
                });
}

}  // namespace kam::store
