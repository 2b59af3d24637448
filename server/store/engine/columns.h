#pragma once

// A struct knows its columns once. Beside the functions of an aggregate stands
//
//   template <>
//   struct Columns<Budget> {
//     static constexpr absl::string_view kTable = "budgets";
//     static constexpr auto kList = std::tuple(
//         Key("budget_id", &Budget::id),
//         Column("display_name", &Budget::display_name),
//         Column("unit_price", &Budget::price, &Price::unit));  // a member of a member
//   };
//
// and yields the SELECT list, the reader, the parameters of INSERT and UPDATE, and the comparison
// of a page's keys (table.h, keyset.h). How a type is kept is its Codec's concern.

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "model/error.h"
#include "store/engine/codec.h"
#include "store/engine/session.h"

namespace kam::store {

template <typename T>
struct Columns;

// What a column is for.
enum class Use {
  kKey,     // identifies the row
  kPlain,   // is written and read
  kJoined,  // is read only, from another table: its name is an expression such as `a.currency`
};

// A column and the way from the struct to its member.
template <Use kUse_, typename First, typename... More>
struct ColumnOf {
  static constexpr Use kUse = kUse_;

  absl::string_view name;
  std::tuple<First, More...> path;

  template <typename T>
  constexpr auto& Of(T& row) const {
    return std::apply(
        [&](auto first, auto... more) -> auto& { return Walk(row.*first, more...); }, path);
  }

