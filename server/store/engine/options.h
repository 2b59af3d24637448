#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/engine/sqlstate.h"

namespace kam::store {

// What goes wrong with a transaction that may write; for tests of what follows from it.
enum class Fault {
  kNone,
  kReplyLost,        // it is committed, but nobody hears of it
  kLostBeforeReply,  // it is not committed, and nobody hears of that either
  kAway,             // the database cannot be reached
};

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
  // Asked before each transaction that may write; empty outside of tests.
  std::function<Fault()> fault;
};

// The whole connection string that is given to libpq. INVALID_ARGUMENT.
absl::StatusOr<std::string> MakeConninfo(const PostgresOptions& options);

}  // namespace kam::store
