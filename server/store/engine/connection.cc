#include "store/engine/connection.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "soci/postgresql/soci-postgresql.h"
#include "soci/soci.h"
#include "store/engine/copy_text.h"

namespace kam::store {
namespace {

// More statements than the tables have: a sign of SQL made up as it goes. They are then dropped.
constexpr size_t kMaxPrepared = 1000;
// PostgreSQL counts its timeouts in whole milliseconds, from when it gets them.
constexpr absl::Duration kTimeoutSlack = absl::Milliseconds(10);
// Buffers of parameters above this are not kept for the next use.
constexpr size_t kMaxKeptParam = 16 << 10;

// What every connection sets once, whatever the server's configuration says.
constexpr char kClientSettings[] =
    "SET timezone = 'UTC'; SET datestyle = 'ISO'; SET client_encoding = 'UTF8';"
    "SET standard_conforming_strings = on; SET bytea_output = 'hex';"
    "SET client_min_messages = 'warning'; SET jit = off;"
    // What a call asks has its index. A plan is kept, and one that was made while a table was small
    // would read all of it when it is large. What does read all (CopyOut) says so.
    "SET enable_seqscan = off;"
    "SET default_transaction_isolation = 'read committed'";

PGconn*& HandleOf(soci::session& session) {
  return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

std::string Field(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? "" : text;
}

Rows ReadRows(const PGresult* result) {
  const int rows = PQntuples(result);
  const int columns = PQnfields(result);
  std::vector<std::optional<std::string>> cells;
  cells.reserve(static_cast<size_t>(rows) * columns);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(result, row, column)) {
        cells.emplace_back(std::nullopt);
      } else {
        cells.emplace_back(std::in_place, PQgetvalue(result, row, column),
                           PQgetlength(result, row, column));
      }
    }
  }
  return Rows(std::move(cells), columns);
}

bool Succeeded(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

}  // namespace

// A statement prepared on this connection, with the buffers its parameters are bound to.
struct Connection::Prepared {
  Prepared(soci::session& session, size_t params)
      : values(params), indicators(params, soci::i_ok), statement(session) {}

  soci::postgresql_statement_backend& backend() {
    return *static_cast<soci::postgresql_statement_backend*>(statement.get_backend());
  }

  std::vector<std::string> values;
  std::vector<soci::indicator> indicators;
  soci::statement statement;  // refers to the buffers: it goes first
};

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& conninfo,
                                                             const LogLine& log,
                                                             const LogLine& log_connect) {
  static constexpr auto kNoNotices = [](void*, const char*) {};
  try {
    auto session = std::make_unique<soci::session>(soci::postgresql, conninfo);
    PQsetNoticeProcessor(HandleOf(*session), kNoNotices, nullptr);
    auto connection = std::unique_ptr<Connection>(new Connection(std::move(session), log));
    KAM_RETURN_IF_ERROR(connection->RunScript(kClientSettings).status());
    return connection;
  } catch (const std::exception& error) {
    log_connect(absl::StrCat("cannot connect to PostgreSQL: ", error.what()));
    return DatabaseUnavailable();
  }
}

Connection::Connection(std::unique_ptr<soci::session> session, const LogLine& log)
    : session_(std::move(session)),
      pg_(HandleOf(*session_)),
      log_(log),
      cancel_(PQgetCancel(pg_), PQfreeCancel),
      socket_(fcntl(PQsocket(pg_), F_DUPFD_CLOEXEC, 0)) {}

Connection::~Connection() {
  close(socket_);
  // Closed first, so that the statements are not deallocated one by one, each in a round trip.
  PQfinish(pg_);
  pg_ = nullptr;
  prepared_.clear();
}

Connection::Prepared& Connection::Prepare(absl::string_view sql, size_t params) {
  if (const auto found = prepared_.find(sql); found != prepared_.end()) return *found->second;
  if (prepared_.size() >= kMaxPrepared) prepared_.clear();
  auto prepared = std::make_unique<Prepared>(*session_, params);
  soci::statement& statement = prepared->statement;
  for (size_t i = 0; i < params; ++i) {
    statement.exchange(soci::use(prepared->values[i], prepared->indicators[i]));
  }
  statement.alloc();
  statement.prepare(std::string(sql));
  statement.define_and_bind();
  return *prepared_.emplace(sql, std::move(prepared)).first->second;
}

