#include "store/store.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "store/engine/codec.h"
#include "store/engine/connection_pool.h"
#include "store/engine/migrate.h"

namespace kam::store {
namespace {

constexpr int kMaxConflictRetries = 10;
constexpr int kMaxConnectionRetries = 2;
constexpr absl::Duration kFirstPause = absl::Milliseconds(2);
constexpr absl::Duration kMaxPause = absl::Milliseconds(250);

absl::string_view BeginSql(const TransactOptions& options) {
  switch (options.isolation) {
    case Isolation::kReadCommitted:
      return options.read_only ? "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"
                               : "BEGIN ISOLATION LEVEL READ COMMITTED";
    case Isolation::kRepeatableRead:
      return options.read_only ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                               : "BEGIN ISOLATION LEVEL REPEATABLE READ";
    case Isolation::kSerializable:
      break;
  }
  return options.read_only ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY"
                           : "BEGIN ISOLATION LEVEL SERIALIZABLE";
}

// One run of a transaction: its status, and whether another run may do better.
struct Attempt {
  absl::Status status;
  Failure retry_for = Failure::kNone;
};

// Ends a run in which the body or PostgreSQL failed.
Attempt AfterFailure(ConnectionPool::Lease& lease, absl::Status status) {
  const Failure failure = lease->failure();
  switch (failure) {
    case Failure::kConflict:
      return {lease->failure_status(), failure};
    case Failure::kConnectionLost:
    case Failure::kStale:
      lease.Discard();
      return {DatabaseUnavailable(), Failure::kConnectionLost};
    default:
      // A table that did not expect this constraint.
      if (!ConstraintOf(status).empty()) return {Internal("the store failed")};
      return {std::move(status)};
  }
}

// What every transaction begins with: its timeouts, and the time of the database.
std::string BeginScript(absl::string_view begin, Deadline deadline,
                        absl::Duration lock_timeout = absl::InfiniteDuration()) {
  return absl::StrCat(begin, ";", SetTimeouts(deadline, lock_timeout), ";SELECT ",
                      Codec<absl::Time>::Read("clock_timestamp()"));
}

Attempt Finish(ConnectionPool::Lease& lease, bool read_only) {
  if (lease->transaction_status() != PQTRANS_INTRANS) {
    // Commit() would answer OK for a transaction that PostgreSQL has given up.
    return AfterFailure(lease, Internal("the transaction ended before its commit"));
  }
  absl::Status committed = lease->Commit();
  if (committed.ok()) return {};
  if (HasReason(committed, ErrorReason::kOutcomeUnknown)) {
    lease.Discard();
    // What was only read may be read again.
    if (read_only) return {DatabaseUnavailable(), Failure::kConnectionLost};
    return {std::move(committed)};
  }
  return AfterFailure(lease, std::move(committed));
}

// Runs `body` in the transaction that `begun` has begun, and ends it.
Attempt RunBody(ConnectionPool::Lease& lease, const absl::StatusOr<Rows>& begun, Deadline deadline,
                bool read_only, absl::FunctionRef<absl::Status(Transaction&)> body) {
  if (!begun.ok()) return AfterFailure(lease, begun.status());
  Session session(*lease, deadline);
  Transaction transaction(session, begun->Time(0, 0));
  absl::Status status = body(transaction);
  // A body that did not pass a failure on does not get its transaction committed either.
  if (status.ok() && lease->failure() != Failure::kNone) status = lease->failure_status();
  if (status.ok() && session.out_of_time()) status = DeadlineExceeded();
  if (!status.ok()) return AfterFailure(lease, std::move(status));
  return Finish(lease, read_only);
}

Attempt CutOnce(ConnectionPool::Lease& lease, Deadline deadline,
                absl::FunctionRef<absl::Status(Snapshot&, const Cut&)> body) {
  lease->BeginFailures(/*read_only=*/true, deadline);
  const absl::StatusOr<Cut> cut = MakeCut(*lease, deadline);
  if (!cut.ok()) return AfterFailure(lease, cut.status());
  const auto begun =
      lease->RunScript(BeginScript("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", deadline));
  return RunBody(lease, begun, deadline, /*read_only=*/true,
                 [&](Transaction& tx) { return body(tx, *cut); });
}

}  // namespace

struct Store::Parts {
  Parts(const PostgresOptions& options, const std::string& conninfo)
      : transaction_timeout(options.transaction_timeout),
        fault(options.fault),
        pool(conninfo, options.pool_size, options.log),
        check_pool(conninfo, 1, options.log) {}

