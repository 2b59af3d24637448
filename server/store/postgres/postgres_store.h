#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/postgres/sqlstate.h"
#include "store/store.h"

namespace kam::store::postgres {

struct PostgresOptions {
  // A libpq URL (postgresql://…) or conninfo; several hosts and target_session_attrs may be in it.
  std::string url;
  int pool_size = 8;
  std::string application_name = "kam";
  // For each host; libpq knows whole seconds, at least 2.
  absl::Duration connect_timeout = absl::Seconds(2);
  // For transactions without a deadline.
  absl::Duration transaction_timeout = absl::Seconds(30);
  // What the database says, for people; stderr when empty.
  LogLine log;
};

// Opens the store. It need not answer yet: connections are made when they are needed.
// INVALID_ARGUMENT for a malformed URL.
absl::StatusOr<std::unique_ptr<Store>> OpenPostgres(PostgresOptions options);

// The whole connection string that is given to libpq. INVALID_ARGUMENT.
absl::StatusOr<std::string> MakeConninfo(const PostgresOptions& options);

}  // namespace kam::store::postgres
