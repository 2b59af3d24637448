#pragma once

// The text format of COPY: https://www.postgresql.org/docs/15/sql-copy.html#id-1.9.3.55.9.2

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "store/engine/session.h"

namespace kam::store {

// Takes lines of COPY TO STDOUT apart, in memory that is used again for each.
class CopyLine {
 public:
  // The cells of `line`, whose end of line may be there or not; valid until the next call.
  CopyRow Parse(absl::string_view line);

 private:
  std::string text_;
  std::vector<std::optional<absl::string_view>> cells_;
};

// Adds one cell to the lines of COPY FROM STDIN, with the end of line after the `last` of a row.
void AppendCopyCell(std::string& out, const Param& cell, bool last);

}  // namespace kam::store
