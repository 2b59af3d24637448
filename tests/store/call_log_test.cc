#include "store/calls/call_log.h"

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "gtest/gtest.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using testing::TestDatabase;

constexpr char kPrincipal[] = "spiffe://test/billing";
constexpr char kMethod[] = "/kam.v1.AccountService/CreateAccount";

class CallLogTest : public ::testing::Test {
 protected:
  // Claims, and records `response` when the claim is new; answers what was recorded before.
  absl::StatusOr<std::optional<RecordedCall>> Call(const std::string& id, const std::string& hash,
                                                   const std::string& response,
                                                   TransactOptions options = {}) {
    std::optional<RecordedCall> before;
    KAM_RETURN_IF_ERROR(store_->Transact(options, [&](Transaction& tx) -> absl::Status {
      KAM_ASSIGN_OR_RETURN(before, tx.calls().ClaimRequest(kPrincipal, kMethod, id, hash));
      if (before) return absl::OkStatus();
      return tx.calls().RecordResponse(kPrincipal, kMethod, id, response);
    }));
    return before;
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

TEST_F(CallLogTest, AnswersARepeatedRequestWithTheFirstResponse) {
  const std::string hash("\x00\xff\x27hash", 7);
  const std::string response("\x0a\x00\xfe\\x", 5);
  auto first = Call("id-1", hash, response);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(first->has_value());
  auto second = Call("id-1", "other", "never recorded");
  ASSERT_TRUE(second.ok());
  ASSERT_TRUE(second->has_value());
  EXPECT_EQ((*second)->request_hash, hash);
  EXPECT_EQ((*second)->response, response);
}

TEST_F(CallLogTest, ARolledBackClaimIsFree) {
  EXPECT_FALSE(
      store_
          ->Transact({},
                     [&](Transaction& tx) -> absl::Status {
                       KAM_RETURN_IF_ERROR(
                           tx.calls().ClaimRequest(kPrincipal, kMethod, "id-1", "h").status());
                       return absl::CancelledError("no");
                     })
          .ok());
  auto again = Call("id-1", "h", "r");
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(again->has_value());
}

TEST_F(CallLogTest, WaitsForAClaimUnderWayAtEveryIsolation) {
  for (const Isolation isolation :
       {Isolation::kReadCommitted, Isolation::kRepeatableRead, Isolation::kSerializable}) {
    const std::string id = "id-" + std::to_string(static_cast<int>(isolation));
    absl::Notification claimed;
    std::thread first([&] {
      EXPECT_TRUE(
          store_
              ->Transact({},
                         [&](Transaction& tx) -> absl::Status {
                           KAM_RETURN_IF_ERROR(
                               tx.calls().ClaimRequest(kPrincipal, kMethod, id, "h").status());
                           if (!claimed.HasBeenNotified()) claimed.Notify();
                           absl::SleepFor(absl::Milliseconds(200));
                           return tx.calls().RecordResponse(kPrincipal, kMethod, id, "r");
                         })
              .ok());
    });
    claimed.WaitForNotification();
    auto second = Call(id, "h", "second", {.isolation = isolation});
    first.join();
    ASSERT_TRUE(second.ok()) << second.status();
    ASSERT_TRUE(second->has_value()) << "done twice";
    EXPECT_EQ((*second)->response, "r");
  }
}

TEST_F(CallLogTest, RecordsNoResponseWithoutAClaim) {
  EXPECT_FALSE(store_
                   ->Transact({},
                              [](Transaction& tx) {
                                return tx.calls().RecordResponse(kPrincipal, kMethod, "id", "r");
                              })
                   .ok());
}

TEST_F(CallLogTest, PrunesOldClaimsOnly) {
  ASSERT_TRUE(Call("old", "h", "r").ok());
  database_.Sql("UPDATE requests SET create_time = now() - interval '2 hours'");
  ASSERT_TRUE(Call("new", "h", "r").ok());
  ASSERT_TRUE(store_
                  ->Transact({},
                             [](Transaction& tx) -> absl::Status {
                               KAM_ASSIGN_OR_RETURN(const int64_t pruned,
                                                    tx.calls().PruneRequests(absl::Hours(1)));
                               EXPECT_EQ(pruned, 1);
                               return absl::OkStatus();
                             })
                  .ok());
  EXPECT_EQ(database_.Sql("SELECT string_agg(request_id, ',') FROM requests"), "new");
}

TEST_F(CallLogTest, AuditsAlsoWhatPostgresCannotKeep) {
  ASSERT_TRUE(store_
                  ->Transact({},
                             [](Transaction& tx) {
                               return tx.calls().Audit({.principal = "p",
                                                        .method = kMethod,
                                                        .peer = "ipv4:127.0.0.1",
                                                        .request_id = std::string("a\0b", 3),
                                                        .resource = "accounts/acme",
                                                        .outcome = "INVALID_ARGUMENT",
                                                        .detail = "it's"});
                             })
                  .ok());
  EXPECT_EQ(database_.Sql("SELECT request_id || resource || detail FROM audit"),
            "a?baccounts/acmeit's");
}

TEST_F(CallLogTest, StampsChangesWithTheirTransaction) {
  ASSERT_TRUE(store_
                  ->Transact({},
                             [](Transaction& tx) -> absl::Status {
                               KAM_RETURN_IF_ERROR(
                                   tx.calls().AppendChange("budget.updated", "", "budgets/b"));
                               KAM_RETURN_IF_ERROR(
                                   tx.calls().AppendAccountChanges("orders.recorded", {}));
                               return tx.calls().AppendAccountChanges(
                                   "orders.recorded", std::vector<std::string>{"acme", "zeta"});
                             })
                  .ok());
  EXPECT_EQ(database_.Sql("SELECT string_agg(kind || ' ' || resource, ', ' ORDER BY seq) "
                          "FROM changes"),
            "budget.updated budgets/b, orders.recorded accounts/acme, "
            "orders.recorded accounts/zeta");
  EXPECT_EQ(database_.Sql("SELECT count(DISTINCT xid) FROM changes"), "1");
}

}  // namespace
}  // namespace kam::store
