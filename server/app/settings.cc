#include "app/settings.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/loopback.h"
#include "base/status_macros.h"
#include "model/money.h"

ABSL_FLAG(std::string, config, "", "File of settings, `name = value` a line");
ABSL_FLAG(std::string, database_url, "",
          "PostgreSQL 15 or newer, as a URL or a libpq connection string");
ABSL_FLAG(std::string, database_url_file, "",
          "File that holds the database URL, for URLs with a password");
ABSL_FLAG(std::string, listen, kam::app::Settings{}.listen,
          "Address to serve gRPC on: host:port (port 0: any free one) or unix:/path");
ABSL_FLAG(std::string, metrics_listen, kam::app::Settings{}.metrics_listen,
          "Address to serve Prometheus metrics on, host:port; empty: none");
ABSL_FLAG(bool, metrics_public, kam::app::Settings{}.metrics_public,
          "Allow --metrics-listen on an address that other machines can reach: anybody there reads "
          "the metrics");
ABSL_FLAG(bool, insecure_local, kam::app::Settings{}.insecure_local,
          "Serve plain text without identity; loopback and unix sockets only");
ABSL_FLAG(std::string, local_role, "admin",
          "Role of the callers of a plain-text server: viewer, recorder, account_manager, "
          "benefits_admin or admin");
ABSL_FLAG(int, workers, kam::app::Settings{}.workers,
          "Calls served by the database at once: threads and connections");
ABSL_FLAG(int, queue_capacity, kam::app::Settings{}.queue_capacity,
          "Calls that wait for a worker before more are shed");
ABSL_FLAG(int, job_threads, kam::app::Settings{}.job_threads,
          "Long-running operations worked on at once");
ABSL_FLAG(int, job_chunk_accounts, kam::app::Settings{}.job_chunk_accounts,
          "Accounts a portfolio evaluation writes per transaction");
ABSL_FLAG(absl::Duration, job_lease, kam::app::Settings{}.job_lease,
          "How long an operation is held without a sign of life before another server takes it");
ABSL_FLAG(absl::Duration, drain_delay, kam::app::Settings{}.drain_delay,
          "Time between turning not ready and refusing calls when asked to stop");
ABSL_FLAG(absl::Duration, drain_timeout, kam::app::Settings{}.drain_timeout,
          "Time given to calls under way when asked to stop");
ABSL_FLAG(std::string, reporting_currency, kam::app::Settings{}.reporting_currency,
          "Currency of portfolio figures (ISO 4217)");
ABSL_FLAG(double, annual_discount_rate, kam::app::Settings{}.annual_discount_rate,
          "Annual rate that future revenue is discounted by");
ABSL_FLAG(std::string, log_format, kam::app::Settings{}.log_format, "console or json");
ABSL_FLAG(std::string, log_level, kam::app::Settings{}.log_level, "debug, info, warn or error");

namespace kam::app {
namespace {

constexpr absl::string_view kEnvironmentPrefix = "KAM_";

// Every flag of ours, in the order of `kam config`.
std::vector<absl::CommandLineFlag*> Flags() {
  std::vector<absl::CommandLineFlag*> flags;
  for (const char* name :
       {"config", "database_url", "database_url_file", "listen", "metrics_listen", "metrics_public",
        "insecure_local", "local_role", "workers", "queue_capacity", "job_threads",
        "job_chunk_accounts", "job_lease", "drain_delay", "drain_timeout", "reporting_currency",
        "annual_discount_rate", "log_format", "log_level"}) {
    flags.push_back(absl::FindCommandLineFlag(name));
  }
  return flags;
}

// `--database-url=x` → `--database_url=x`: flags are written with dashes, as everywhere.
std::string Normalized(absl::string_view argument) {
  if (!absl::StartsWith(argument, "--")) return std::string(argument);
  const size_t end = std::min(argument.find('='), argument.size());
  return absl::StrCat("--", absl::StrReplaceAll(argument.substr(2, end - 2), {{"-", "_"}}),
                      argument.substr(end));
}

// A comment begins with `#` at the start of a line or after a space; a value may contain one.
absl::string_view WithoutComment(absl::string_view line) {
  for (size_t at = 0; at < line.size(); ++at) {
    const bool begins = at == 0 || absl::ascii_isspace(static_cast<unsigned char>(line[at - 1]));
    if (line[at] == '#' && begins) return line.substr(0, at);
  }
  return line;
}

// The settings of a file as flags.
absl::StatusOr<std::vector<std::string>> ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read the settings file ", path));
  std::vector<std::string> flags;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const absl::string_view text = absl::StripAsciiWhitespace(WithoutComment(line));
    if (text.empty()) continue;
    const std::pair<std::string, std::string> setting =
        absl::StrSplit(text, absl::MaxSplits('=', 1));
    if (!absl::StrContains(text, '=')) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, " line ", number, ": expected `name = value`"));
    }
    flags.push_back(Normalized(absl::StrCat("--", absl::StripAsciiWhitespace(setting.first), "=",
                                            absl::StripAsciiWhitespace(setting.second))));
  }
  return flags;
}

// The value of `--config` before anything is parsed.
std::string ConfigPath(const std::vector<std::string>& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (absl::StartsWith(arguments[i], "--config=")) return arguments[i].substr(9);
    if (arguments[i] == "--config" && i + 1 < arguments.size()) return arguments[i + 1];
  }
  const char* environment = std::getenv("KAM_CONFIG");
  return environment == nullptr ? "" : environment;
}

