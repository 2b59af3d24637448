#include "store/history/history_reader.h"

#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"

namespace kam::store {
namespace {

// All queries answer rows of the same form, by account: account, currency, declared spend,
// marketing budget, then the days' totals as arrays, with `base` + element the day since 1970. An
// account without orders has one row with NULL arrays.
#define KAM_ACCOUNT_PART \
  "SELECT a.account_id, a.currency, a.declared_annual_spend, a.marketing_budget, "
#define KAM_MONTH_PART                                                     \
  "m.month - DATE '1970-01-01' - 1 AS base, m.day_of_month, m.day_orders," \
  " m.day_full_price, m.day_net, m.day_list"                               \
  " FROM accounts AS a LEFT JOIN account_months AS m ON m.account_id = a.account_id"
// Raw versions, summed by day.
#define KAM_DAY_PART                                                                               \
  "0 AS base, array_agg(day ORDER BY day) FILTER (WHERE day IS NOT NULL),"                         \
  " array_agg(orders ORDER BY day), array_agg(full_price ORDER BY day),"                           \
  " array_agg(net ORDER BY day), array_agg(list ORDER BY day)"                                     \
  " FROM accounts AS a LEFT JOIN ("                                                                \
  "   SELECT account_id, CAST(order_time AT TIME ZONE 'UTC' AS date) - DATE '1970-01-01' AS day,"  \
  "          count(*) AS orders, count(*) FILTER (WHERE net_amount >= list_amount) AS full_price," \
  "          CAST(sum(net_amount) AS bigint) AS net, CAST(sum(list_amount) AS bigint) AS list"     \
  "   FROM ("
#define KAM_CURRENT_VERSIONS                                                      \
  "SELECT account_id, order_time, net_amount, list_amount, status, record_time, " \
  " timestamptz 'infinity' AS superseded_time FROM orders "
#define KAM_OLD_VERSIONS                                                         \
  "SELECT account_id, order_time, net_amount, list_amount, status, record_time," \
  " superseded_time FROM order_versions "

// The values of an array's text; the day arrays of a row belong together.
class IntArray {
 public:
  explicit IntArray(absl::string_view text)
      : at_(text.data() + 1), end_(text.data() + text.size() - 1) {}

  bool empty() const { return at_ >= end_; }

  int64_t Next() {
    int64_t value = 0;
    at_ = std::from_chars(at_, end_, value).ptr + 1;  // past the comma
    return value;
  }

 private:
  const char* at_;
  const char* end_;
};

int64_t ParseInt(absl::string_view text) { return IntArray(absl::StrCat("{", text, "}")).Next(); }

std::optional<int64_t> ParseOptional(std::optional<absl::string_view> text) {
  return text ? std::optional<int64_t>(ParseInt(*text)) : std::nullopt;
}

// Makes histories of rows that come by account.
class Gatherer {
 public:
  Gatherer(int32_t until_day, absl::FunctionRef<absl::Status(AccountHistory)> visit)
      : until_day_(until_day), visit_(visit) {}

