#include <libpq-fe.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "store/history/recording_gate.h"
#include "store/operations/operations.h"
#include "support/changes.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using testing::TestDatabase;

// Another value for a row that several transactions want.
absl::Status SetResponse(Transaction& tx, absl::string_view id, absl::string_view text) {
  return tx.session()
      .Execute("UPDATE requests SET response = convert_to(:text, 'UTF8') WHERE request_id = :id",
               {text, id})
      .status();
}

class TransactTest : public ::testing::Test {
 protected:
  // Adds a change of this kind in a transaction.
  absl::Status Append(const std::string& kind) {
    return store_->Transact({}, [&](Transaction& tx) {
      return testing::AppendChange(tx, kind, "acme", "accounts/acme");
    });
  }
  std::string Changes() { return database_.Sql("SELECT count(*) FROM changes"); }
  // Ends every connection of the store, as a restart of the server would.
  void CutConnections() {
    database_.Sql(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

TEST_F(TransactTest, CommitsWhatTheBodyDid) {
  ASSERT_TRUE(Append("account.created").ok());
  EXPECT_EQ(Changes(), "1");
}

TEST_F(TransactTest, RollsBackWhenTheBodyFails) {
  const absl::Status status = store_->Transact({}, [](Transaction& tx) {
    KAM_RETURN_IF_ERROR(testing::AppendChange(tx, "account.created", "acme", "accounts/acme"));
    return NotFound("accounts/other");
  });
  EXPECT_TRUE(HasReason(status, ErrorReason::kResourceNotFound));
  EXPECT_EQ(Changes(), "0");
}

TEST_F(TransactTest, DoesNotWriteInAReadOnlyTransaction) {
  int runs = 0;
  const absl::Status status = store_->Transact({.read_only = true}, [&](Transaction& tx) {
    ++runs;
    return testing::AppendChange(tx, "account.created", "acme", "accounts/acme");
  });
  EXPECT_TRUE(HasReason(status, ErrorReason::kInternal)) << status;
  EXPECT_EQ(runs, 1);
}

TEST_F(TransactTest, RunsAgainAfterItsConnectionBroke) {
  ASSERT_TRUE(Append("first").ok());
  int runs = 0;
  const absl::Status status = store_->Transact({}, [&](Transaction& tx) {
    if (++runs == 1) CutConnections();
    return testing::AppendChange(tx, "second", "acme", "accounts/acme");
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Changes(), "2");
}

TEST_F(TransactTest, SurvivesTheLossOfIdleConnections) {
  ASSERT_TRUE(Append("first").ok());
  CutConnections();
  int runs = 0;
  EXPECT_TRUE(store_
                  ->Transact({},
                             [&](Transaction& tx) {
                               ++runs;
                               return testing::AppendChange(tx, "second", "acme", "accounts/acme");
                             })
                  .ok());
  EXPECT_EQ(runs, 1) << "a dead connection was handed out";
}

TEST_F(TransactTest, EndsAtTheDeadline) {
  const absl::Status status = store_->Transact(
      {.deadline = Deadline::After(absl::Milliseconds(300))}, [&](Transaction& tx) {
        absl::SleepFor(absl::Milliseconds(350));
        return testing::AppendChange(tx, "late", "acme", "accounts/acme");
      });
  EXPECT_TRUE(HasReason(status, ErrorReason::kDeadlineExceeded)) << status;
  EXPECT_EQ(Changes(), "0");
}

TEST_F(TransactTest, AnswersAtOnceWhenNothingListens) {
  auto store = database_.Open();
  const auto nowhere = store::Store::Open({.url = "host=/nonexistent user=kam"});
  ASSERT_TRUE(nowhere.ok());
  const absl::Time start = absl::Now();
  const absl::Status status = (*nowhere)->Transact({.deadline = Deadline::After(absl::Seconds(30))},
                                                   [](Transaction&) { return absl::OkStatus(); });
  EXPECT_TRUE(HasReason(status, ErrorReason::kDatabaseUnavailable)) << status;
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
}

TEST_F(TransactTest, ASwallowedErrorDoesNotBecomeASilentRollback) {
  // Text that is no UTF-8 fails in PostgreSQL.
  const absl::Status status = store_->Transact({}, [](Transaction& tx) {
    EXPECT_TRUE(testing::AppendChange(tx, "kept?", "acme", "accounts/acme").ok());
    EXPECT_FALSE(testing::AppendChange(tx, "\xff", "acme", "accounts/acme").ok());
    return absl::OkStatus();
  });
  EXPECT_FALSE(status.ok()) << "the caller believes that it was committed";
  EXPECT_EQ(Changes(), "0");
}

TEST_F(TransactTest, AConstraintThatNobodyExpectedIsInternal) {
  database_.Sql("ALTER TABLE changes ADD CONSTRAINT no_acme CHECK (account_id <> 'acme')");
  EXPECT_TRUE(HasReason(Append("any"), ErrorReason::kInternal));
}

TEST_F(TransactTest, TellsThatTheOutcomeOfACommitIsUnknown) {
  // The connection dies while the commit runs its deferred triggers.
  database_.Sql(R"(
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER die AFTER INSERT ON changes DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION die())");
  int runs = 0;
  const absl::Status status = store_->Transact({}, [&](Transaction& tx) {
    ++runs;
    return testing::AppendChange(tx, "any", "acme", "accounts/acme");
  });
  EXPECT_TRUE(HasReason(status, ErrorReason::kOutcomeUnknown)) << status;
  EXPECT_EQ(runs, 1) << "a commit that may have happened was done again";
  database_.Sql("DROP TRIGGER die ON changes");
  EXPECT_TRUE(Append("next").ok());
}

TEST_F(TransactTest, AFailedCommitIsAFailure) {
  database_.Sql(R"(
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$;
      CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON changes DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION refuse())");
  int runs = 0;
  const absl::Status status = store_->Transact({}, [&](Transaction& tx) {
    ++runs;
    return testing::AppendChange(tx, "any", "acme", "accounts/acme");
  });
  EXPECT_TRUE(HasReason(status, ErrorReason::kConflict)) << status;
  EXPECT_GT(runs, 1);
  EXPECT_LT(runs, 20) << "retries are not bounded";
}

TEST_F(TransactTest, RunsAgainAfterSerializationFailures) {
  // Each adds one change for what it counted: two that count the same break the rule.
  constexpr int kThreads = 4;
  constexpr int kEach = 5;
  std::vector<std::thread> threads;
  std::atomic<int> committed = 0;
  std::atomic<int> runs = 0;
  database_.Sql("INSERT INTO requests VALUES ('p', 'm', 'r', '', '0')");
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < kEach; ++j) {
        const absl::Status status = store_->Transact(
            {.isolation = Isolation::kSerializable}, [&](Transaction& tx) -> absl::Status {
              ++runs;
              KAM_ASSIGN_OR_RETURN(
                  const Rows rows,
                  tx.session().Query("SELECT convert_from(response, 'UTF8') FROM requests", {}));
              return SetResponse(tx, "r", absl::StrCat(std::stoi(rows.Text(0, 0)) + 1));
            });
        if (status.ok()) ++committed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(database_.Sql("SELECT convert_from(response, 'UTF8') FROM requests"),
            absl::StrCat(committed.load()))
      << runs.load() << " runs";
  EXPECT_GT(committed, 0);
}

TEST_F(TransactTest, ADeadlockIsResolved) {
  database_.Sql("INSERT INTO requests VALUES ('p', 'm', 'a', '', ''), ('p', 'm', 'b', '', '')");
  std::atomic<int> holding = 0;
  const auto take = [&](const char* first, const char* second) {
    bool waited = false;
    return store_->Transact({}, [&, first, second](Transaction& tx) -> absl::Status {
      KAM_RETURN_IF_ERROR(SetResponse(tx, first, "x"));
      if (!waited) {
        ++holding;
        while (holding < 2) absl::SleepFor(absl::Milliseconds(1));
      }
      waited = true;
      return SetResponse(tx, second, "x");
    });
  };
  absl::Status other;
  std::thread thread([&] { other = take("b", "a"); });
  const absl::Status mine = take("a", "b");
  thread.join();
  EXPECT_TRUE(mine.ok()) << mine;
  EXPECT_TRUE(other.ok()) << other;
}

TEST_F(TransactTest, WaitingForALockEndsAtTheDeadline) {
  database_.Sql("INSERT INTO requests VALUES ('p', 'm', 'a', '', '')");
  absl::Status inner;
  ASSERT_TRUE(store_
                  ->Transact({},
                             [&](Transaction& tx) -> absl::Status {
                               KAM_RETURN_IF_ERROR(SetResponse(tx, "a", "x"));
                               inner = store_->Transact(
                                   {.deadline = Deadline::After(absl::Milliseconds(200))},
                                   [](Transaction& other) { return SetResponse(other, "a", "y"); });
                               return absl::OkStatus();
                             })
                  .ok());
  EXPECT_TRUE(HasReason(inner, ErrorReason::kDeadlineExceeded)) << inner;
}

TEST_F(TransactTest, AStatementCancelledByAnAdministratorIsAConflictNotADeadline) {
  std::thread administrator;
  const absl::Status status = store_->Transact(
      {.deadline = Deadline::After(absl::Seconds(30))}, [&](Transaction& tx) -> absl::Status {
        const auto pid = tx.session().Query("SELECT pg_backend_pid()", {});
        if (!pid.ok()) return pid.status();
        administrator = std::thread([this, pid = pid->Int(0, 0)] {
          const std::string sleeping = absl::StrCat(
              "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = ", pid);
          while (database_.Sql(sleeping) != "1") std::this_thread::yield();
          database_.Sql(absl::StrCat("SELECT pg_cancel_backend(", pid, ")"));
        });
        return tx.session().Query("SELECT CAST(pg_sleep(20) AS text)", {}).status();
      });
  administrator.join();
  EXPECT_TRUE(HasReason(status, ErrorReason::kConflict)) << status;
}

TEST_F(TransactTest, TheEndOfTheProcessCancelsWhatRunsAndRefusesTheRest) {
  std::thread end([this] {
    const std::string sleeping =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = "
        "current_database()";
    while (database_.Sql(sleeping) != "1") std::this_thread::yield();
    store_->CancelAll();
  });
  const absl::Status cut =
      store_->Transact({.deadline = Deadline::After(absl::Seconds(30))}, [&](Transaction& tx) {
        return tx.session().Query("SELECT CAST(pg_sleep(20) AS text)", {}).status();
      });
  end.join();
  EXPECT_TRUE(HasReason(cut, ErrorReason::kShuttingDown)) << cut;
  const absl::Status later = store_->Transact({}, [](Transaction&) { return absl::OkStatus(); });
  EXPECT_TRUE(HasReason(later, ErrorReason::kShuttingDown)) << later;
}

TEST_F(TransactTest, WaitsForAConnectionUntilTheDeadlineOnly) {
  const auto store = database_.Open(/*pool_size=*/1);
  absl::Status inner;
  ASSERT_TRUE(store
                  ->Transact({},
                             [&](Transaction&) {
                               inner = store->Transact(
                                   {.deadline = Deadline::After(absl::Milliseconds(100))},
                                   [](Transaction&) { return absl::OkStatus(); });
                               return absl::OkStatus();
                             })
                  .ok());
  EXPECT_TRUE(HasReason(inner, ErrorReason::kDeadlineExceeded)) << inner;
}

TEST_F(TransactTest, IsNotReadyOrDoneByAnotherSchema) {
  EXPECT_TRUE(store_->Check(Deadline::After(absl::Seconds(5))).ok());
  database_.Sql("UPDATE schema_migrations SET checksum = 'other'");
  EXPECT_EQ(store_->Check(Deadline::After(absl::Seconds(5))).code(),
            absl::StatusCode::kFailedPrecondition);
}

// As BeginRecording takes the gate, by a connection of its own.
class Recorder {
 public:
  explicit Recorder(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    Run("BEGIN");
    Run(absl::StrCat("SELECT pg_advisory_xact_lock_shared(", kRecordingGate, ")"));
  }
  ~Recorder() { PQfinish(connection_); }
  void Run(const std::string& sql) { PQclear(PQexec(connection_, sql.c_str())); }

 private:
  PGconn* connection_;
};

TEST_F(TransactTest, ACutWaitsForRecordingsUnderWayAndSeesThem) {
  auto recorder = std::make_unique<Recorder>(database_.url());
  std::atomic<bool> cut = false;
  bool seen = false;
  absl::Time known_at;
  std::thread reader([&] {
    EXPECT_TRUE(store_
                    ->ReadAtCut(Deadline::After(absl::Seconds(10)),
                                [&](Snapshot& tx, const Cut& made) -> absl::Status {
                                  cut = true;
                                  known_at = made.known_at;
                                  // A finished operation stands for a fact.
                                  auto page = store::ListOperations(tx, {.size = 10});
                                  seen = page.ok() && page->items.size() == 1;
                                  return page.status();
                                })
                    .ok());
  });
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_FALSE(cut) << "the cut did not wait";
  recorder->Run(
      "INSERT INTO operations (id, kind, target, principal, state, stage, done, total, cursor, "
      "attempts, create_time) VALUES ('a', 1, 't', 'p', 3, '', 0, 0, '', 0, now())");
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "1")
      << "the cut waits without a lock";
  const Recorder later(database_.url());  // not waited for, though it began before the cut was made
  const absl::Time committed = absl::Now();
  recorder->Run("COMMIT");
  reader.join();
  EXPECT_TRUE(seen);
  EXPECT_LT(known_at, committed);
}

TEST_F(TransactTest, ACutWaitsForRecordingsUntilItsDeadlineOnly) {
  Recorder recorder(database_.url());
  const absl::Status status =
      store_->ReadAtCut(Deadline::After(absl::Milliseconds(100)), [](Snapshot&, const Cut&) {
        ADD_FAILURE() << "the cut did not wait";
        return absl::OkStatus();
      });
  EXPECT_TRUE(HasReason(status, ErrorReason::kDeadlineExceeded)) << status;
}

TEST_F(TransactTest, RecordingGoesOnWhileTheBodyReads) {
  absl::Time recorded;
  absl::Time known_at;
  const absl::Status status =
      store_->ReadAtCut(Deadline::After(absl::Seconds(10)), [&](Snapshot&, const Cut& made) {
        known_at = made.known_at;
        Recorder recorder(database_.url());  // waits for ever if the gate is still closed
        recorded = absl::Now();
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_GT(recorded, known_at);
}

TEST_F(TransactTest, ACutHoldsNoLockOfItsOwn) {
  const std::string held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'";
  const absl::Status status =
      store_->ReadAtCut(Deadline::After(absl::Seconds(5)), [&](Snapshot&, const Cut&) {
        EXPECT_EQ(database_.Sql(held), "0");
        return absl::CancelledError("no");
      });
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
}

TEST_F(TransactTest, ACutIsReadOnly) {
  EXPECT_FALSE(store_
                   ->ReadAtCut(Deadline::After(absl::Seconds(5)),
                               [](Snapshot& tx, const Cut&) {
                                 return testing::AppendChange(tx, "any", "acme", "accounts/acme");
                               })
                   .ok());
  EXPECT_EQ(Changes(), "0");
}

}  // namespace
}  // namespace kam::store
