#pragma once

// The one way to page: by the key of the last row, never by counting.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "model/error.h"
#include "model/page.h"
#include "store/engine/columns.h"
#include "store/engine/session.h"

namespace kam::store {

// In which order a list is read: columns of T that together are unique, all up or all down.
struct Keyset {
  std::vector<absl::string_view> columns;
  bool descending = false;
  absl::string_view alias = "";  // of T's table in the query
};

// Keys as text: `{"2024…","acme"}`, PostgreSQL's own form of an array.
namespace keyset {

template <typename T>
std::string KeyOf(const T& row, const Keyset& keyset) {
  std::string key = "{";
  for (const absl::string_view wanted : keyset.columns) {
    ForEachColumn<T>([&](const auto& column) {
      using C = std::remove_cvref_t<decltype(column)>;
      if (column.name == wanted) {
        codec::AppendElement(key, CodecOf<T, C>::ToText(column.Of(row)));
      }
    });
  }
  return key + "}";
}

// `(order_time, order_id) < (CAST(:k0 AS bigint)…, …)`.
template <typename T>
std::string AfterSql(const Keyset& keyset) {
  std::string names, values;
  int number = 0;
  for (const absl::string_view wanted : keyset.columns) {
    ForEachColumn<T>([&](const auto& column) {
      using C = std::remove_cvref_t<decltype(column)>;
      if (column.name != wanted) return;
      const std::string param =
          absl::StrCat("CAST(:k", number++, " AS ", CodecOf<T, C>::kSqlType, ")");
      absl::StrAppend(&names, names.empty() ? "" : ", ", keyset.alias,
                      keyset.alias.empty() ? "" : ".", wanted);
      absl::StrAppend(&values, values.empty() ? "" : ", ", CodecOf<T, C>::Write(param));
    });
  }
  return absl::StrCat("(", names, keyset.descending ? ") < (" : ") > (", values, ")");
}

std::string OrderSql(const Keyset& keyset);

}  // namespace keyset

// One page of a query. `sql` selects SelectList<T> and ends in a WHERE clause (`… WHERE true` when
// there is nothing to ask); the condition of the page, the order and the limit are added here.
// INVALID_ARGUMENT (kInvalidPageToken).
template <typename T>
absl::StatusOr<Page<T>> QueryPage(Session& session, absl::string_view sql,
                                  std::vector<Param> params, const Keyset& keyset,
                                  const PageRequest& page) {
  std::string whole(sql);
  if (!page.after.empty()) {
    std::vector<CellText> after;
    if (!codec::ParseArray(page.after, after) || after.size() != keyset.columns.size()) {
      return InvalidPageToken();
    }
    for (const CellText& value : after) params.push_back(value ? Param(*value) : Param::Null());
    absl::StrAppend(&whole, " AND ", keyset::AfterSql<T>(keyset));
  }
  absl::StrAppend(&whole, keyset::OrderSql(keyset), " LIMIT CAST(:page_size AS bigint)");
  params.emplace_back(static_cast<int64_t>(page.size) + 1);
  absl::StatusOr<std::vector<T>> rows = QueryRows<T>(session, whole, params);
  if (!rows.ok()) return rows.status();
  Page<T> result;
  result.items = *std::move(rows);
  if (static_cast<int>(result.items.size()) > page.size) {
    // The extra row only tells that there is a next page.
    result.items.resize(page.size);
    result.next = keyset::KeyOf(result.items.back(), keyset);
  }
  return result;
}

}  // namespace kam::store
