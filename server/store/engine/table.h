#pragma once

// Set-based writes of structs with Columns. A struct with a version is written by
// store/changes/save.h, together with its changes.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "store/engine/columns.h"
#include "store/engine/session.h"

namespace kam::store {

namespace table {

// `INSERT INTO budgets (…) SELECT … FROM unnest(…) AS r (…) ORDER BY r.budget_id`: in the order of
// the keys, so that two transactions that insert the same rows do not deadlock; rows that have none
// in the order they come.
template <typename T>
std::string InsertSql() {
  std::string names, values, keys;
  ForEachColumn<T>([&](const auto& column) {
    using C = std::remove_cvref_t<decltype(column)>;
    if constexpr (kIsOwn<C>) {
      const std::string param = absl::StrCat("r.", column.name);
      absl::StrAppend(&names, names.empty() ? "" : ", ", column.name);
      absl::StrAppend(&values, values.empty() ? "" : ", ", CodecOf<T, C>::Write(param));
      if (C::kUse == Use::kKey) absl::StrAppend(&keys, keys.empty() ? "" : ", ", param);
    }
  });
  return absl::StrCat("INSERT INTO ", Columns<T>::kTable, " (", names, ") SELECT ", values,
                      " FROM ", RowsTable<T>(), keys.empty() ? "" : " ORDER BY ", keys);
}

// `UPDATE budgets AS t SET … FROM unnest(…) AS r (…) WHERE t.budget_id = r.budget_id`.
template <typename T>
std::string UpdateSql() {
  std::string sets, where;
  ForEachColumn<T>([&](const auto& column) {
    using C = std::remove_cvref_t<decltype(column)>;
    if constexpr (kIsOwn<C>) {
      const std::string value = CodecOf<T, C>::Write(absl::StrCat("r.", column.name));
      if (C::kUse == Use::kKey) {
        absl::StrAppend(&where, where.empty() ? "" : " AND ", "t.", column.name, " = ", value);
      } else {
        absl::StrAppend(&sets, sets.empty() ? "" : ", ", column.name, " = ", value);
      }
    }
  });
  return absl::StrCat("UPDATE ", Columns<T>::kTable, " AS t SET ", sets, " FROM ", RowsTable<T>(),
                      " WHERE ", where);
}

// Inserts, or updates those whose key is there: `… ON CONFLICT (…) DO UPDATE SET …`.
template <typename T>
std::string UpsertSql() {
  std::string keys, sets;
  ForEachColumn<T>([&](const auto& column) {
    using C = std::remove_cvref_t<decltype(column)>;
    if constexpr (kIsOwn<C>) {
      std::string& list = C::kUse == Use::kKey ? keys : sets;
      absl::StrAppend(&list, list.empty() ? "" : ", ", column.name);
      if (C::kUse != Use::kKey) absl::StrAppend(&list, " = excluded.", column.name);
    }
  });
  return absl::StrCat(InsertSql<T>(), " ON CONFLICT (", keys, ") DO UPDATE SET ", sets);
}

// `DELETE FROM budgets AS t USING unnest(…) AS r (…) WHERE t.budget_id = r.budget_id`.
template <typename T>
std::string DeleteSql() {
  std::string where;
  ForEachColumn<T>([&](const auto& column) {
    using C = std::remove_cvref_t<decltype(column)>;
    if constexpr (C::kUse == Use::kKey) {
      absl::StrAppend(&where, where.empty() ? "" : " AND ", "t.", column.name, " = ",
                      CodecOf<T, C>::Write(absl::StrCat("r.", column.name)));
    }
  });
  return absl::StrCat("DELETE FROM ", Columns<T>::kTable, " AS t USING ", RowsTable<T>(), " WHERE ",
                      where);
}

// Whether T's writes leave changes: they go through store/changes/save.h then.
template <typename T>
concept Versioned = requires(const T& row) {
  Columns<T>::ChangeOf(row);
};

// The writes themselves; for save.h, and for structs without changes.
template <typename T>
absl::StatusOr<int64_t> Insert(Session& session, absl::Span<const T> rows,
                               absl::string_view on_conflict) {
  static const std::string sql = InsertSql<T>();
  if (rows.empty()) return 0;
  if (on_conflict.empty()) return session.Execute(sql, ArraysOf(rows));
  return session.Execute(absl::StrCat(sql, " ", on_conflict), ArraysOf(rows));
}

template <typename T>
absl::StatusOr<int64_t> Update(Session& session, absl::Span<const T> rows) {
  static const std::string sql = UpdateSql<T>();
  if (rows.empty()) return 0;
  return session.Execute(sql, ArraysOf(rows));
}

}  // namespace table

// Inserts rows that have no version; answers how many went in (`on_conflict` may hold some back,
// such as `ON CONFLICT (id) DO NOTHING`).
template <typename T>
absl::StatusOr<int64_t> InsertRows(Session& session, absl::Span<const T> rows,
                                   absl::string_view on_conflict = "") {
  static_assert(!table::Versioned<T>, "written with its changes: store/changes/save.h");
  return table::Insert(session, rows, on_conflict);
}

// Updates rows that have no version, by their keys; answers how many there were.
template <typename T>
absl::StatusOr<int64_t> UpdateRows(Session& session, absl::Span<const T> rows) {
  static_assert(!table::Versioned<T>, "written with its changes: store/changes/save.h");
  return table::Update(session, rows);
}

// Inserts rows that have no version, or updates those whose keys are there.
template <typename T>
absl::Status UpsertRows(Session& session, absl::Span<const T> rows) {
  static_assert(!table::Versioned<T>, "written with its changes: store/changes/save.h");
  static const std::string sql = table::UpsertSql<T>();
  if (rows.empty()) return absl::OkStatus();
  return session.Execute(sql, ArraysOf(rows)).status();
}

// Deletes rows that have no version, by their keys.
template <typename T>
absl::Status DeleteRows(Session& session, absl::Span<const T> rows) {
  static_assert(!table::Versioned<T>, "written with its changes: store/changes/save.h");
  static const std::string sql = table::DeleteSql<T>();
  if (rows.empty()) return absl::OkStatus();
  return session.Execute(sql, ArraysOf(rows)).status();
}

// Inserts many rows by COPY; T must have no times.
template <typename T>
absl::Status CopyRows(Session& session, absl::Span<const T> rows) {
  std::string names;
  int columns = 0;
  ForEachColumn<T>([&](const auto& column) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", column.name);
    ++columns;
  });
  std::vector<Param> cells;
  cells.reserve(rows.size() * columns);
  for (const T& row : rows) {
    ForEachColumn<T>([&](const auto& column) {
      using C = std::remove_cvref_t<decltype(column)>;
      static_assert(!std::is_same_v<CodecOf<T, C>, Codec<absl::Time>>, "COPY takes no times");
      const CellText text = CodecOf<T, C>::ToText(column.Of(row));
      cells.push_back(text ? Param(*text) : Param::Null());
    });
  }
  return session.CopyIn(absl::StrCat("COPY ", Columns<T>::kTable, " (", names, ") FROM STDIN"),
                        cells, columns);
}

}  // namespace kam::store