  absl::Status Add(CopyRow row) {
    enum { kAccount, kCurrency, kSpend, kBudget, kBase, kDays, kOrders, kFullPrice, kNet, kList };
    if (!open_ || history_.account_id != *row[kAccount]) {
      KAM_RETURN_IF_ERROR(Flush());
      open_ = true;
      history_.account_id = std::string(*row[kAccount]);
      history_.currency = std::string(*row[kCurrency]);
      history_.declared_annual_spend = ParseOptional(row[kSpend]);
      history_.marketing_budget = ParseOptional(row[kBudget]);
    }
    if (!row[kDays]) return absl::OkStatus();
    const int64_t base = ParseInt(*row[kBase]);
    IntArray days(*row[kDays]), orders(*row[kOrders]), full_price(*row[kFullPrice]);
    IntArray net(*row[kNet]), list(*row[kList]);
    while (!days.empty()) {
      const DayTotals totals{.day = static_cast<int32_t>(base + days.Next()),
                             .orders = static_cast<int32_t>(orders.Next()),
                             .full_price_orders = static_cast<int32_t>(full_price.Next()),
                             .net = net.Next(),
                             .list = list.Next()};
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
  absl::FunctionRef<absl::Status(AccountHistory)> visit_;
  bool open_ = false;
  AccountHistory history_;
};

absl::StatusOr<Rows> ReadOne(Session& session, absl::string_view account_id,
                             std::optional<absl::Time> known_at) {
  if (!known_at) {
    constexpr char kSql[] =
        KAM_ACCOUNT_PART KAM_MONTH_PART " WHERE a.account_id = :account_id ORDER BY m.month";
    return session.Query(kSql, {account_id});
  }
  constexpr char kSql[] = KAM_ACCOUNT_PART KAM_DAY_PART KAM_CURRENT_VERSIONS
      "WHERE account_id = :current_of UNION ALL " KAM_OLD_VERSIONS
      "WHERE account_id = :old_of) AS version "
      " CROSS JOIN (SELECT timestamptz 'epoch' + CAST(:known_us AS bigint)"
      "               * interval '1 microsecond' AS known_at) AS cut"
      " WHERE record_time <= known_at AND superseded_time > known_at AND status = 2"
      " GROUP BY account_id, day) AS d ON d.account_id = a.account_id"
      " WHERE a.account_id = :account_id AND a.create_time <="
      "   timestamptz 'epoch' + CAST(:created_us AS bigint) * interval '1 microsecond'"
      " GROUP BY a.account_id";
  return session.Query(kSql, {account_id, account_id, *known_at, account_id, *known_at});
}

// COPY takes no parameters: the two numbers are written into the text.
std::string ReadAllSql(int32_t until_day, std::optional<absl::Time> known_at) {
  if (!known_at) {
    return absl::StrCat(
        "COPY (" KAM_ACCOUNT_PART KAM_MONTH_PART " AND m.month - DATE '1970-01-01' < ", until_day,
        " WHERE a.delete_time IS NULL ORDER BY a.account_id, m.month) TO STDOUT");
  }
  const std::string known = absl::StrCat("(timestamptz 'epoch' + ", absl::ToUnixMicros(*known_at),
                                         " * interval '1 microsecond')");
  return absl::StrCat(
      "COPY (" KAM_ACCOUNT_PART KAM_DAY_PART KAM_CURRENT_VERSIONS "WHERE record_time <= ", known,
      " UNION ALL " KAM_OLD_VERSIONS "WHERE record_time <= ", known, " AND superseded_time > ",
      known,
      ") AS version WHERE status = 2 GROUP BY account_id, day) AS d"
      " ON d.account_id = a.account_id"
      " WHERE a.delete_time IS NULL AND a.create_time <= ",
      known, " GROUP BY a.account_id ORDER BY a.account_id) TO STDOUT");
}

}  // namespace

absl::Status ReadHistories(Session& session, std::optional<absl::string_view> account_id,
                           int32_t until_day, std::optional<absl::Time> known_at,
                           absl::FunctionRef<absl::Status(AccountHistory)> visit) {
  Gatherer gatherer(until_day, visit);
  if (!account_id) {
    KAM_RETURN_IF_ERROR(session.CopyOut(ReadAllSql(until_day, known_at),
                                        [&](CopyRow row) { return gatherer.Add(row); }));
    return gatherer.Flush();
  }
  KAM_ASSIGN_OR_RETURN(const Rows rows, ReadOne(session, *account_id, known_at));
  if (rows.empty()) return NotFound(AccountName(*account_id));
  for (int row = 0; row < rows.size(); ++row) {
    std::vector<std::optional<absl::string_view>> cells(10);
    for (int column = 0; column < 10; ++column) {
      if (!rows.IsNull(row, column)) cells[column] = rows.Text(row, column);
    }
    KAM_RETURN_IF_ERROR(gatherer.Add(cells));
  }
  return gatherer.Flush();
}

}  // namespace kam::store
