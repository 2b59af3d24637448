#include "store/history/rollups.h"

#include <tuple>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "store/engine/table.h"

namespace kam::store {

// A date, as days since 1970-01-01.
struct Date {
  int32_t day = 0;
};

template <>
struct Codec<Date> {
  static constexpr absl::string_view kSqlType = "bigint";
  static std::string Read(absl::string_view column) {
    return absl::StrCat("(", column, " - DATE '1970-01-01')");
  }
  static std::string Write(absl::string_view param) {
    return absl::StrCat("(DATE '1970-01-01' + CAST(", param, " AS integer))");
  }
  static CellText ToText(Date date) { return absl::StrCat(date.day); }
  static bool FromText(Cell cell, Date& date) { return cell && codec::Parse(*cell, date.day); }
};

// The row of a month: an element a day, in all arrays.
struct MonthRow {
  std::string account_id;
  Date month;
  std::vector<int32_t> day_of_month;
  std::vector<int32_t> orders;
  std::vector<int32_t> full_price;
  std::vector<int64_t> net;
  std::vector<int64_t> list;
};

template <>
struct Columns<MonthRow> {
  static constexpr absl::string_view kTable = "account_months";
  static constexpr auto kList = std::tuple(
      Key("account_id", &MonthRow::account_id), Key("month", &MonthRow::month),
      Column("day_of_month", &MonthRow::day_of_month), Column("day_orders", &MonthRow::orders),
      Column("day_full_price", &MonthRow::full_price), Column("day_net", &MonthRow::net),
      Column("day_list", &MonthRow::list));
};

namespace {

MonthRow RowOf(const MonthTotals& month) {
  MonthRow row{.account_id = month.account_id, .month = {month.month}};
  for (const DayTotals& day : month.days) {
    row.day_of_month.push_back(day.day - month.month + 1);
    row.orders.push_back(day.orders);
    row.full_price.push_back(day.full_price_orders);
    row.net.push_back(day.net);
    row.list.push_back(day.list);
  }
  return row;
}

absl::StatusOr<MonthTotals> TotalsOf(MonthRow row) {
  const size_t days = row.day_of_month.size();
  for (const size_t size :
       {row.orders.size(), row.full_price.size(), row.net.size(), row.list.size()}) {
    if (size != days) return Internal("a month's arrays are not of one length");
  }
  MonthTotals month{.account_id = std::move(row.account_id), .month = row.month.day};
  for (size_t i = 0; i < row.day_of_month.size(); ++i) {
    month.days.push_back({.day = month.month + row.day_of_month[i] - 1,
                          .orders = row.orders[i],
                          .full_price_orders = row.full_price[i],
                          .net = row.net[i],
                          .list = row.list[i]});
  }
  return month;
}

}  // namespace

absl::StatusOr<std::vector<MonthTotals>> FindMonths(Snapshot& tx, absl::Span<const MonthKey> keys) {
  static const std::string sql = absl::StrCat(
      "SELECT ", SelectList<MonthRow>("m"),
      " FROM unnest(CAST(:accounts AS text[]), CAST(:months AS bigint[])) AS wanted (account, day)"
      " CROSS JOIN LATERAL ("
      "   SELECT * FROM account_months WHERE account_id = wanted.account AND month = ",
      Codec<Date>::Write("wanted.day"), " LIMIT 1) AS m");
  std::vector<MonthTotals> months;
  if (keys.empty()) return months;
  std::vector<std::string> accounts;
  std::vector<int32_t> firsts;
  for (const auto& [account, month] : keys) {
    accounts.push_back(account);
    firsts.push_back(month);
  }
  KAM_ASSIGN_OR_RETURN(std::vector<MonthRow> rows,
                       QueryRows<MonthRow>(tx.session(), sql, {accounts, firsts}));
  months.reserve(rows.size());
  for (MonthRow& row : rows) {
    KAM_ASSIGN_OR_RETURN(months.emplace_back(), TotalsOf(std::move(row)));
  }
  return months;
}

absl::Status SaveMonths(Transaction& tx, absl::Span<const MonthTotals> months) {
  std::vector<MonthRow> kept, emptied;
  for (const MonthTotals& month : months) {
    (month.days.empty() ? emptied : kept).push_back(RowOf(month));
  }
  KAM_RETURN_IF_ERROR(UpsertRows<MonthRow>(tx.session(), kept));
  return DeleteRows<MonthRow>(tx.session(), emptied);
}

}  // namespace kam::store
