#pragma once

#include <memory>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/deadline.h"
#include "store/engine/options.h"
#include "store/history/cut.h"
#include "store/transaction.h"

namespace kam::store {

class ConnectionPool;

enum class Isolation { kReadCommitted, kRepeatableRead, kSerializable };

struct TransactOptions {
  Isolation isolation = Isolation::kReadCommitted;
  bool read_only = false;
  // Statements, lock waits and retries end here; the default is the server's own limit.
  Deadline deadline;
  // How long a lock is waited for; then the transaction ends with ABORTED (kConflict).
  absl::Duration lock_timeout = absl::InfiniteDuration();
};

// What the service keeps, in PostgreSQL. Thread-safe.
class Store {
 public:
  // Opens the store. It need not answer yet: connections are made when they are needed.
  // INVALID_ARGUMENT for a malformed URL.
  static absl::StatusOr<std::unique_ptr<Store>> Open(PostgresOptions options);
  ~Store();

  // Runs `body` in a transaction and commits if it answers OK, else rolls back and answers its
  // status. `body` may run again from the start after a serialization failure, a deadlock or a
  // connection that broke before the commit; so it must not keep state of an earlier run. Errors:
  //   ABORTED (kConflict)                  conflicts until the retries were used up, or a lock that
  //                                        was not free in time
  //   DEADLINE_EXCEEDED                    no effect
  //   UNAVAILABLE (kDatabaseUnavailable)   no effect
  //   UNAVAILABLE (kOutcomeUnknown)        the connection broke during the commit: find out by
  //                                        claiming the request again, never guess
  //   RESOURCE_EXHAUSTED (kDatabaseFull)   no effect
  absl::Status Transact(const TransactOptions& options,
                        absl::FunctionRef<absl::Status(Transaction&)> body);

  // Runs `body` in a read-only REPEATABLE READ transaction: it sees one snapshot, whatever it
  // reads. Runs again as Transact does; the same errors but kOutcomeUnknown.
  absl::Status Read(Deadline deadline, absl::FunctionRef<absl::Status(Snapshot&)> body);

  // Runs `body` in a read-only REPEATABLE READ transaction at a cut of the facts: everything
  // recorded up to its time is seen, and nothing that is recorded later will ever carry a record
  // time up to it. Waits for the recordings under way and holds up none. What else is seen was
  // recorded after the cut: ReadHistories (store/history/history_reader.h) leaves it out.
  absl::Status ReadAtCut(Deadline deadline,
                         absl::FunctionRef<absl::Status(Snapshot&, const Cut&)> body);

  // OK when the database answers and its schema is at the head this server knows.
  // UNAVAILABLE; FAILED_PRECONDITION when the schema is another one.
  absl::Status Check(Deadline deadline);

  // Cancels what is under way and refuses everything from now on: UNAVAILABLE (kShuttingDown). For
  // the end of the process, when its time is over; may be repeated.
  void CancelAll();

 private:
  struct Parts;

  explicit Store(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

// Transact for a body that answers a value.
template <typename T>
absl::StatusOr<T> TransactFor(Store& store, const TransactOptions& options,
                              absl::FunctionRef<absl::StatusOr<T>(Transaction&)> body) {
  absl::StatusOr<T> result = absl::UnknownError("the transaction did not run");
  absl::Status status = store.Transact(options, [&](Transaction& tx) {
    result = body(tx);
    return result.status();
  });
  if (!status.ok()) return status;
  return result;
}

}  // namespace kam::store
