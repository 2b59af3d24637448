#include "store/engine/migrate.h"

#include <openssl/sha.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"

namespace kam::store {
namespace {

// How long a migration stands in the queue for a lock, and everybody else behind it.
constexpr absl::Duration kLockTimeout = absl::Seconds(5);
constexpr absl::Duration kPause = absl::Milliseconds(500);
// The advisory lock that is held while the schema is being migrated.
constexpr int64_t kMigrationLock = 0x6b616d02;

constexpr char kCreateTable[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "  version integer PRIMARY KEY,"
    "  name text NOT NULL,"
    "  checksum text NOT NULL,"
    "  applied_at timestamptz NOT NULL DEFAULT now())";

struct Applied {
  std::string name;
  std::string checksum;
};

std::string LabelOf(const Migration& migration) {
  return absl::StrFormat("%04d_%s", migration.version, migration.name);
}

// By version; empty when the table does not exist.
absl::StatusOr<absl::btree_map<int, Applied>> ReadApplied(Connection& connection) {
  absl::btree_map<int, Applied> applied;
  KAM_ASSIGN_OR_RETURN(const Rows table,
                       connection.RunScript("SELECT to_regclass('schema_migrations') IS NULL"));
  if (table.Bool(0, 0)) return applied;
  KAM_ASSIGN_OR_RETURN(const Rows rows,
                       connection.RunScript("SELECT version, name, checksum "
                                            "FROM schema_migrations ORDER BY version"));
  enum Column { kVersion, kName, kChecksum };
  for (int row = 0; row < rows.size(); ++row) {
    applied[rows.Int32(row, kVersion)] = {rows.Text(row, kName), rows.Text(row, kChecksum)};
  }
  return applied;
}

// Whether what is applied is what we know, as far as it goes.
absl::Status CheckUnchanged(const absl::btree_map<int, Applied>& applied,
                            absl::Span<const Migration> migrations) {
  for (const Migration& migration : migrations) {
    const auto found = applied.find(migration.version);
    if (found != applied.end() && found->second.checksum != ChecksumOf(migration)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "migration ", LabelOf(migration), " was applied to this database in another form"));
    }
  }
  return absl::OkStatus();
}

absl::Status ApplyOnce(Connection& connection, const Migration& migration) {
  connection.BeginFailures(/*read_only=*/false);
  KAM_RETURN_IF_ERROR(connection
                          .RunScript(absl::StrCat(
                              "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ",
                              absl::ToInt64Milliseconds(kLockTimeout)))
                          .status());
  KAM_RETURN_IF_ERROR(connection.RunScript(std::string(migration.sql)).status());
  KAM_RETURN_IF_ERROR(connection
                          .Run("INSERT INTO schema_migrations (version, name, checksum) "
                               "VALUES (:version, :name, :checksum)",
                               {migration.version, migration.name, ChecksumOf(migration)}, nullptr)
                          .status());
  return connection.Commit();
}

// Applies one migration, again while locks stand in its way.
absl::Status Apply(Connection& connection, const Migration& migration, Deadline deadline) {
  while (true) {
    absl::Status status = ApplyOnce(connection, migration);
    if (status.ok()) return status;
    connection.RunScript("ROLLBACK").IgnoreError();
    const bool again = connection.failure() == Failure::kInterrupted ||
                       connection.failure() == Failure::kLocked ||
                       connection.failure() == Failure::kConflict;
    if (!again) {
      return absl::Status(status.code(), absl::StrCat("migration ", LabelOf(migration), " failed"));
    }
    if (kPause >= deadline.left()) return DeadlineExceeded();
    std::this_thread::sleep_for(absl::ToChronoNanoseconds(kPause));
  }
}

absl::Status Lock(Connection& connection, Deadline deadline) {
  const int64_t ms = std::clamp<int64_t>(absl::ToInt64Milliseconds(deadline.left()), 1,
                                         absl::ToInt64Milliseconds(absl::Hours(24)));
  return connection
      .RunScript(absl::StrCat("SET lock_timeout = ", ms, "; SELECT pg_advisory_lock(",
                              kMigrationLock, "); SET lock_timeout = 0"))
      .status();
}

}  // namespace

std::string ChecksumOf(const Migration& migration) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(migration.sql.data()), migration.sql.size(),
         digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

absl::StatusOr<std::vector<std::string>> Migrate(const std::string& url, absl::Duration timeout,
                                                 absl::Span<const Migration> migrations,
                                                 const LogLine& log) {
  const Deadline deadline = Deadline::After(timeout);
  KAM_ASSIGN_OR_RETURN(const std::string conninfo,
                       MakeConninfo({.url = url, .application_name = "kam migrate"}));
  // Closed at the end, which releases the lock.
  KAM_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection,
                       Connection::Open(conninfo, log, log));
  KAM_RETURN_IF_ERROR(Lock(*connection, deadline));
  KAM_RETURN_IF_ERROR(connection->RunScript(kCreateTable).status());
  KAM_ASSIGN_OR_RETURN(const auto applied, ReadApplied(*connection));
  KAM_RETURN_IF_ERROR(CheckUnchanged(applied, migrations));
  const int head = migrations.empty() ? 0 : migrations.back().version;
  if (!applied.empty() && applied.rbegin()->first > head) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database is at migration ", applied.rbegin()->first,
                     ", and this program knows only ", head, ": use a newer one"));
  }
  std::vector<std::string> done;
  for (const Migration& migration : migrations) {
    if (applied.contains(migration.version)) continue;
    KAM_RETURN_IF_ERROR(Apply(*connection, migration, deadline));
    done.push_back(LabelOf(migration));
  }
  return done;
}

absl::Status CheckSchema(Connection& connection, absl::Span<const Migration> migrations) {
  KAM_ASSIGN_OR_RETURN(const auto applied, ReadApplied(connection));
  KAM_RETURN_IF_ERROR(CheckUnchanged(applied, migrations));
  for (const Migration& migration : migrations) {
    if (!applied.contains(migration.version)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "migration ", LabelOf(migration), " is missing in the database: run `kam migrate`"));
    }
  }
  return absl::OkStatus();
}

}  // namespace kam::store
