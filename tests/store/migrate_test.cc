#include "store/engine/migrate.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TestDatabase;

const Migration kFirst = {1, "first", "CREATE TABLE a (x integer); INSERT INTO a VALUES (1)"};
const Migration kSecond = {2, "second", "CREATE TABLE b (x integer)"};

class MigrateTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<std::string>> Run(const std::vector<Migration>& migrations,
                                               absl::Duration timeout = absl::Seconds(30)) {
    return Migrate(database_.url(), timeout, migrations, [](const std::string&) {});
  }
  std::string Applied() {
    return database_.Sql("SELECT string_agg(name, ',' ORDER BY version) FROM schema_migrations");
  }

  TestDatabase database_{TestDatabase::Schema::kEmpty};
};

TEST_F(MigrateTest, AppliesWhatIsMissing) {
  EXPECT_THAT(*Run({kFirst}), ElementsAre("0001_first"));
  EXPECT_THAT(*Run({kFirst, kSecond}), ElementsAre("0002_second"));
  EXPECT_THAT(*Run({kFirst, kSecond}), IsEmpty());
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM a"), "1");
}

TEST_F(MigrateTest, AppliesOursFromTheBeginning) {
  EXPECT_EQ(Migrate(database_.url())->size(), Migrations().size());
  EXPECT_TRUE(database_.Open()->Check(Deadline::After(absl::Seconds(5))).ok());
}

TEST_F(MigrateTest, LeavesNothingOfAFailedOne) {
  const Migration broken = {2, "broken", "CREATE TABLE c (x integer); SELECT 1 / 0"};
  const auto failed = Run({kFirst, broken});
  EXPECT_THAT(std::string(failed.status().message()), HasSubstr("0002_broken"));
  EXPECT_EQ(Applied(), "first");
  EXPECT_EQ(database_.Sql("SELECT to_regclass('c') IS NULL"), "t");
}

TEST_F(MigrateTest, RefusesAChangedOne) {
  ASSERT_TRUE(Run({kFirst}).ok());
  const Migration changed = {1, "first", "CREATE TABLE a (x bigint)"};
  EXPECT_TRUE(absl::IsFailedPrecondition(Run({changed, kSecond}).status()));
  EXPECT_EQ(Applied(), "first");
}

TEST_F(MigrateTest, RefusesADatabaseThatIsNewer) {
  ASSERT_TRUE(Run({kFirst, kSecond}).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Run({kFirst}).status()));
}

TEST_F(MigrateTest, RunsOnceHoweverManyTry) {
  std::vector<std::thread> threads;
  std::atomic<int> applied = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto done = Run({kFirst, kSecond});
      ASSERT_TRUE(done.ok()) << done.status();
      applied += static_cast<int>(done->size());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(applied, 2);
}

TEST_F(MigrateTest, TheSchemaIsBehindUntilMigrated) {
  const auto store = database_.Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(store->Check(Deadline::After(absl::Seconds(5)))));
  ASSERT_TRUE(Migrate(database_.url()).ok());
  EXPECT_TRUE(store->Check(Deadline::After(absl::Seconds(5))).ok());
  database_.Sql("INSERT INTO schema_migrations VALUES (9999, 'newer', 'x')");
  EXPECT_TRUE(store->Check(Deadline::After(absl::Seconds(5))).ok())
      << "an older server stops serving while a newer version is rolled out";
}

TEST_F(MigrateTest, SaysThatThereIsNoDatabase) {
  EXPECT_TRUE(absl::IsUnavailable(
      Migrate("host=/nonexistent", absl::Seconds(1), {}, [](const std::string&) {}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      Migrate("mysql://host/db", absl::Seconds(1), {}, [](const std::string&) {}).status()));
}

}  // namespace
}  // namespace kam::store
