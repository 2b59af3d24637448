#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "store/engine/connection.h"
#include "store/engine/session.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestDatabase;

constexpr int64_t kMaxInt = std::numeric_limits<int64_t>::max();
constexpr int64_t kMinInt = std::numeric_limits<int64_t>::min();

class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto connection = Connection::Open(database_.url(), log_, log_);
    ASSERT_TRUE(connection.ok()) << connection.status();
    connection_ = *std::move(connection);
    session_ = std::make_unique<Session>(*connection_, Deadline::After(absl::Minutes(1)));
  }

  Rows Query(const std::string& sql, const std::vector<Param>& params) {
    auto rows = session_->Query(sql, params);
    EXPECT_TRUE(rows.ok()) << rows.status();
    return rows.ok() ? *rows : Rows();
  }

  LogLine log_ = [](const std::string&) {};
  TestDatabase database_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Session> session_;
};

TEST_F(SessionTest, KeepsIntegersToTheLastBit) {
  for (const int64_t value : {kMinInt, int64_t{-1}, int64_t{0}, kMaxInt}) {
    EXPECT_EQ(Query("SELECT CAST(:x AS bigint)", {value}).Int(0, 0), value);
  }
}

TEST_F(SessionTest, KeepsDoublesToTheLastBit) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  std::vector<double> values = {0.1,    -0.0,      1e308,
                                5e-324, 1.0 / 3.0, std::numeric_limits<double>::infinity()};
  while (values.size() < 100) {
    const uint64_t bits = random();
    double value;
    std::memcpy(&value, &bits, sizeof(value));
    if (std::isfinite(value)) values.push_back(value);
  }
  for (const double value : values) {
    const Rows rows = Query("SELECT CAST(:x AS double precision)", {value});
    EXPECT_EQ(rows.Double(0, 0), value);
    EXPECT_EQ(std::signbit(rows.Double(0, 0)), std::signbit(value));
  }
  EXPECT_TRUE(std::isnan(Query("SELECT CAST(:x AS float8)", {std::nan("")}).Double(0, 0)));
}

