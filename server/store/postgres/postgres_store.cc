#include "store/postgres/postgres_store.h"

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "domain/error.h"
#include "store/postgres/connection_pool.h"
#include "store/postgres/migrate.h"
#include "store/postgres/recording_gate.h"
#include "store/postgres/transaction.h"

namespace kam::store::postgres {
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
      if (!ConstraintOf(status).empty()) return {domain::Internal("the store failed")};
      return {std::move(status)};
  }
}

class PostgresStore final : public Store {
 public:
  PostgresStore(const PostgresOptions& options, const std::string& conninfo)
      : transaction_timeout_(options.transaction_timeout),
        log_(options.log),
        pool_(conninfo, options.pool_size, options.log),
        check_pool_(conninfo, 1, options.log) {}

  absl::Status Transact(const TransactOptions& options,
                        absl::FunctionRef<absl::Status(Transaction&)> body) override;
  absl::Status ReadAtCut(
      absl::Time deadline,
      absl::FunctionRef<absl::Status(Transaction&, absl::Time known_at)> body) override;
  absl::Status Check(absl::Time deadline) override;

 private:
  absl::Status Retry(absl::Time deadline,
                     absl::FunctionRef<Attempt(ConnectionPool::Lease&)> attempt);
  Attempt RunOnce(ConnectionPool::Lease& lease, const TransactOptions& options, absl::Time deadline,
                  absl::FunctionRef<absl::Status(Transaction&)> body);
  Attempt CutOnce(ConnectionPool::Lease& lease, absl::Time deadline,
                  absl::FunctionRef<absl::Status(Transaction&, absl::Time)> body);
  Attempt Finish(ConnectionPool::Lease& lease, bool read_only);
  absl::Time Bounded(absl::Time deadline) const {
    return deadline == absl::InfiniteFuture() ? absl::Now() + transaction_timeout_ : deadline;
  }

  const absl::Duration transaction_timeout_;
  const LogLine log_;
  ConnectionPool pool_;
  ConnectionPool check_pool_;  // so that a busy server does not look like a broken one
};

absl::Status PostgresStore::Retry(absl::Time deadline,
                                  absl::FunctionRef<Attempt(ConnectionPool::Lease&)> attempt) {
  absl::BitGen random;
  absl::Duration pause = kFirstPause;
  for (int conflicts = 0, losses = 0;;) {
    Attempt done;
    {
      KAM_ASSIGN_OR_RETURN(ConnectionPool::Lease lease, pool_.Acquire(deadline));
      done = attempt(lease);
    }
    if (done.retry_for == Failure::kNone) return done.status;
    if (done.retry_for == Failure::kConnectionLost) {
      if (++losses > kMaxConnectionRetries) return done.status;
      continue;
    }
    if (++conflicts > kMaxConflictRetries) return done.status;
    const absl::Duration wait = pause * absl::Uniform(random, 0.5, 1.5);
    if (absl::Now() + wait >= deadline) return done.status;
    absl::SleepFor(wait);
    pause = std::min(pause * 2, kMaxPause);
  }
}

absl::Status PostgresStore::Transact(const TransactOptions& options,
                                     absl::FunctionRef<absl::Status(Transaction&)> body) {
  const absl::Time deadline = Bounded(options.deadline);
  return Retry(deadline, [&](ConnectionPool::Lease& lease) {
    return RunOnce(lease, options, deadline, body);
  });
}

Attempt PostgresStore::RunOnce(ConnectionPool::Lease& lease, const TransactOptions& options,
                               absl::Time deadline,
                               absl::FunctionRef<absl::Status(Transaction&)> body) {
  lease->BeginFailures(options.read_only);
  if (absl::Status begun =
          lease->RunScript(absl::StrCat(BeginSql(options), ";", SetTimeouts(deadline))).status();
      !begun.ok()) {
    return AfterFailure(lease, std::move(begun));
  }
  PostgresTransaction transaction(*lease, deadline);
  absl::Status status = body(transaction);
  // A body that did not pass a failure on does not get its transaction committed either.
  if (status.ok() && lease->failure() != Failure::kNone) status = lease->failure_status();
  if (status.ok() && transaction.session().out_of_time()) status = DeadlineExceeded();
  if (!status.ok()) return AfterFailure(lease, std::move(status));
  return Finish(lease, options.read_only);
}