  absl::Status Retry(Deadline deadline, absl::FunctionRef<Attempt(ConnectionPool::Lease&)> attempt);
  Deadline Bounded(Deadline deadline) const {
    return deadline.never() ? Deadline::After(transaction_timeout) : deadline;
  }

  const absl::Duration transaction_timeout;
  const std::function<Fault()> fault;
  ConnectionPool pool;
  ConnectionPool check_pool;  // so that a busy server does not look like a broken one
};

absl::Status Store::Parts::Retry(Deadline deadline,
                                 absl::FunctionRef<Attempt(ConnectionPool::Lease&)> attempt) {
  absl::BitGen random;
  absl::Duration pause = kFirstPause;
  for (int conflicts = 0, losses = 0;;) {
    Attempt done;
    {
      KAM_ASSIGN_OR_RETURN(ConnectionPool::Lease lease, pool.Acquire(deadline));
      done = attempt(lease);
    }
    if (done.retry_for == Failure::kNone) return done.status;
    if (done.retry_for == Failure::kConnectionLost) {
      if (++losses > kMaxConnectionRetries) return done.status;
      continue;
    }
    if (++conflicts > kMaxConflictRetries) return done.status;
    const absl::Duration wait = pause * absl::Uniform(random, 0.5, 1.5);
    if (wait >= deadline.left()) return done.status;
    std::this_thread::sleep_for(absl::ToChronoNanoseconds(wait));
    pause = std::min(pause * 2, kMaxPause);
  }
}

absl::Status Store::Transact(const TransactOptions& options,
                             absl::FunctionRef<absl::Status(Transaction&)> body) {
  const Deadline deadline = parts_->Bounded(options.deadline);
  const auto run = [&](absl::FunctionRef<absl::Status(Transaction&)> within) {
    return parts_->Retry(deadline, [&](ConnectionPool::Lease& lease) {
      lease->BeginFailures(options.read_only, deadline);
      const auto begun =
          lease->RunScript(BeginScript(BeginSql(options), deadline, options.lock_timeout));
      return RunBody(lease, begun, deadline, options.read_only, within);
    });
  };
  if (options.read_only || !parts_->fault) return run(body);
  const Fault fault = parts_->fault();
  if (fault == Fault::kNone) return run(body);
  if (fault == Fault::kAway) return DatabaseUnavailable();
  const absl::Status status = run([&](Transaction& tx) {
    const absl::Status done = body(tx);
    return done.ok() && fault == Fault::kLostBeforeReply ? absl::CancelledError("") : done;
  });
  return status.ok() || absl::IsCancelled(status) ? OutcomeUnknown() : status;
}

absl::Status Store::Read(Deadline deadline, absl::FunctionRef<absl::Status(Snapshot&)> body) {
  return Transact(
      {.isolation = Isolation::kRepeatableRead, .read_only = true, .deadline = deadline},
      [&](Transaction& tx) { return body(tx); });
}

absl::Status Store::ReadAtCut(Deadline deadline,
                              absl::FunctionRef<absl::Status(Snapshot&, const Cut&)> body) {
  deadline = parts_->Bounded(deadline);
  return parts_->Retry(
      deadline, [&](ConnectionPool::Lease& lease) { return CutOnce(lease, deadline, body); });
}

absl::Status Store::Check(Deadline deadline) {
  deadline = parts_->Bounded(deadline);
  KAM_ASSIGN_OR_RETURN(ConnectionPool::Lease lease, parts_->check_pool.Acquire(deadline));
  lease->BeginFailures(/*read_only=*/true, deadline);
  absl::Status begun =
      lease->RunScript(absl::StrCat("BEGIN READ ONLY;", SetTimeouts(deadline))).status();
  if (!begun.ok()) return AfterFailure(lease, std::move(begun)).status;
  absl::Status status = CheckSchema(*lease, Migrations());
  if (lease->failure() != Failure::kNone) {
    return AfterFailure(lease, std::move(status)).status;
  }
  parts_->pool.ServerIsUp();
  return status;
}

void Store::CancelAll() { parts_->pool.CancelAll(); }

absl::StatusOr<std::unique_ptr<Store>> Store::Open(PostgresOptions options) {
  if (options.pool_size < 1) return absl::InvalidArgumentError("the pool needs a connection");
  if (!options.log) options.log = LogToStderr;
  KAM_ASSIGN_OR_RETURN(const std::string conninfo, MakeConninfo(options));
  return std::unique_ptr<Store>(new Store(std::make_unique<Parts>(options, conninfo)));
}

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Store::~Store() = default;

}  // namespace kam::store
