#pragma once

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "store/account_table.h"
#include "store/benefit_table.h"
#include "store/call_log.h"
#include "store/criteria_table.h"
#include "store/history_table.h"
#include "store/operation_table.h"
#include "store/plan_table.h"

namespace kam::store {

// What the domain needs kept, as seen by one transaction. Used by one thread, valid only inside the
// function it was handed to. Every method may answer UNAVAILABLE (kDatabaseUnavailable),
// DEADLINE_EXCEEDED, ABORTED (kConflict) or RESOURCE_EXHAUSTED (kDatabaseFull); pass them on: the
// transaction is over then.
class Transaction {
 public:
  virtual ~Transaction() = default;

  virtual AccountTable& accounts() = 0;
  virtual HistoryTable& history() = 0;
  virtual CriteriaTable& criteria() = 0;
  virtual BenefitTable& benefits() = 0;
  virtual PlanTable& plans() = 0;
  virtual OperationTable& operations() = 0;
  virtual CallLog& calls() = 0;
};

enum class Isolation { kReadCommitted, kRepeatableRead, kSerializable };

struct TransactOptions {
  Isolation isolation = Isolation::kReadCommitted;
  bool read_only = false;
  // Statements, lock waits and retries end here; the default is the server's own limit.
  absl::Time deadline = absl::InfiniteFuture();
};

// One engine behind an interface. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // Runs `body` in a transaction and commits if it answers OK, else rolls back and answers its
  // status. `body` may run again from the start after a serialization failure, a deadlock or a
  // connection that broke before the commit; so it must not keep state of an earlier run. Errors:
  //   ABORTED (kConflict)                  conflicts until the retries were used up
  //   DEADLINE_EXCEEDED                    no effect
  //   UNAVAILABLE (kDatabaseUnavailable)   no effect
  //   UNAVAILABLE (kOutcomeUnknown)        the connection broke during the commit: find out by
  //                                        claiming the request again, never guess
  //   RESOURCE_EXHAUSTED (kDatabaseFull)   no effect
  virtual absl::Status Transact(const TransactOptions& options,
                                absl::FunctionRef<absl::Status(Transaction&)> body) = 0;

  // Runs `body` in a read-only REPEATABLE READ transaction at a cut of the facts: everything
  // recorded up to `known_at` is seen, and nothing that is recorded later will ever carry a record
  // time up to it. Waits for the recordings under way.
  virtual absl::Status ReadAtCut(
      absl::Time deadline,
      absl::FunctionRef<absl::Status(Transaction&, absl::Time known_at)> body) = 0;

  // OK when the database answers and its schema is at the head this server knows.
  // UNAVAILABLE; FAILED_PRECONDITION when the schema is another one.
  virtual absl::Status Check(absl::Time deadline) = 0;
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