Attempt PostgresStore::Finish(ConnectionPool::Lease& lease, bool read_only) {
  if (lease->transaction_status() != PQTRANS_INTRANS) {
    // Commit() would answer OK for a transaction that PostgreSQL has given up.
    return AfterFailure(lease, domain::Internal("the transaction ended before its commit"));
  }
  absl::Status committed = lease->Commit();
  if (committed.ok()) return {};
  if (domain::HasReason(committed, domain::ErrorReason::kOutcomeUnknown)) {
    lease.Discard();
    // What was only read may be read again.
    if (read_only) return {DatabaseUnavailable(), Failure::kConnectionLost};
    return {std::move(committed)};
  }
  return AfterFailure(lease, std::move(committed));
}

absl::Status PostgresStore::ReadAtCut(
    absl::Time deadline, absl::FunctionRef<absl::Status(Transaction&, absl::Time)> body) {
  deadline = Bounded(deadline);
  return Retry(deadline,
               [&](ConnectionPool::Lease& lease) { return CutOnce(lease, deadline, body); });
}

Attempt PostgresStore::CutOnce(ConnectionPool::Lease& lease, absl::Time deadline,
                               absl::FunctionRef<absl::Status(Transaction&, absl::Time)> body) {
  const std::string timeouts = SetTimeouts(deadline);
  lease->BeginFailures(/*read_only=*/true);
  // The lock is the session's, so that it is held across the two transactions: the snapshot must be
  // taken by the first statement after it is granted.
  absl::StatusOr<Rows> cut = lease->RunScript(
      absl::StrCat("BEGIN;", timeouts, ";SELECT pg_advisory_lock(", kRecordingGate, ");COMMIT;",
                   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;", timeouts,
                   ";SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"));
  absl::Status status = cut.status();
  if (status.ok()) {
    status =
        lease->RunScript(absl::StrCat("SELECT pg_advisory_unlock(", kRecordingGate, ")")).status();
  }
  if (!status.ok()) {
    Attempt failed = AfterFailure(lease, std::move(status));
    // Whether the lock is held is not known; closing the connection releases it.
    if (lease.held()) lease.Discard();
    return failed;
  }
  PostgresTransaction transaction(*lease, deadline);
  status = body(transaction, cut->Time(0, 0));
  if (status.ok() && lease->failure() != Failure::kNone) status = lease->failure_status();
  if (status.ok() && transaction.session().out_of_time()) status = DeadlineExceeded();
  if (!status.ok()) return AfterFailure(lease, std::move(status));
  return Finish(lease, /*read_only=*/true);
}

absl::Status PostgresStore::Check(absl::Time deadline) {
  deadline = Bounded(deadline);
  KAM_ASSIGN_OR_RETURN(ConnectionPool::Lease lease, check_pool_.Acquire(deadline));
  lease->BeginFailures(/*read_only=*/true);
  absl::Status begun =
      lease->RunScript(absl::StrCat("BEGIN READ ONLY;", SetTimeouts(deadline))).status();
  if (!begun.ok()) return AfterFailure(lease, std::move(begun)).status;
  absl::Status status = CheckSchema(*lease, Migrations());
  if (lease->failure() != Failure::kNone) {
    return AfterFailure(lease, std::move(status)).status;
  }
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenPostgres(PostgresOptions options) {
  if (options.pool_size < 1) return absl::InvalidArgumentError("the pool needs a connection");
  if (!options.log) options.log = LogToStderr;
  KAM_ASSIGN_OR_RETURN(const std::string conninfo, MakeConninfo(options));
  return std::make_unique<PostgresStore>(options, conninfo);
}

}  // namespace kam::store::postgres