absl::StatusOr<Rows> Connection::Run(absl::string_view sql, const std::vector<Param>& params,
                                     int64_t* affected) {
  Prepared* prepared = nullptr;
  try {
    prepared = &Prepare(sql, params.size());
    soci::postgresql_statement_backend& backend = prepared->backend();
    if (backend.names_.size() != params.size() || prepared->values.size() != params.size()) {
      return Fail({.message = absl::StrCat("wrong number of parameters: ", sql)});
    }
    const absl::Cleanup release = [&] {
      backend.result_.reset();
      for (std::string& value : prepared->values) {
        if (value.capacity() > kMaxKeptParam) std::string().swap(value);
      }
    };
    for (size_t i = 0; i < params.size(); ++i) {
      // SOCI would silently cut the text there.
      if (!params[i].is_null() && params[i].text().find('\0') != std::string::npos) {
        return Fail({.message = absl::StrCat("NUL in parameter ", i, ": ", sql)});
      }
      prepared->indicators[i] = params[i].is_null() ? soci::i_null : soci::i_ok;
      if (!params[i].is_null()) prepared->values[i] = params[i].text();
    }
    try {
      prepared->statement.execute(/*withDataExchange=*/false);
    } catch (const soci::soci_error&) {
      // SOCI keeps the bound texts of a failed execution, and would use them in place of a NULL.
      prepared->statement.undefine_and_bind();
      prepared->statement.define_and_bind();
      return FailFromResult(backend.result_.get_result());
    }
    if (affected != nullptr) *affected = prepared->statement.get_affected_rows();
    return ReadRows(backend.result_.get_result());
  } catch (const soci::postgresql_soci_error& error) {
    return Fail({.sqlstate = error.sqlstate(), .message = error.get_error_message()});
  } catch (const std::exception& error) {
    return Fail({.message = error.what()});
  }
}

absl::StatusOr<Rows> Connection::RunScript(const std::string& sql) {
  if (PQsendQuery(pg_, sql.c_str()) == 0) return FailFromResult(nullptr);
  Rows rows;
  absl::Status status;
  while (PGresult* result = PQgetResult(pg_)) {
    if (PQresultStatus(result) == PGRES_TUPLES_OK) rows = ReadRows(result);
    if (!Succeeded(result) && status.ok()) status = FailFromResult(result);
    PQclear(result);
  }
  if (!status.ok()) return status;
  return rows;
}

absl::Status Connection::Commit() {
  const bool sent = PQsendQuery(pg_, "COMMIT") != 0;
  absl::Status status = sent ? absl::OkStatus() : FailFromResult(nullptr);
  bool answered = false;
  while (PGresult* result = sent ? PQgetResult(pg_) : nullptr) {
    const std::string severity = Field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
      answered = true;
      // A transaction that had failed before is rolled back, without an error.
      if (absl::string_view(PQcmdStatus(result)) != "COMMIT") {
        status = Fail({.message = "COMMIT of a failed transaction"});
      }
    } else if (status.ok()) {
      status = FailFromResult(result);
      answered = severity == "ERROR";
    }
    PQclear(result);
  }
  if (answered || !sent) return status;
  return OutcomeUnknown();
}

absl::Status Connection::DrainResults() {
  absl::Status status;
  while (PGresult* result = PQgetResult(pg_)) {
    if (!Succeeded(result) && status.ok()) status = FailFromResult(result);
    PQclear(result);
  }
  return status;
}

absl::Status Connection::CopyOut(const std::string& sql,
                                 absl::FunctionRef<absl::Status(CopyRow)> visit) {
  PGresult* begun = PQexec(pg_, sql.c_str());
  const absl::Cleanup clear = [&] { PQclear(begun); };
  if (PQresultStatus(begun) != PGRES_COPY_OUT) return FailFromResult(begun);
  absl::Status visited;
  CopyLine line;
  char* buffer = nullptr;
  int size = 0;
  // Rows that nobody wants any more are read nevertheless: the transaction stays sound.
  while ((size = PQgetCopyData(pg_, &buffer, 0)) > 0) {
    if (visited.ok()) visited = visit(line.Parse(absl::string_view(buffer, size)));
    PQfreemem(buffer);
  }
  const absl::Status failed = size == -1 ? DrainResults() : FailFromResult(nullptr);
  return failed.ok() ? visited : failed;
}

