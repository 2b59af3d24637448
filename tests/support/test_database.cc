#include "support/test_database.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/ids.h"
#include "store/engine/migrate.h"

namespace kam::testing {
namespace {

using store::PostgresOptions;

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

std::string ServerUrl() {
  const char* url = std::getenv("KAM_TEST_DATABASE_URL");
  if (url == nullptr || *url == '\0') {
    Die("KAM_TEST_DATABASE_URL is not set: run scripts/test, or name a PostgreSQL for tests");
  }
  return url;
}

// The server's URL with another database.
std::string UrlOf(const std::string& database) {
  const absl::StatusOr<std::string> conninfo =
      store::MakeConninfo({.url = ServerUrl(), .application_name = "kam test"});
  if (!conninfo.ok()) Die(std::string(conninfo.status().message()));
  return absl::StrCat(*conninfo, "&dbname=", database);  // the last one counts
}

std::string RunSql(const std::string& url, const std::string& sql) {
  PGconn* connection = PQconnectdb(url.c_str());
  if (PQstatus(connection) != CONNECTION_OK) Die(PQerrorMessage(connection));
  PGresult* result = PQexec(connection, sql.c_str());
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    Die(absl::StrCat(sql, ": ", PQerrorMessage(connection)));
  }
  std::string cell = PQntuples(result) > 0 && PQnfields(result) > 0 ? PQgetvalue(result, 0, 0) : "";
  PQclear(result);
  PQfinish(connection);
  return cell;
}

// The name changes with the migrations, so that no test sees an old schema.
std::string TemplateName() {
  std::string checksums;
  for (const store::Migration& migration : store::Migrations()) {
    absl::StrAppend(&checksums, store::ChecksumOf(migration));
  }
  return "kam_template_" + store::ChecksumOf({0, "all", checksums}).substr(0, 12);
}

// Makes the template unless it is there; test processes may run beside each other.
std::string MakeTemplate() {
  std::string name = TemplateName();
  const std::string server = UrlOf("postgres");
  PGconn* guard = PQconnectdb(server.c_str());
  if (PQstatus(guard) != CONNECTION_OK) Die(PQerrorMessage(guard));
  PQclear(PQexec(guard, "SELECT pg_advisory_lock(7105)"));
  // Marked as a template only when it is whole.
  if (RunSql(server, absl::StrCat("SELECT datistemplate FROM pg_database WHERE datname = '", name,
                                  "'")) != "t") {
    RunSql(server, absl::StrCat("DROP DATABASE IF EXISTS ", name, " WITH (FORCE)"));
    RunSql(server, absl::StrCat("CREATE DATABASE ", name));
    if (const auto migrated = store::Migrate(UrlOf(name)); !migrated.ok()) {
      Die(migrated.status().ToString());
    }
    RunSql(server, absl::StrCat("ALTER DATABASE ", name, " IS_TEMPLATE true"));
  }
  PQfinish(guard);
  return name;
}

}  // namespace

TestDatabase::TestDatabase(Schema schema)
    : name_(absl::StrCat("kam_test_", NewTimeOrderedId(absl::Now()))), url_(UrlOf(name_)) {
  static const std::string migrated = MakeTemplate();
  RunSql(UrlOf("postgres"),
         absl::StrCat("CREATE DATABASE ", name_, " TEMPLATE ",
                      schema == Schema::kMigrated ? migrated : std::string("template0")));
}

TestDatabase::~TestDatabase() {
  RunSql(UrlOf("postgres"), absl::StrCat("DROP DATABASE IF EXISTS ", name_, " WITH (FORCE)"));
}

std::unique_ptr<store::Store> TestDatabase::Open(int pool_size) const {
  return Open(PostgresOptions{.pool_size = pool_size});
}

std::unique_ptr<store::Store> TestDatabase::Open(PostgresOptions options) const {
  options.url = url_;
  absl::StatusOr<std::unique_ptr<store::Store>> store = store::Store::Open(std::move(options));
  if (!store.ok()) Die(store.status().ToString());
  return *std::move(store);
}

std::string TestDatabase::Sql(const std::string& sql) const { return RunSql(url_, sql); }

}  // namespace kam::testing
