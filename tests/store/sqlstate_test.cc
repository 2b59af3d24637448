#include "store/engine/sqlstate.h"

#include <string>
#include <tuple>

#include "gtest/gtest.h"
#include "model/error.h"

namespace kam::store {
namespace {

TEST(SqlstateTest, ClassifiesByWhatToDoAboutIt) {
  const std::tuple<const char*, Failure> cases[] = {
      {"40001", Failure::kConflict},
      {"40P01", Failure::kConflict},
      {"57014", Failure::kTimeout},
      {"55P03", Failure::kTimeout},
      {"08006", Failure::kConnectionLost},
      {"57P01", Failure::kConnectionLost},
      {"57P02", Failure::kConnectionLost},
      {"25P03", Failure::kConnectionLost},
      {"25006", Failure::kConnectionLost},
      {"57P03", Failure::kUnavailable},
      {"53300", Failure::kUnavailable},
      {"53100", Failure::kFull},
      {"23505", Failure::kConstraint},
      {"23514", Failure::kConstraint},
      {"23503", Failure::kConstraint},
      {"23P01", Failure::kConstraint},
      {"22003", Failure::kOutOfRange},
      {"0A000", Failure::kStale},
      {"26000", Failure::kStale},
      {"42601", Failure::kDefect},
      {"25P02", Failure::kDefect},
      {"23502", Failure::kDefect},
      {"", Failure::kDefect},
  };
  for (const auto& [sqlstate, failure] : cases) {
    EXPECT_EQ(Classify({.sqlstate = sqlstate}), failure) << sqlstate;
  }
}

TEST(SqlstateTest, ABrokenConnectionNeedsNoSqlstate) {
  EXPECT_EQ(Classify({.connection_lost = true}), Failure::kConnectionLost);
}

TEST(SqlstateTest, WritingInAReadOnlyTransactionIsOurDefect) {
  EXPECT_EQ(Classify({.sqlstate = "25006", .read_only = true}), Failure::kDefect);
}

TEST(SqlstateTest, ACancelledStatementIsToldByWhoCancelledIt) {
  EXPECT_EQ(Classify({.sqlstate = "57014"}), Failure::kTimeout);
  EXPECT_EQ(Classify({.sqlstate = "57014", .time_left = true}), Failure::kInterrupted);
  EXPECT_EQ(Classify({.sqlstate = "57014", .time_left = true, .cancelled = true}),
            Failure::kShuttingDown);
  EXPECT_EQ(Classify({.sqlstate = "55P03", .time_left = true}), Failure::kLocked);
  EXPECT_TRUE(
      HasReason(ToStatus({.sqlstate = "57014", .time_left = true}), ErrorReason::kConflict));
  EXPECT_TRUE(
      HasReason(ToStatus({.sqlstate = "57014", .cancelled = true}), ErrorReason::kShuttingDown));
}

TEST(SqlstateTest, StatusesNeverHoldTheDatabasesText) {
  for (const char* sqlstate : {"40001", "57014", "08006", "53100", "23505", "22003", "42601"}) {
    const absl::Status status =
        ToStatus({.sqlstate = sqlstate, .constraint = "c", .message = "Key (email)=(a@b.c)"});
    EXPECT_EQ(status.ToString().find("a@b.c"), std::string::npos) << status;
  }
}

TEST(SqlstateTest, StatusesHaveTheContractsReasons) {
  EXPECT_TRUE(HasReason(ToStatus({.sqlstate = "40001"}), ErrorReason::kConflict));
  EXPECT_TRUE(HasReason(ToStatus({.sqlstate = "57014"}), ErrorReason::kDeadlineExceeded));
  EXPECT_TRUE(HasReason(ToStatus({.sqlstate = "53100"}), ErrorReason::kDatabaseFull));
  EXPECT_TRUE(HasReason(ToStatus({.sqlstate = "57P03"}), ErrorReason::kDatabaseUnavailable));
  EXPECT_TRUE(HasReason(ToStatus({.sqlstate = "42601"}), ErrorReason::kInternal));
}

}  // namespace
}  // namespace kam::store