TEST_F(SessionTest, KeepsTimesToTheMicrosecond) {
  const absl::Time time = absl::FromUnixMicros(1'700'000'000'123'457);
  const std::string sql =
      "SELECT (extract(epoch FROM 'epoch'::timestamptz + CAST(:x AS bigint) * "
      "interval '1 microsecond') * 1000000)::bigint";
  EXPECT_EQ(Query(sql, {time}).Time(0, 0), time);
  const absl::Time before_1970 = absl::FromUnixMicros(-1);
  EXPECT_EQ(Query(sql, {before_1970}).Time(0, 0), before_1970);
  EXPECT_TRUE(Query(sql, {absl::InfiniteFuture()}).IsNull(0, 0));
}

TEST_F(SessionTest, KeepsTextAsItIs) {
  for (const std::string text :
       {"", "it's", "back\\slash", "tab\tnew\nline", "a,b\"c{}", "ü€😀", ":name", "NULL"}) {
    EXPECT_EQ(Query("SELECT CAST(:x AS text)", {text}).Text(0, 0), text);
    EXPECT_THAT(
        Query("SELECT CAST(:x AS text[])", {std::vector<std::string>{text, text}}).Texts(0, 0),
        ElementsAre(text, text));
  }
}

TEST_F(SessionTest, RefusesTextThatWouldBeCut) {
  EXPECT_TRUE(
      HasReason(session_->Query("SELECT CAST(:x AS text)", {std::string("a\0b", 3)}).status(),
                ErrorReason::kInternal));
}

TEST_F(SessionTest, KeepsArrays) {
  EXPECT_THAT(
      Query("SELECT CAST(:x AS bigint[])", {std::vector<int64_t>{kMinInt, 0, kMaxInt}}).Ints(0, 0),
      ElementsAre(kMinInt, 0, kMaxInt));
  EXPECT_THAT(Query("SELECT CAST(:x AS bigint[])", {std::vector<int64_t>{}}).Ints(0, 0), IsEmpty());
  EXPECT_THAT(
      Query("SELECT CAST(:x AS float8[])", {std::vector<std::optional<double>>{0.1, std::nullopt}})
          .OptionalDoubles(0, 0),
      ElementsAre(std::optional<double>(0.1), std::nullopt));
  EXPECT_THAT(Query("SELECT CAST(:x AS integer[])", {std::vector<int32_t>{1, -2}}).Int32s(0, 0),
              ElementsAre(1, -2));
}

TEST_F(SessionTest, TellsNullFromEmpty) {
  const Rows rows = Query("SELECT CAST(:a AS text), CAST(:b AS text)",
                          {std::optional<std::string>(), std::optional<std::string>("")});
  EXPECT_TRUE(rows.IsNull(0, 0));
  EXPECT_FALSE(rows.IsNull(0, 1));
  EXPECT_EQ(Query("SELECT CAST(:x AS bigint)", {std::optional<int64_t>(3)}).OptionalInt(0, 0), 3);
  EXPECT_EQ(Query("SELECT CAST(:x AS bigint)", {Param::Null()}).OptionalInt(0, 0), std::nullopt);
  EXPECT_TRUE(Query("SELECT 1 WHERE false", {}).empty());
}

TEST_F(SessionTest, SendsNullAfterAFailedExecution) {
  // SOCI by itself would send the text of the failed one again.
  const std::string sql = "SELECT CAST(:x AS text), 1 / CAST(:y AS integer)";
  connection_->BeginFailures(false);
  EXPECT_FALSE(session_->Query(sql, {"kept", 0}).ok());
  connection_->BeginFailures(false);
  EXPECT_TRUE(Query(sql, {Param::Null(), 1}).IsNull(0, 0));
}

TEST_F(SessionTest, PreparesAStatementOnce) {
  for (int i = 0; i < 3; ++i) Query("SELECT CAST(:x AS integer) + 1", {i});
  EXPECT_EQ(Query("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE "
                  "'SELECT CAST(% + 1'",
                  {})
                .Int(0, 0),
            1);
}

TEST_F(SessionTest, RefusesOverflowInsteadOfClamping) {
  const auto sum = session_->Query(
      "SELECT sum(x)::bigint FROM (VALUES (CAST(:x AS bigint)), (1)) AS v (x)", {kMaxInt});
  EXPECT_TRUE(HasReason(sum.status(), ErrorReason::kAmountOverflow));
  EXPECT_EQ(sum.status().code(), absl::StatusCode::kOutOfRange);
}

TEST_F(SessionTest, NamesTheConstraint) {
  database_.Sql(
      "CREATE TABLE t (x integer CONSTRAINT t_once UNIQUE, "
      "y integer CONSTRAINT t_positive CHECK (y > 0)); INSERT INTO t VALUES (1, 1)");
  const auto insert = [&](int x, int y) {
    connection_->BeginFailures(false);
    return session_
        ->Execute("INSERT INTO t VALUES (CAST(:x AS integer), CAST(:y AS integer))", {x, y})
        .status();
  };
  EXPECT_EQ(ConstraintOf(insert(1, 1)), "t_once");
  EXPECT_TRUE(absl::IsAlreadyExists(insert(1, 1)));
  EXPECT_EQ(ConstraintOf(insert(2, 0)), "t_positive");
  EXPECT_TRUE(absl::IsFailedPrecondition(insert(2, 0)));
  EXPECT_EQ(ConstraintOf(insert(2, 1)), "");
}

TEST_F(SessionTest, AnswersTheFirstFailureUntilTheEnd) {
  ASSERT_TRUE(connection_->RunScript("BEGIN").ok());
  connection_->BeginFailures(false);
  const absl::Status first = session_->Query("SELECT 1 / CAST(:x AS integer)", {0}).status();
  EXPECT_FALSE(first.ok());
  EXPECT_EQ(session_->Query("SELECT 1", {}).status(), first);
}

TEST_F(SessionTest, RefusesTheWrongNumberOfParameters) {
  EXPECT_FALSE(session_->Query("SELECT CAST(:x AS integer)", {1, 2}).ok());
  connection_->BeginFailures(false);
  EXPECT_FALSE(session_->Query("SELECT CAST(:x AS integer) + :y", {1}).ok());
}

TEST_F(SessionTest, CopiesInAndOut) {
  database_.Sql("CREATE TABLE t (x bigint, y text)");
  ASSERT_TRUE(connection_->RunScript("BEGIN").ok());
  const std::string odd = "tab\t new\n back\\slash \\N \r ü";
  std::vector<Param> cells = {1, odd, 2, Param::Null(), 3, "", 4, "\\N"};
  ASSERT_TRUE(session_->CopyIn("COPY t (x, y) FROM STDIN", cells, 2).ok());
  std::vector<std::pair<std::string, std::optional<std::string>>> read;
  ASSERT_TRUE(session_
                  ->CopyOut("COPY (SELECT x, y FROM t ORDER BY x) TO STDOUT",
                            [&](CopyRow row) {
                              read.emplace_back(*row[0], row[1]
                                                             ? std::optional<std::string>(*row[1])
                                                             : std::nullopt);
                              return absl::OkStatus();
                            })
                  .ok());
  EXPECT_THAT(read, ElementsAre(std::pair("1", odd), std::pair("2", std::nullopt),
                                std::pair("3", ""), std::pair("4", "\\N")));
  EXPECT_TRUE(connection_->Commit().ok());
}

TEST_F(SessionTest, EndsACopyEarlyWithoutHarm) {
  ASSERT_TRUE(connection_->RunScript("BEGIN").ok());
  int visits = 0;
  const absl::Status stopped = session_->CopyOut(
      "COPY (SELECT * FROM generate_series(1, 100000)) TO STDOUT",
      [&](CopyRow) { return ++visits == 3 ? absl::CancelledError("enough") : absl::OkStatus(); });
  EXPECT_TRUE(absl::IsCancelled(stopped));
  EXPECT_EQ(visits, 3);
  EXPECT_EQ(Query("SELECT 1", {}).Int(0, 0), 1);
}

TEST_F(SessionTest, ReportsACopyThatBreaksAConstraint) {
  database_.Sql("CREATE TABLE t (x bigint CONSTRAINT t_once UNIQUE)");
  EXPECT_EQ(ConstraintOf(session_->CopyIn("COPY t (x) FROM STDIN", {1, 1}, 1)), "t_once");
  connection_->BeginFailures(false);
  EXPECT_EQ(Query("SELECT count(*) FROM t", {}).Int(0, 0), 0);
}

TEST_F(SessionTest, CommitOfAFailedTransactionIsAnError) {
  ASSERT_TRUE(connection_->RunScript("BEGIN").ok());
  EXPECT_FALSE(connection_->RunScript("SELECT 1 / 0").ok());
  EXPECT_FALSE(connection_->Commit().ok()) << "rolled back silently";
}

TEST_F(SessionTest, NoticesThatTheServerWentAway) {
  EXPECT_TRUE(connection_->LooksAlive());
  database_.Sql(absl::StrCat("SELECT pg_terminate_backend(",
                             Query("SELECT pg_backend_pid()", {}).Int(0, 0), ", 5000)"));
  EXPECT_FALSE(connection_->LooksAlive());
}

}  // namespace
}  // namespace kam::store