 private:
  template <typename M>
  static constexpr auto& Walk(M& member) {
    return member;
  }
  template <typename M, typename Next, typename... Rest>
  static constexpr auto& Walk(M& member, Next next, Rest... rest) {
    return Walk(member.*next, rest...);
  }
};

template <typename... Path>
constexpr auto Key(absl::string_view name, Path... path) {
  return ColumnOf<Use::kKey, Path...>{name, {path...}};
}
template <typename... Path>
constexpr auto Column(absl::string_view name, Path... path) {
  return ColumnOf<Use::kPlain, Path...>{name, {path...}};
}
template <typename... Path>
constexpr auto Joined(absl::string_view name, Path... path) {
  return ColumnOf<Use::kJoined, Path...>{name, {path...}};
}

// Calls `visit(column)` for every column of T, in order.
template <typename T, typename Visit>
constexpr void ForEachColumn(Visit visit) {
  std::apply([&](const auto&... columns) { (visit(columns), ...); }, Columns<T>::kList);
}

// The codec of a column's member.
template <typename T, typename C>
using CodecOf = Codec<std::remove_cvref_t<decltype(std::declval<C>().Of(std::declval<T&>()))>>;

// What a query selects to be read as T, the columns of T's own table qualified by `alias` if any.
template <typename T>
std::string SelectList(absl::string_view alias = "") {
  std::string list;
  ForEachColumn<T>([&](const auto& column) {
    using C = std::remove_cvref_t<decltype(column)>;
    const bool own = C::kUse != Use::kJoined && !alias.empty();
    const std::string name = own ? absl::StrCat(alias, ".", column.name) : std::string(column.name);
    absl::StrAppend(&list, list.empty() ? "" : ", ", CodecOf<T, C>::Read(name));
  });
  return list;
}

// Reads the cells of SelectList, which `cell(number)` answers, into `value`. INTERNAL when a cell
// is not of its member's type, such as an enumeration's number that is not known.
template <typename T, typename CellAt>
absl::Status ReadCellsAt(CellAt cell, T& value) {
  int at = 0;
  absl::string_view bad;
  ForEachColumn<T>([&](const auto& column) {
    using C = std::remove_cvref_t<decltype(column)>;
    if (!CodecOf<T, C>::FromText(cell(at++), column.Of(value))) bad = column.name;
  });
  if (bad.empty()) return absl::OkStatus();
  return Internal(absl::StrCat("a row of ", Columns<T>::kTable, " holds a value of ", bad,
                               " that this server does not know"));
}

// One row whose columns from `first` on are those of SelectList.
template <typename T>
absl::Status ReadRow(const Rows& rows, int row, T& value, int first = 0) {
  return ReadCellsAt([&](int at) { return rows.CellAt(row, first + at); }, value);
}

// One row of a COPY whose columns are those of SelectList.
template <typename T>
absl::Status ReadRow(CopyRow cells, T& value) {
  return ReadCellsAt([&](int at) { return cells[at]; }, value);
}

template <typename T>
absl::StatusOr<std::vector<T>> ReadRows(const Rows& rows) {
  std::vector<T> values(rows.size());
  for (int row = 0; row < rows.size(); ++row) {
    if (absl::Status status = ReadRow(rows, row, values[row]); !status.ok()) return status;
  }
  return values;
}

// Runs a query that selects SelectList<T>.
template <typename T>
absl::StatusOr<std::vector<T>> QueryRows(Session& session, absl::string_view sql,
                                         const std::vector<Param>& params) {
  absl::StatusOr<Rows> rows = session.Query(sql, params);
  if (!rows.ok()) return rows.status();
  return ReadRows<T>(*rows);
}

// The first row of such a query, if any.
template <typename T>
absl::StatusOr<std::optional<T>> QueryOptional(Session& session, absl::string_view sql,
                                               const std::vector<Param>& params) {
  absl::StatusOr<std::vector<T>> rows = QueryRows<T>(session, sql, params);
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return std::nullopt;
  return std::move(rows->front());
}

// The first cell of a query that answers one; `sql` selects it as Codec<T>::Read says.
template <typename T>
absl::StatusOr<T> QueryValue(Session& session, absl::string_view sql,
                             const std::vector<Param>& params) {
  absl::StatusOr<Rows> rows = session.Query(sql, params);
  if (!rows.ok()) return rows.status();
  T value{};
  if (rows->empty() || !Codec<T>::FromText(rows->CellAt(0, 0), value)) {
    return Internal("a query did not answer the value it should");
  }
  return value;
}

// The next number of a sequence.
inline absl::StatusOr<int64_t> NextOf(Session& session, absl::string_view sequence) {
  return QueryValue<int64_t>(session, "SELECT nextval(CAST(:sequence AS regclass))", {sequence});
}

// Whether a column belongs to the table itself.
template <typename C>
inline constexpr bool kIsOwn = C::kUse != Use::kJoined;

// One array parameter a column, each with an element a row: what `unnest` takes apart again.
template <typename T>
std::vector<Param> ArraysOf(absl::Span<const T> rows) {
  std::vector<Param> arrays;
  ForEachColumn<T>([&](const auto& column) {
    using C = std::remove_cvref_t<decltype(column)>;
    if constexpr (kIsOwn<C>) {
      std::string array = "{";
      for (const T& row : rows) {
        codec::AppendElement(array, CodecOf<T, C>::ToText(column.Of(row)));
      }
      array += '}';
      arrays.emplace_back(std::move(array));
    }
  });
  return arrays;
}

// `unnest(CAST(:c0 AS text[]), …) AS r (budget_id, …)`: the rows of ArraysOf as a table `r`, whose
// columns are parameters still: RowValue makes a column's value of one.
template <typename T>
std::string RowsTable() {
  std::string arrays, names;
  int number = 0;
  ForEachColumn<T>([&](const auto& column) {
    using C = std::remove_cvref_t<decltype(column)>;
    if constexpr (kIsOwn<C>) {
      absl::StrAppend(&arrays, number == 0 ? "" : ", ", "CAST(:c", number, " AS ",
                      CodecOf<T, C>::kSqlType, "[])");
      absl::StrAppend(&names, number == 0 ? "" : ", ", column.name);
      ++number;
    }
  });
  return absl::StrCat("unnest(", arrays, ") AS r (", names, ")");
}

}  // namespace kam::store
