#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/deadline.h"
#include "store/engine/session.h"
#include "store/engine/sqlstate.h"

namespace soci {
class session;
}  // namespace soci

namespace kam::store {

// One connection to PostgreSQL with the statements prepared on it. Used by one thread at a time;
// only Break and Cancel may be called beside it. Remembers the first failure of a transaction.
class Connection {
 public:
  // UNAVAILABLE. Text of the database goes to `log`, which must outlive the connection; why it
  // cannot connect to `log_connect`.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& conninfo,
                                                          const LogLine& log,
                                                          const LogLine& log_connect);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs statements separated by semicolons, without parameters, in one round trip; answers the
  // rows of the last one that has any.
  absl::StatusOr<Rows> RunScript(const std::string& sql);
  // Runs one statement, prepared on its first use. `affected` may be null.
  absl::StatusOr<Rows> Run(absl::string_view sql, const std::vector<Param>& params,
                           int64_t* affected);
  absl::Status CopyOut(const std::string& sql, absl::FunctionRef<absl::Status(CopyRow)> visit);
  absl::Status CopyIn(const std::string& sql, absl::Span<const Param> cells, int columns);
  // COMMIT. UNAVAILABLE (kOutcomeUnknown) when the connection broke before the answer.
  absl::Status Commit();

  // Starts counting failures anew, for a transaction that is read-only or not and ends by then.
  void BeginFailures(bool read_only, Deadline deadline = Deadline::Never());
  // The first failure since, and its status.
  Failure failure() const { return failure_; }
  const absl::Status& failure_status() const { return failure_status_; }

  // What libpq knows of the transaction; PQTRANS_UNKNOWN when the connection is broken.
  PGTransactionStatusType transaction_status() const;
  // Whether the server has not closed the connection since its last use; costs no round trip.
  bool LooksAlive();
  // From now on a statement that is cancelled fails as kShuttingDown. Answers what cancels the one
  // that runs, if any; it may block for ever, and may be called after the connection is gone.
  // Thread-safe.
  std::function<void()> Cancel();
  // Cuts the connection: whoever waits for an answer on it fails at once. Thread-safe.
  void Break();

 private:
  struct Prepared;

  Connection(std::unique_ptr<soci::session> session, const LogLine& log);

  Prepared& Prepare(absl::string_view sql, size_t params);  // throws soci_error
  absl::Status Fail(DatabaseError error);
  absl::Status FailFromResult(const PGresult* result);
  // Reads results until there are none; answers the first failure among them.
  absl::Status DrainResults();

  std::unique_ptr<soci::session> session_;
  PGconn*& pg_;  // the handle behind `session_`
  const LogLine& log_;
  absl::flat_hash_map<std::string, std::unique_ptr<Prepared>> prepared_;
  bool read_only_ = false;
  Deadline deadline_;
  const std::shared_ptr<PGcancel> cancel_;
  std::atomic<bool> cancelled_ = false;
  Failure failure_ = Failure::kNone;
  absl::Status failure_status_;
  // Our own descriptor of the socket: libpq closes its own whenever it notices a loss, and the
  // number may then be another file's.
  const int socket_;
};

}  // namespace kam::store
