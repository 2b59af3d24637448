#pragma once

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace kam::store {

// One file of server/store/migrations, embedded at build time.
struct Migration {
  int version;             // NNNN of NNNN_what.sql, counted from 1 without gaps
  absl::string_view name;  // what
  absl::string_view sql;   // the whole file; the byte after its end is NUL
};

// All migrations by ascending version. The memory is static.
absl::Span<const Migration> Migrations();

}  // namespace kam::store
