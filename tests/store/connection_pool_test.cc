#include "store/engine/connection_pool.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "store/store.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using testing::TestDatabase;

void Quiet(const std::string&) {}

Deadline In(absl::Duration duration) { return Deadline::After(duration); }

class ConnectionPoolTest : public ::testing::Test {
 protected:
  TestDatabase database_;
  ConnectionPool pool_{database_.url(), 2, Quiet};
};

TEST_F(ConnectionPoolTest, KeepsConnections) {
  int64_t pid = 0;
  for (int i = 0; i < 3; ++i) {
    auto lease = pool_.Acquire(In(absl::Seconds(5)));
    ASSERT_TRUE(lease.ok());
    const int64_t now = (*lease)->RunScript("SELECT pg_backend_pid()")->Int(0, 0);
    EXPECT_TRUE(i == 0 || now == pid);
    pid = now;
  }
}

TEST_F(ConnectionPoolTest, NeverHandsOutAnOpenTransaction) {
  {
    auto lease = pool_.Acquire(In(absl::Seconds(5)));
    ASSERT_TRUE((*lease)->RunScript("BEGIN; CREATE TABLE leaked (x integer)").ok());
  }
  auto lease = pool_.Acquire(In(absl::Seconds(5)));
  EXPECT_EQ((*lease)->transaction_status(), PQTRANS_IDLE);
  EXPECT_EQ(database_.Sql("SELECT to_regclass('leaked') IS NULL"), "t");
}

TEST_F(ConnectionPoolTest, HandsOutNoMoreThanItsSize) {
  auto first = pool_.Acquire(In(absl::Seconds(5)));
  auto second = pool_.Acquire(In(absl::Seconds(5)));
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_TRUE(HasReason(pool_.Acquire(In(absl::Milliseconds(50))).status(),
                        ErrorReason::kDeadlineExceeded));
  first->Discard();
  EXPECT_TRUE(pool_.Acquire(In(absl::Seconds(5))).ok()) << "a discarded one is lost for ever";
}

TEST_F(ConnectionPoolTest, CutsAConnectionThatIsUsedLongAfterItsDeadline) {
  auto lease = pool_.Acquire(In(absl::Milliseconds(100)));
  ASSERT_TRUE(lease.ok());
  const absl::Time start = absl::Now();
  EXPECT_FALSE((*lease)->RunScript("SELECT pg_sleep(30)").ok());
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  lease->Discard();
}

TEST_F(ConnectionPoolTest, FailsAtOnceWhileTheServerCannotBeReached) {
  ConnectionPool nowhere("postgresql://?host=%2Fnonexistent", 2, Quiet);
  for (int i = 0; i < 20; ++i) {
    const absl::Time start = absl::Now();
    EXPECT_TRUE(HasReason(nowhere.Acquire(In(absl::Seconds(10))).status(),
                          ErrorReason::kDatabaseUnavailable));
    EXPECT_LT(absl::Now() - start, absl::Seconds(1));
  }
}

TEST_F(ConnectionPoolTest, IsSharedByManyThreads) {
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 25; ++j) {
        auto lease = pool_.Acquire(In(absl::Seconds(30)));
        if (!lease.ok()) continue;
        if (j % 10 == 9) {
          lease->Discard();
        } else if (!(*lease)->RunScript("SELECT 1").ok()) {
          continue;
        }
        ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 8 * 25);
}

// scripts/lib/postgres.sh of the tree this binary was built in; empty when it was moved away.
std::string ClusterScript() {
  for (auto folder = std::filesystem::read_symlink("/proc/self/exe"); folder != folder.root_path();
       folder = folder.parent_path()) {
    const auto script = folder / "scripts/lib/postgres.sh";
    if (std::filesystem::exists(script)) return script;
  }
  return "";
}

TEST(ConnectionPoolRestartTest, SurvivesARestartOfPostgres) {
  const std::string script = ClusterScript();
  ASSERT_FALSE(script.empty()) << "scripts/lib/postgres.sh is not above this binary";
  char folder[] = "/tmp/kam-restart-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  std::filesystem::permissions(folder, std::filesystem::perms(0777));
  const auto cluster = [&](const std::string& command, const std::string& more = "") {
    return std::system(
        absl::StrCat(script, " ", command, " ", folder, " ", more, " >/dev/null 2>&1").c_str());
  };
  ASSERT_EQ(cluster("start", "fsync=off"), 0);
  const auto store = Store::Open(
      {.url = absl::StrCat("host=", folder, "/socket user=kam dbname=postgres"), .log = Quiet});
  ASSERT_TRUE(store.ok());
  const auto read = [&] {
    const absl::Time start = absl::Now();
    absl::Status status = (*store)->Transact({.read_only = true, .deadline = In(absl::Seconds(10))},
                                             [](Transaction&) { return absl::OkStatus(); });
    EXPECT_LT(absl::Now() - start, absl::Seconds(3));
    return status;
  };
  EXPECT_TRUE(read().ok());
  ASSERT_EQ(cluster("kill"), 0);
  EXPECT_TRUE(HasReason(read(), ErrorReason::kDatabaseUnavailable));
  EXPECT_TRUE(HasReason((*store)->Check(In(absl::Seconds(5))), ErrorReason::kDatabaseUnavailable));
  ASSERT_EQ(cluster("start", "fsync=off"), 0);
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_TRUE(read().ok());
  EXPECT_EQ(cluster("remove"), 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kam::store
