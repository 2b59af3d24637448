#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "identity/roles.h"

namespace kam::app {

// What can be set, by flag, environment or file; `kam config` shows the values in force and
// settings.cc explains each.
struct Settings {
  std::string database_url;
  std::string listen = "127.0.0.1:50051";
  std::string metrics_listen;
  bool metrics_public = false;
  bool insecure_local = false;
  rpc::Role local_role = rpc::Role::kAdmin;
  int workers = 8;
  int queue_capacity = 1024;
  int job_threads = 1;
  int job_chunk_accounts = 5000;
  absl::Duration job_lease = absl::Seconds(5);
  absl::Duration drain_delay = absl::ZeroDuration();
  absl::Duration drain_timeout = absl::Seconds(20);
  std::string reporting_currency = "USD";
  double annual_discount_rate = 0.10;
  std::string log_format = "console";
  std::string log_level = "info";
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
