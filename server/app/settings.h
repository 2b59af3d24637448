#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "rpc/method_policy.h"

namespace kam::app {

// What can be set, by flag, environment or file; `kam config` shows the values in force and
// settings.cc explains each.
struct Settings {
  std::string database_url;
  std::string listen;
  std::string metrics_listen;
  bool insecure_local = false;
  rpc::Role local_role = rpc::Role::kAdmin;
  int workers = 0;
  int queue_capacity = 0;
  int job_threads = 0;
  int job_chunk_accounts = 0;
  absl::Duration job_lease;
  absl::Duration drain_delay;
  absl::Duration drain_timeout;
  std::string reporting_currency;
  double annual_discount_rate = 0;
  std::string log_format;
  std::string log_level;
};

// Reads the command line: the words that are no flags are answered in order. A value given as a
// flag goes before the environment (`KAM_DATABASE_URL` for `--database-url`), that before the file
// named by `--config` (lines of `database-url = …`, `#` begins a comment). An unknown flag ends the
// process with a message, as Abseil does it.
absl::StatusOr<std::vector<std::string>> ParseCommandLine(int argc, char** argv);

// The settings in force, or INVALID_ARGUMENT naming every one that cannot be. Some commands do not
// need a database.
absl::StatusOr<Settings> LoadSettings(bool needs_database);

// All settings as `name = value` lines with their explanations; secrets are not shown.
std::string DescribeSettings();

}  // namespace kam::app
