#pragma once

// The one place that knows what PostgreSQL's SQLSTATEs mean for us.

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace kam::store {

// What an error means for the transaction it happened in.
enum class Failure {
  kNone,
  kConflict,        // serialization failure or deadlock: run the transaction again
  kLocked,          // a lock was waited for as long as the transaction allows
  kConnectionLost,  // run it again on another connection
  kStale,           // the prepared statement does not fit the schema any more: another connection
  kTimeout,         // statement timeout, made from the deadline
  kUnavailable,     // the server takes no work now
  kInterrupted,     // an administrator cancelled the statement, with time left
  kShuttingDown,    // we cancelled it, because this server ends
  kFull,            // disk full
  kConstraint,      // a unique, check, foreign-key or exclusion constraint; see ConstraintOf
  kOutOfRange,      // a number does not fit its type
  kDefect,          // everything else: our SQL is wrong
};

// Takes a line for people, in any thread; it may hold text of the database, which must not reach a
// caller.
using LogLine = std::function<void(const std::string&)>;

// What is known of one error.
struct DatabaseError {
  std::string sqlstate;    // five characters; empty when the connection broke without one
  std::string constraint;  // the constraint's name, if it was one
  std::string message;     // PostgreSQL's; for the log only
  bool connection_lost = false;
  bool read_only = false;  // in a transaction that was begun read-only
  bool time_left = false;  // the transaction's deadline has not passed
  bool cancelled = false;  // by us: Connection::Cancel
};

Failure Classify(const DatabaseError& error);

// The status for callers: code and reason by `Classify`, with a message of ours.
absl::Status ToStatus(const DatabaseError& error);

// The constraint that a statement broke, or empty. Such a status is ALREADY_EXISTS (unique,
// exclusion), FAILED_PRECONDITION (check, foreign key); a table turns it into an error of the
// domain. One that leaves the transaction as it is becomes INTERNAL.
std::string ConstraintOf(const absl::Status& status);

// Writes to stderr.
void LogToStderr(const std::string& line);

// The errors that are made here and in the pool.
absl::Status DatabaseUnavailable();
absl::Status OutcomeUnknown();
absl::Status Conflict();
absl::Status DeadlineExceeded();
absl::Status ServerEnds();

}  // namespace kam::store