absl::Status Connection::CopyIn(const std::string& sql, absl::Span<const Param> cells,
                                int columns) {
  constexpr size_t kChunk = 64 << 10;
  PGresult* begun = PQexec(pg_, sql.c_str());
  const absl::Cleanup clear = [&] { PQclear(begun); };
  if (PQresultStatus(begun) != PGRES_COPY_IN) return FailFromResult(begun);
  std::string chunk;
  const auto send = [&] {
    const bool sent = PQputCopyData(pg_, chunk.data(), static_cast<int>(chunk.size())) == 1;
    chunk.clear();
    return sent;
  };
  for (size_t i = 0; i < cells.size(); ++i) {
    AppendCopyCell(chunk, cells[i], /*last=*/(i + 1) % columns == 0);
    if (chunk.size() >= kChunk && !send()) return FailFromResult(nullptr);
  }
  if (!send() || PQputCopyEnd(pg_, nullptr) != 1) return FailFromResult(nullptr);
  return DrainResults();
}

void Connection::BeginFailures(bool read_only, Deadline deadline) {
  read_only_ = read_only;
  deadline_ = deadline;
  failure_ = Failure::kNone;
  failure_status_ = absl::OkStatus();
}

absl::Status Connection::FailFromResult(const PGresult* result) {
  if (result == nullptr) return Fail({.message = PQerrorMessage(pg_)});
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_FATAL_ERROR) {
    return Fail({.message = absl::StrCat("unexpected ", PQresStatus(status))});
  }
  DatabaseError error{.sqlstate = Field(result, PG_DIAG_SQLSTATE),
                      .constraint = Field(result, PG_DIAG_CONSTRAINT_NAME),
                      .message = Field(result, PG_DIAG_MESSAGE_PRIMARY)};
  // libpq's own errors have no fields.
  if (error.message.empty()) error.message = PQresultErrorMessage(result);
  return Fail(std::move(error));
}

absl::Status Connection::Fail(DatabaseError error) {
  error.connection_lost = PQstatus(pg_) != CONNECTION_OK;
  error.read_only = read_only_;
  error.time_left = deadline_.left() > kTimeoutSlack;
  error.cancelled = cancelled_;
  const Failure failure = Classify(error);
  absl::Status status = ToStatus(error);
  if (failure_ == Failure::kNone) {
    failure_ = failure;
    failure_status_ = status;
  }
  // Part of the day's work, and told to the caller.
  const bool expected = failure == Failure::kConflict || failure == Failure::kConstraint ||
                        failure == Failure::kTimeout || failure == Failure::kShuttingDown;
  if (!expected) {
    log_(absl::StrCat("PostgreSQL failed with ", error.sqlstate.empty() ? "-" : error.sqlstate,
                      ": ", absl::StripAsciiWhitespace(error.message)));
  }
  return status;
}

PGTransactionStatusType Connection::transaction_status() const { return PQtransactionStatus(pg_); }

bool Connection::LooksAlive() {
  for (int tries = 0; tries < 2; ++tries) {
    if (PQstatus(pg_) != CONNECTION_OK) return false;
    char byte;
    const ssize_t size = recv(PQsocket(pg_), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (size == 0) return false;
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    // Something unasked for: a notice, or the last words of a server that went away.
    if (PQconsumeInput(pg_) == 0) return false;
  }
  return PQstatus(pg_) == CONNECTION_OK;
}

std::function<void()> Connection::Cancel() {
  cancelled_ = true;
  return [cancel = cancel_] {
    char why[256];
    PQcancel(cancel.get(), why, sizeof(why));  // nothing runs any more when it fails
  };
}

void Connection::Break() { shutdown(socket_, SHUT_RDWR); }

}  // namespace kam::store
