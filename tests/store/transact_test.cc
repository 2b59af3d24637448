#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "domain/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using domain::ErrorReason;
using domain::HasReason;
using testing::TestDatabase;

class TransactTest : public ::testing::Test {
 protected:
  // Adds a change of this kind in a transaction.
  absl::Status Append(const std::string& kind) {
    return store_->Transact({}, [&](Transaction& tx) {
      return tx.calls().AppendChange(kind, "acme", "accounts/acme");
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
    KAM_RETURN_IF_ERROR(tx.calls().AppendChange("account.created", "acme", "accounts/acme"));
    return domain::NotFound("accounts/other");
  });
  EXPECT_TRUE(HasReason(status, ErrorReason::kResourceNotFound));
  EXPECT_EQ(Changes(), "0");
}

TEST_F(TransactTest, DoesNotWriteInAReadOnlyTransaction) {
  int runs = 0;
  const absl::Status status = store_->Transact({.read_only = true}, [&](Transaction& tx) {
    ++runs;
    return tx.calls().AppendChange("account.created", "acme", "accounts/acme");
  });
  EXPECT_TRUE(HasReason(status, ErrorReason::kInternal)) << status;
  EXPECT_EQ(runs, 1);
}

TEST_F(TransactTest, RunsAgainAfterItsConnectionBroke) {
  ASSERT_TRUE(Append("first").ok());
  int runs = 0;
  const absl::Status status = store_->Transact({}, [&](Transaction& tx) {
    if (++runs == 1) CutConnections();
    return tx.calls().AppendChange("second", "acme", "accounts/acme");
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
                               return tx.calls().AppendChange("second", "acme", "accounts/acme");
                             })
                  .ok());
  EXPECT_EQ(runs, 1) << "a dead connection was handed out";
}

TEST_F(TransactTest, EndsAtTheDeadline) {
  const absl::Time start = absl::Now();
  const absl::Status status =
      store_->Transact({.deadline = start + absl::Milliseconds(300)}, [&](Transaction& tx) {
        absl::SleepFor(absl::Milliseconds(350));
        return tx.calls().AppendChange("late", "acme", "accounts/acme");
      });
  EXPECT_TRUE(HasReason(status, ErrorReason::kDeadlineExceeded)) << status;
  EXPECT_EQ(Changes(), "0");
}

TEST_F(TransactTest, AnswersAtOnceWhenNothingListens) {
  auto store = database_.Open();
  const auto nowhere = store::postgres::OpenPostgres({.url = "host=/nonexistent user=kam"});
  ASSERT_TRUE(nowhere.ok());
  const absl::Time start = absl::Now();
  const absl::Status status = (*nowhere)->Transact({.deadline = start + absl::Seconds(30)},
                                                   [](Transaction&) { return absl::OkStatus(); });
  EXPECT_TRUE(HasReason(status, ErrorReason::kDatabaseUnavailable)) << status;
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
}

TEST_F(TransactTest, ChecksTheSchema) {
  EXPECT_TRUE(store_->Check(absl::Now() + absl::Seconds(5)).ok());
  database_.Sql("UPDATE schema_migrations SET checksum = 'other'");
  EXPECT_EQ(store_->Check(absl::Now() + absl::Seconds(5)).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace kam::store
