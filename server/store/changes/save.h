#pragma once

// Writes of structs that have a version. What is written and that it changed are one: there is no
// way to write such a struct without its line in the change log. Its Columns say
//
//   static Change ChangeOf(const Budget& budget);  // resource, account, version; `kind` is set
//   here

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "model/changes/change.h"
#include "store/changes/change_log.h"
#include "store/engine/table.h"
#include "store/transaction.h"

namespace kam::store {

namespace save {

template <table::Versioned T>
absl::Status Log(Transaction& tx, absl::Span<const T> rows, ChangeKind kind) {
  std::vector<Change> changes;
  changes.reserve(rows.size());
  for (const T& row : rows) {
    changes.push_back(Columns<T>::ChangeOf(row));
    changes.back().kind = kind;
  }
  return AppendChanges(tx, changes);
}

}  // namespace save

// Inserts rows and says so in the change log. INTERNAL unless all of them went in: a broken
// constraint comes back as ConstraintOf tells.
template <table::Versioned T>
absl::Status Insert(Transaction& tx, absl::Span<const T> rows, ChangeKind kind) {
  KAM_ASSIGN_OR_RETURN(const int64_t inserted, table::Insert(tx.session(), rows, ""));
  if (inserted != static_cast<int64_t>(rows.size())) return Internal("rows were not inserted");
  return save::Log(tx, rows, kind);
}

// Inserts one row unless its key is taken; answers whether it went in.
template <table::Versioned T>
absl::StatusOr<bool> InsertIfNew(Transaction& tx, const T& row, ChangeKind kind) {
  const absl::Span<const T> rows(&row, 1);
  KAM_ASSIGN_OR_RETURN(const int64_t inserted,
                       table::Insert(tx.session(), rows, "ON CONFLICT DO NOTHING"));
  if (inserted == 0) return false;
  KAM_RETURN_IF_ERROR(save::Log(tx, rows, kind));
  return true;
}

// Inserts those rows whose keys are free; answers them.
template <table::Versioned T>
absl::StatusOr<std::vector<T>> InsertNew(Transaction& tx, absl::Span<const T> rows,
                                         ChangeKind kind) {
  static const std::string sql =
      absl::StrCat(table::InsertSql<T>(), " ON CONFLICT DO NOTHING RETURNING ", SelectList<T>());
  if (rows.empty()) return std::vector<T>();
  KAM_ASSIGN_OR_RETURN(std::vector<T> inserted, QueryRows<T>(tx.session(), sql, ArraysOf(rows)));
  KAM_RETURN_IF_ERROR(save::Log(tx, absl::Span<const T>(inserted), kind));
  return inserted;
}

// Updates rows by their keys and says so in the change log. INTERNAL unless all of them exist: the
// caller has locked them.
template <table::Versioned T>
absl::Status Update(Transaction& tx, absl::Span<const T> rows, ChangeKind kind) {
  KAM_ASSIGN_OR_RETURN(const int64_t updated, table::Update(tx.session(), rows));
  if (updated != static_cast<int64_t>(rows.size())) return Internal("rows were not updated");
  return save::Log(tx, rows, kind);
}

template <table::Versioned T>
absl::Status Update(Transaction& tx, const T& row, ChangeKind kind) {
  return Update(tx, absl::Span<const T>(&row, 1), kind);
}

}  // namespace kam::store
