#include "store/engine/sqlstate.h"

#include <cstdio>

#include "absl/strings/cord.h"
#include "absl/time/time.h"
#include "model/error.h"

namespace kam::store {
namespace {

constexpr absl::string_view kConstraintUrl = "kam/store.Constraint";

absl::Status ConstraintStatus(absl::StatusCode code, absl::string_view constraint) {
  absl::Status status(code, "a constraint of the store was broken");
  status.SetPayload(kConstraintUrl, absl::Cord(constraint));
  return status;
}

}  // namespace

Failure Classify(const DatabaseError& error) {
  const absl::string_view state = error.sqlstate;
  const absl::string_view state_class = state.substr(0, 2);
  if (state == "40001" || state == "40P01") return Failure::kConflict;
  if (state == "0A000" || state == "26000") return Failure::kStale;
  if (state == "55P03") return error.time_left ? Failure::kLocked : Failure::kTimeout;
  if (state == "57014" && error.cancelled) return Failure::kShuttingDown;
  if (state == "57014") return error.time_left ? Failure::kInterrupted : Failure::kTimeout;
  if (state == "53100") return Failure::kFull;
  if (state_class == "53" || state == "57P03") return Failure::kUnavailable;
  // The server became a standby: another host may serve.
  if (state == "25006") return error.read_only ? Failure::kDefect : Failure::kConnectionLost;
  if (state_class == "08" || state == "25P03" || state == "57P01" || state == "57P02" ||
      state == "57P05" || error.connection_lost) {
    return Failure::kConnectionLost;
  }
  if (state == "23505" || state == "23514" || state == "23503" || state == "23P01") {
    return Failure::kConstraint;
  }
  if (state == "22003") return Failure::kOutOfRange;
  return Failure::kDefect;
}

absl::Status ToStatus(const DatabaseError& error) {
  switch (Classify(error)) {
    case Failure::kNone:
      return absl::OkStatus();
    case Failure::kConflict:
    case Failure::kInterrupted:
    case Failure::kLocked:
      return Conflict();
    case Failure::kShuttingDown:
      return ServerEnds();
    case Failure::kConnectionLost:
    case Failure::kStale:
    case Failure::kUnavailable:
      return DatabaseUnavailable();
    case Failure::kTimeout:
      return DeadlineExceeded();
    case Failure::kFull:
      return MakeError(absl::StatusCode::kResourceExhausted, "the database is full",
                       {.reason = ErrorReason::kDatabaseFull});
    case Failure::kConstraint:
      return ConstraintStatus(error.sqlstate == "23505" || error.sqlstate == "23P01"
                                  ? absl::StatusCode::kAlreadyExists
                                  : absl::StatusCode::kFailedPrecondition,
                              error.constraint);
    case Failure::kOutOfRange:
      return MakeError(absl::StatusCode::kOutOfRange, "a number became too large to keep",
                       {.reason = ErrorReason::kAmountOverflow});
    case Failure::kDefect:
      break;
  }
  return Internal("the store failed");
}

std::string ConstraintOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kConstraintUrl);
  return payload ? std::string(*payload) : std::string();
}

void LogToStderr(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

absl::Status DatabaseUnavailable() {
  ErrorDetails details{.reason = ErrorReason::kDatabaseUnavailable};
  details.retry_after = absl::Seconds(1);
  return MakeError(absl::StatusCode::kUnavailable, "the database is not available now", details);
}

absl::Status OutcomeUnknown() {
  return MakeError(
      absl::StatusCode::kUnavailable,
      "the connection to the database broke during the commit: whether it happened is not known",
      {.reason = ErrorReason::kOutcomeUnknown});
}

absl::Status Conflict() {
  ErrorDetails details{.reason = ErrorReason::kConflict};
  details.retry_after = absl::Milliseconds(100);
  return MakeError(absl::StatusCode::kAborted, "other changes stood in the way: try again",
                   details);
}

absl::Status DeadlineExceeded() {
  return MakeError(absl::StatusCode::kDeadlineExceeded,
                   "the deadline passed before the database had answered",
                   {.reason = ErrorReason::kDeadlineExceeded});
}

absl::Status ServerEnds() {
  ErrorDetails details{.reason = ErrorReason::kShuttingDown};
  details.retry_after = absl::Milliseconds(100);
  return MakeError(absl::StatusCode::kUnavailable,
                   "this server ended before the call was done; another one will answer", details);
}

}  // namespace kam::store
