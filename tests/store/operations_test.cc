#include "store/operations/operations.h"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using ::testing::ElementsAre;
using testing::TestDatabase;

constexpr OperationKind kKinds[] = {OperationKind::kEvaluatePortfolio,
                                    OperationKind::kPlanAllocation};
constexpr absl::Duration kLease = absl::Seconds(30);

Operation NewOperation(const std::string& id,
                       OperationKind kind = OperationKind::kEvaluatePortfolio) {
  Operation operation{.id = id, .kind = kind, .target = "evaluations/" + id, .principal = "p"};
  operation.create_time = absl::FromUnixMicros(1'700'000'000'123'456);
  return operation;
}

class OperationsTest : public ::testing::Test {
 protected:
  // Runs one call of the table in a transaction of its own.
  template <typename Method>
  auto In(Method method, const std::string& id) {
    using Result = decltype(method(std::declval<Transaction&>(), absl::string_view()));
    std::optional<Result> result;
    store_
        ->Transact({},
                   [&](Transaction& tx) {
                     result = method(tx, id);
                     return absl::OkStatus();
                   })
        .IgnoreError();
    return *std::move(result);
  }
  absl::Status Do(absl::FunctionRef<absl::Status(Transaction&)> body) {
    return store_->Transact({}, body);
  }
  void Insert(const Operation& operation) {
    ASSERT_TRUE(Do([&](Transaction& tx) { return InsertOperation(tx, operation); }).ok());
  }
  Operation Get(const std::string& id) { return *In(&GetOperation, id); }
  std::optional<Operation> Claim(const std::string& owner, absl::Duration lease = kLease) {
    std::optional<Operation> claimed;
    EXPECT_TRUE(Do([&](Transaction& tx) -> absl::Status {
                  KAM_ASSIGN_OR_RETURN(claimed, ClaimOperation(tx, kKinds, owner, lease));
                  return absl::OkStatus();
                }).ok());
    return claimed;
  }
  absl::Status Finish(const std::string& id, const std::string& owner, OperationState state,
                      const absl::Status& error = absl::OkStatus()) {
    return Do([&](Transaction& tx) { return FinishOperation(tx, id, owner, state, error); });
  }
  absl::Status Save(const Operation& operation, const std::string& owner) {
    return Do([&](Transaction& tx) { return SaveProgress(tx, operation, owner).status(); });
  }
  absl::Status Heartbeat(const std::string& id, const std::string& owner) {
    return Do([&](Transaction& tx) { return ExtendLease(tx, id, owner, kLease).status(); });
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

TEST_F(OperationsTest, KeepsWhatItIsGiven) {
  Insert(NewOperation("a"));
  const Operation operation = Get("a");
  EXPECT_EQ(operation.kind, OperationKind::kEvaluatePortfolio);
  EXPECT_EQ(operation.target, "evaluations/a");
  EXPECT_EQ(operation.principal, "p");
  EXPECT_EQ(operation.state, OperationState::kPending);
  EXPECT_EQ(operation.create_time, NewOperation("a").create_time);
  EXPECT_FALSE(operation.start_time || operation.attempt_time || operation.end_time);
  EXPECT_TRUE(operation.error.ok());
}

TEST_F(OperationsTest, DoesNotFindWhatIsNotThere) {
  EXPECT_TRUE(HasReason(In(&GetOperation, "x").status(), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(In(&DeleteOperation, "x"), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(In(&RequestCancel, "x"), ErrorReason::kResourceNotFound));
}

TEST_F(OperationsTest, ListsNewestFirstPageByPageWhateverTheClocksSaid) {
  for (const char* id : {"c", "a", "b"}) Insert(NewOperation(id));
  std::vector<std::string> ids;
  PageRequest request{.size = 2};
  for (int pages = 0; pages < 3; ++pages) {
    ASSERT_TRUE(Do([&](Transaction& tx) -> absl::Status {
                  KAM_ASSIGN_OR_RETURN(const auto page, ListOperations(tx, request));
                  for (const Operation& operation : page.items) ids.push_back(operation.id);
                  request.after = page.next;
                  return absl::OkStatus();
                }).ok());
    if (request.after.empty()) break;
  }
  EXPECT_THAT(ids, ElementsAre("b", "a", "c"));
}

TEST_F(OperationsTest, APageAfterNoKeyOfOursIsRefused) {
  Insert(NewOperation("a"));
  for (const char* key : {"x", "{}", "{\"1\",\"2\"}"}) {
    const absl::Status refused =
        Do([&](Transaction& tx) { return ListOperations(tx, {.size = 2, .after = key}).status(); });
    EXPECT_TRUE(HasReason(refused, ErrorReason::kInvalidPageToken)) << key;
  }
}

TEST_F(OperationsTest, AStateOfANewerServerIsAnErrorNotAGuess) {
  Insert(NewOperation("a"));
  database_.Sql("ALTER TABLE operations DROP CONSTRAINT operations_state");
  database_.Sql("UPDATE operations SET state = 6");
  EXPECT_TRUE(HasReason(In(&GetOperation, "a").status(), ErrorReason::kInternal));
}

TEST_F(OperationsTest, ClaimsTheOldestOfTheKindsAsked) {
  Insert(NewOperation("a", OperationKind::kFitLifetimeModel));
  Insert(NewOperation("b", OperationKind::kPlanAllocation));
  Insert(NewOperation("c"));
  const auto first = Claim("one");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->id, "b");
  EXPECT_EQ(first->state, OperationState::kRunning);
  EXPECT_EQ(first->attempts, 1);
  EXPECT_TRUE(first->start_time && first->attempt_time);
  EXPECT_EQ(Claim("two")->id, "c");
  EXPECT_FALSE(Claim("three")) << "of a kind that was not asked for";
}

TEST_F(OperationsTest, ClaimsThoseToBeCancelledFirst) {
  Insert(NewOperation("a"));
  Insert(NewOperation("b"));
  ASSERT_TRUE(In(&RequestCancel, "b").ok());
  const auto claimed = Claim("one");
  EXPECT_EQ(claimed->id, "b");
  EXPECT_TRUE(claimed->cancel_requested);
}

TEST_F(OperationsTest, IsClaimedByOneOnly) {
  constexpr int kOperations = 20;
  for (int i = 0; i < kOperations; ++i) Insert(NewOperation(absl::StrCat("op", i)));
  std::vector<std::thread> threads;
  std::atomic<int> claims = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; Claim(absl::StrCat(i, "/", j)); ++j) ++claims;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(claims, kOperations);
  EXPECT_EQ(database_.Sql("SELECT count(DISTINCT lease_owner) || ' ' || max(attempts) "
                          "FROM operations"),
            absl::StrCat(kOperations, " 1"));
}

TEST_F(OperationsTest, AnExpiredLeaseIsTakenOverWithItsProgress) {
  Insert(NewOperation("a"));
  Operation operation = *Claim("one");
  operation.stage = "WRITING";
  operation.done = 5;
  operation.total = 9;
  operation.cursor = "acme";
  ASSERT_TRUE(Save(operation, "one").ok());
  EXPECT_FALSE(Claim("two")) << "before the lease ran out";
  database_.Sql("UPDATE operations SET lease_until = now() - interval '1 second'");
  const auto taken = Claim("two");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->attempts, 2);
  EXPECT_EQ(taken->cursor, "acme");
  EXPECT_EQ(taken->stage, "WRITING");
  EXPECT_EQ(taken->attempt_done, 5);
  EXPECT_EQ(taken->start_time, operation.start_time);
}

TEST_F(OperationsTest, WhoLostTheLeaseWritesNothing) {
  Insert(NewOperation("a"));
  Operation operation = *Claim("one");
  database_.Sql("UPDATE operations SET lease_until = now() - interval '1 second'");
  ASSERT_TRUE(Claim("two"));
  operation.done = 99;
  EXPECT_TRUE(HasReason(Save(operation, "one"), ErrorReason::kConflict));
  EXPECT_TRUE(HasReason(Heartbeat("a", "one"), ErrorReason::kConflict));
  EXPECT_TRUE(HasReason(Finish("a", "one", OperationState::kSucceeded), ErrorReason::kConflict));
  EXPECT_TRUE(HasReason(
      Do([](Transaction& tx) { return ReleaseOperation(tx, "a", "one", absl::ZeroDuration()); }),
      ErrorReason::kConflict));
  EXPECT_EQ(Get("a").done, 0);
  EXPECT_TRUE(Heartbeat("a", "two").ok());
}

TEST_F(OperationsTest, IsClaimedAgainAfterItsReleaseAndPause) {
  Insert(NewOperation("a"));
  ASSERT_TRUE(Claim("one"));
  const auto release = [&](const char* owner, absl::Duration pause) {
    return Do([&](Transaction& tx) { return ReleaseOperation(tx, "a", owner, pause); });
  };
  ASSERT_TRUE(release("one", absl::Hours(1)).ok());
  EXPECT_FALSE(Claim("two"));
  database_.Sql("UPDATE operations SET lease_until = now()");
  ASSERT_TRUE(Claim("two"));
  ASSERT_TRUE(release("two", absl::ZeroDuration()).ok());
  EXPECT_EQ(Claim("three")->attempts, 3);
}

TEST_F(OperationsTest, KeepsAnErrorWithAllItsDetails) {
  ErrorDetails details{.reason = ErrorReason::kFxRateMissing,
                       .metadata = {{"currency", "JPY"}, {"b", "\"ü\\"}},
                       .fields = {{"orders[3]", "has no rate"}},
                       .preconditions = {{"FX", "JPY", "has no rate"}},
                       .resource = "scorecards/default",
                       .retry_after = absl::Milliseconds(1500)};
  Insert(NewOperation("a"));
  ASSERT_TRUE(Claim("one"));
  ASSERT_TRUE(Finish("a", "one", OperationState::kFailed,
                     MakeError(absl::StatusCode::kFailedPrecondition, "no rate for JPY", details))
                  .ok());
  const Operation operation = Get("a");
  EXPECT_EQ(operation.state, OperationState::kFailed);
  EXPECT_TRUE(operation.end_time);
  EXPECT_EQ(operation.error.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(operation.error.message(), "no rate for JPY");
  const auto kept = GetErrorDetails(operation.error);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->reason, details.reason);
  EXPECT_EQ(kept->metadata, details.metadata);
  ASSERT_EQ(kept->fields.size(), 1u);
  EXPECT_EQ(kept->fields[0].field, "orders[3]");
  EXPECT_EQ(kept->fields[0].description, "has no rate");
  ASSERT_EQ(kept->preconditions.size(), 1u);
  EXPECT_EQ(kept->preconditions[0].type, "FX");
  EXPECT_EQ(kept->preconditions[0].subject, "JPY");
  EXPECT_EQ(kept->preconditions[0].description, "has no rate");
  EXPECT_EQ(kept->resource, details.resource);
  EXPECT_EQ(kept->retry_after, details.retry_after);
}

TEST_F(OperationsTest, KeepsAnErrorWithoutDetails) {
  Insert(NewOperation("a"));
  ASSERT_TRUE(Claim("one"));
  ASSERT_TRUE(Finish("a", "one", OperationState::kFailed, absl::InternalError("oops")).ok());
  EXPECT_EQ(Get("a").error, absl::InternalError("oops"));
}

TEST_F(OperationsTest, AFinishedOneStaysAsItIs) {
  Insert(NewOperation("a"));
  ASSERT_TRUE(Claim("one"));
  EXPECT_TRUE(HasReason(In(&DeleteOperation, "a"), ErrorReason::kOperationRunning));
  ASSERT_TRUE(Finish("a", "one", OperationState::kSucceeded).ok());
  EXPECT_TRUE(In(&RequestCancel, "a").ok());
  EXPECT_FALSE(Get("a").cancel_requested);
  EXPECT_FALSE(Claim("two"));
  EXPECT_TRUE(In(&DeleteOperation, "a").ok());
  EXPECT_TRUE(HasReason(In(&GetOperation, "a").status(), ErrorReason::kResourceNotFound));
}

TEST_F(OperationsTest, AProgressOfAStepIsWrittenWithItOrNotAtAll) {
  Insert(NewOperation("a"));
  Operation operation = *Claim("one");
  operation.cursor = "later";
  EXPECT_FALSE(store_
                   ->Transact({},
                              [&](Transaction& tx) -> absl::Status {
                                KAM_RETURN_IF_ERROR(
                                    store::SaveProgress(tx, operation, "one").status());
                                return absl::InternalError("the step failed");
                              })
                   .ok());
  EXPECT_EQ(Get("a").cursor, "");
}

}  // namespace
}  // namespace kam::store