std::string EnvironmentName(absl::string_view flag) {
  return absl::StrCat(kEnvironmentPrefix, absl::AsciiStrToUpper(flag));
}

std::string Shown(absl::string_view flag) { return absl::StrReplaceAll(flag, {{"_", "-"}}); }

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseCommandLine(int argc, char** argv) {
  std::vector<std::string> given;
  for (int i = 1; i < argc; ++i) given.push_back(Normalized(argv[i]));

  // Abseil lets the last value win: file, then environment, then the command line.
  std::vector<std::string> all = {argv[0]};
  if (const std::string path = ConfigPath(given); !path.empty()) {
    KAM_ASSIGN_OR_RETURN(const std::vector<std::string> settings, ReadFile(path));
    all.insert(all.end(), settings.begin(), settings.end());
  }
  for (const absl::CommandLineFlag* flag : Flags()) {
    if (const char* value = std::getenv(EnvironmentName(flag->Name()).c_str())) {
      all.push_back(absl::StrCat("--", flag->Name(), "=", value));
    }
  }
  all.insert(all.end(), given.begin(), given.end());

  std::vector<char*> pointers;
  pointers.reserve(all.size());
  for (std::string& argument : all) pointers.push_back(argument.data());
  const std::vector<char*> words =
      absl::ParseCommandLine(static_cast<int>(pointers.size()), pointers.data());
  return std::vector<std::string>(words.begin() + 1, words.end());
}

absl::StatusOr<Settings> LoadSettings(bool needs_database) {
  Settings settings{.database_url = absl::GetFlag(FLAGS_database_url),
                    .listen = absl::GetFlag(FLAGS_listen),
                    .metrics_listen = absl::GetFlag(FLAGS_metrics_listen),
                    .metrics_public = absl::GetFlag(FLAGS_metrics_public),
                    .insecure_local = absl::GetFlag(FLAGS_insecure_local),
                    .workers = absl::GetFlag(FLAGS_workers),
                    .queue_capacity = absl::GetFlag(FLAGS_queue_capacity),
                    .job_threads = absl::GetFlag(FLAGS_job_threads),
                    .job_chunk_accounts = absl::GetFlag(FLAGS_job_chunk_accounts),
                    .job_lease = absl::GetFlag(FLAGS_job_lease),
                    .drain_delay = absl::GetFlag(FLAGS_drain_delay),
                    .drain_timeout = absl::GetFlag(FLAGS_drain_timeout),
                    .reporting_currency = absl::GetFlag(FLAGS_reporting_currency),
                    .annual_discount_rate = absl::GetFlag(FLAGS_annual_discount_rate),
                    .log_format = absl::GetFlag(FLAGS_log_format),
                    .log_level = absl::GetFlag(FLAGS_log_level)};
  std::vector<std::string> wrong;
  const auto require = [&wrong](bool holds, absl::string_view what) {
    if (!holds) wrong.emplace_back(what);
  };
  if (const std::string path = absl::GetFlag(FLAGS_database_url_file); !path.empty()) {
    std::ifstream file(path);
    require(static_cast<bool>(file), absl::StrCat("cannot read --database-url-file ", path));
    std::getline(file, settings.database_url);
  }
  const absl::StatusOr<rpc::Role> role = rpc::ParseRole(absl::GetFlag(FLAGS_local_role));
  require(role.ok(), absl::StrCat("--local-role: ", role.status().message()));
  if (role.ok()) settings.local_role = *role;
  require(!needs_database || !settings.database_url.empty(),
          "--database-url (or KAM_DATABASE_URL) is not set");
  require(settings.metrics_listen.empty() || settings.metrics_public ||
              IsLoopback(settings.metrics_listen),
          "--metrics-listen must be an address of this machine, such as 127.0.0.1:9090; pass "
          "--metrics-public to serve metrics to others");
  require(settings.workers >= 1 && settings.workers <= 512, "--workers must be 1 to 512");
  require(settings.queue_capacity >= 1, "--queue-capacity must be at least 1");
  require(settings.job_threads >= 0 && settings.job_threads <= 64, "--job-threads must be 0 to 64");
  require(settings.job_chunk_accounts >= 1, "--job-chunk-accounts must be at least 1");
  require(settings.job_lease >= absl::Seconds(1), "--job-lease must be at least 1s");
  require(CurrencyDecimals(settings.reporting_currency).has_value(),
          "--reporting-currency must be a currency code of ISO 4217");
  require(settings.annual_discount_rate >= 0 && settings.annual_discount_rate < 10,
          "--annual-discount-rate must be from 0 to below 10 (0.1 is ten percent)");
  require(settings.log_format == "console" || settings.log_format == "json",
          "--log-format must be console or json");
  if (!wrong.empty()) return absl::InvalidArgumentError(absl::StrJoin(wrong, "\n"));
  return settings;
}

std::string DescribeSettings() {
  std::string out;
  for (const absl::CommandLineFlag* flag : Flags()) {
    const bool secret = flag->Name() == "database_url" && !flag->CurrentValue().empty();
    absl::StrAppend(&out, "# ", flag->Help(), ". Environment: ", EnvironmentName(flag->Name()),
                    "\n", Shown(flag->Name()), " = ",
                    secret ? "(set; not shown)" : flag->CurrentValue(), "\n");
  }
  return out;
}

}  // namespace kam::app
