#pragma once

// The one way the tables talk to PostgreSQL: SOCI statements that are prepared once per pooled
// connection and live with it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/deadline.h"

namespace kam::store {

// A parameter, written as PostgreSQL text. Times become bigint microseconds since 1970 (infinite
// ones and empty optionals NULL), vectors an array literal (`CAST(:x AS bigint[])` in the SQL).
class Param {
 public:
  Param(int64_t value);             // NOLINT(google-explicit-constructor): a parameter list
  Param(int32_t value);             // NOLINT(google-explicit-constructor): reads as values
  Param(bool value);                // NOLINT(google-explicit-constructor)
  Param(double value);              // NOLINT(google-explicit-constructor)
  Param(absl::string_view value);   // NOLINT(google-explicit-constructor)
  Param(const std::string& value);  // NOLINT(google-explicit-constructor)
  Param(const char* value);         // NOLINT(google-explicit-constructor)
  Param(absl::Time value);          // NOLINT(google-explicit-constructor)
  Param(const std::vector<int64_t>& value);      // NOLINT(google-explicit-constructor)
  Param(const std::vector<int32_t>& value);      // NOLINT(google-explicit-constructor)
  Param(const std::vector<double>& value);       // NOLINT(google-explicit-constructor)
  Param(const std::vector<std::string>& value);  // NOLINT(google-explicit-constructor)
  Param(absl::Span<const std::string> value);    // NOLINT(google-explicit-constructor)
  // Arrays with NULLs.
  Param(const std::vector<std::optional<int64_t>>& value);  // NOLINT(google-explicit-constructor)
  Param(const std::vector<std::optional<double>>& value);   // NOLINT(google-explicit-constructor)
  template <typename T>
  Param(const std::optional<T>& value)  // NOLINT(google-explicit-constructor)
      : Param(value ? Param(*value) : Null()) {}

  static Param Null();

  bool is_null() const { return !text_.has_value(); }
  const std::string& text() const { return *text_; }

 private:
  Param() = default;

  std::optional<std::string> text_;
};

// A result, read whole. Columns are counted from 0. The getters abort on a NULL they cannot show
// and on text that is not of the type: both are defects of the SQL beside them.
class Rows {
 public:
  Rows() = default;
  Rows(std::vector<std::optional<std::string>> cells, int columns)
      : cells_(std::move(cells)), columns_(columns) {}

  int size() const { return columns_ == 0 ? 0 : static_cast<int>(cells_.size()) / columns_; }
  bool empty() const { return size() == 0; }

  // The cell as it came; nothing for NULL.
  std::optional<absl::string_view> CellAt(int row, int column) const {
    const std::optional<std::string>& cell = Cell(row, column);
    if (!cell) return std::nullopt;
    return absl::string_view(*cell);
  }
  bool IsNull(int row, int column) const { return !Cell(row, column).has_value(); }
  int64_t Int(int row, int column) const;
  int32_t Int32(int row, int column) const { return static_cast<int32_t>(Int(row, column)); }
  double Double(int row, int column) const;
  bool Bool(int row, int column) const;
  const std::string& Text(int row, int column) const;
  // From bigint microseconds.
  absl::Time Time(int row, int column) const;
  std::optional<int64_t> OptionalInt(int row, int column) const;
  // From array text; NULL is the empty array.
  std::vector<int64_t> Ints(int row, int column) const;
  std::vector<int32_t> Int32s(int row, int column) const;
  std::vector<std::optional<double>> OptionalDoubles(int row, int column) const;
  std::vector<std::string> Texts(int row, int column) const;

 private:
  const std::optional<std::string>& Cell(int row, int column) const {
    return cells_[static_cast<size_t>(row) * columns_ + column];
  }

  std::vector<std::optional<std::string>> cells_;
  int columns_ = 0;
};

// Called for each row of a COPY: the cells of one line, unescaped; NULL is an empty optional.
using CopyRow = absl::Span<const std::optional<absl::string_view>>;

class Connection;

// One leased connection inside one transaction, until a deadline. After the first failure the
// transaction is over: every further statement answers that failure without asking PostgreSQL.
class Session {
 public:
  Session(Connection& connection, Deadline deadline)
      : connection_(connection), deadline_(deadline) {}

  // Runs `sql` (with `:name` placeholders, each used once and in the order of `params`) and answers
  // all rows. Errors are classified by sqlstate.h.
  absl::StatusOr<Rows> Query(absl::string_view sql, const std::vector<Param>& params);
  // The same for a statement without rows; answers how many rows it touched.
  absl::StatusOr<int64_t> Execute(absl::string_view sql, const std::vector<Param>& params);
  // COPY (query) TO STDOUT: streams rows without holding them. No parameters; numbers and quoted
  // times are put into `sql` with absl::StrCat, never text of a caller.
  absl::Status CopyOut(absl::string_view sql, absl::FunctionRef<absl::Status(CopyRow)> visit);
  // COPY table (columns) FROM STDIN with these rows, row by row, `columns` cells each.
  absl::Status CopyIn(absl::string_view sql, absl::Span<const Param> cells, int columns);

  // Whether a statement was refused because the deadline had passed.
  bool out_of_time() const { return out_of_time_; }

 private:
  absl::Status Ready();

  Connection& connection_;
  const Deadline deadline_;
  bool out_of_time_ = false;
};

}  // namespace kam::store
