#include "store/calls/requests.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/changes/change.h"
#include "store/calls/audit.h"
#include "store/changes/change_log.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using ::testing::ElementsAre;
using State = ClaimOutcome::State;

constexpr char kPrincipal[] = "spiffe://test/billing";
constexpr char kMethod[] = "/kam.v1.AccountService/CreateAccount";

RequestClaim ClaimOf(absl::string_view id, absl::string_view hash) {
  return {.principal = kPrincipal, .method = kMethod, .request_id = id, .hash = hash};
}

class RequestsTest : public ::testing::Test {
 protected:
  absl::Status Do(absl::FunctionRef<absl::Status(Transaction&)> body,
                  const TransactOptions& options = {}) {
    return store_->Transact(options, body);
  }

  // Claims, and records `response` when the claim is new.
  absl::StatusOr<ClaimOutcome> Call(absl::string_view id, absl::string_view hash,
                                    absl::string_view response,
                                    const TransactOptions& options = {}) {
    ClaimOutcome outcome;
    const RequestClaim claim = ClaimOf(id, hash);
    KAM_RETURN_IF_ERROR(Do(
        [&](Transaction& tx) -> absl::Status {
          KAM_ASSIGN_OR_RETURN(std::vector<ClaimOutcome> outcomes,
                               ClaimRequests(tx, {&claim, 1}, /*wait=*/true));
          outcome = std::move(outcomes[0]);
          if (outcome.state != State::kClaimed) return absl::OkStatus();
          return Record(tx, claim, response);
        },
        options));
    return outcome;
  }

  static absl::Status Record(Transaction& tx, const RequestClaim& claim,
                             absl::string_view response) {
    const AnsweredCall answered{
        .claim = claim, .response = response, .peer = "ipv4:127.0.0.1", .resource = "accounts/a"};
    return RecordCalls(tx, {&answered, 1});
  }

  testing::TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

TEST_F(RequestsTest, ARepeatedRequestIsAnsweredWithTheFirstResponse) {
  const std::string hash("\x00\xff\x27hash", 7);
  const std::string response("\x0a\x00\xfe\\x", 5);
  const auto first = Call("id-1", hash, response);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->state, State::kClaimed);
  const auto second = Call("id-1", "other", "never recorded");
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->state, State::kRecorded);
  EXPECT_EQ(second->request_hash, hash);
  EXPECT_EQ(second->response, response);
  EXPECT_EQ(database_.Sql("SELECT string_agg(request_id || ' ' || resource || ' ' || outcome, ',') "
                          "FROM audit"),
            "id-1 accounts/a OK");
}

TEST_F(RequestsTest, ManyAreClaimedTogetherEachWithItsOwnOutcome) {
  ASSERT_TRUE(Call("b", "hash-b", "answer-b").ok());
  const RequestClaim held = ClaimOf("c", "h");
  const absl::Status status = Do([&](Transaction& holder) -> absl::Status {
    KAM_RETURN_IF_ERROR(ClaimRequests(holder, {&held, 1}, /*wait=*/false).status());
    return Do([&](Transaction& tx) -> absl::Status {
      const std::vector<RequestClaim> claims = {ClaimOf("d", "h"), ClaimOf("c", "h"),
                                                ClaimOf("b", "h"), ClaimOf("a", "h")};
      KAM_ASSIGN_OR_RETURN(const std::vector<ClaimOutcome> outcomes,
                           ClaimRequests(tx, claims, /*wait=*/false));
      std::vector<State> states;
      for (const ClaimOutcome& outcome : outcomes) states.push_back(outcome.state);
      EXPECT_THAT(states,
                  ElementsAre(State::kClaimed, State::kBusy, State::kRecorded, State::kClaimed));
      EXPECT_EQ(outcomes[2].response, "answer-b");
      const std::vector<RequestClaim> refused = {claims[0]};
      KAM_RETURN_IF_ERROR(ReleaseClaims(tx, refused));
      return Record(tx, claims[3], "answer-a");
    });
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(database_.Sql("SELECT string_agg(request_id || ' ' || convert_from(response, 'UTF8'), "
                          "', ' ORDER BY request_id) FROM requests"),
            "a answer-a, b answer-b, c ");
}

TEST_F(RequestsTest, ARolledBackClaimIsFree) {
  const RequestClaim claim = ClaimOf("id-1", "h");
  EXPECT_FALSE(Do([&](Transaction& tx) -> absl::Status {
                 KAM_RETURN_IF_ERROR(ClaimRequests(tx, {&claim, 1}, /*wait=*/true).status());
                 return absl::CancelledError("no");
               }).ok());
  const auto again = Call("id-1", "h", "r");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->state, State::kClaimed);
}

TEST_F(RequestsTest, WaitsForAClaimUnderWayAtEveryIsolation) {
  for (const Isolation isolation :
       {Isolation::kReadCommitted, Isolation::kRepeatableRead, Isolation::kSerializable}) {
    const std::string id = absl::StrCat("id-", static_cast<int>(isolation));
    const RequestClaim claim = ClaimOf(id, "h");
    absl::Notification claimed;
    std::thread first([&] {
      const absl::Status status = Do([&](Transaction& tx) -> absl::Status {
        KAM_RETURN_IF_ERROR(ClaimRequests(tx, {&claim, 1}, /*wait=*/true).status());
        if (!claimed.HasBeenNotified()) claimed.Notify();
        absl::SleepFor(absl::Milliseconds(200));
        return Record(tx, claim, "r");
      });
      EXPECT_TRUE(status.ok()) << status;
    });
    claimed.WaitForNotification();
    const auto second = Call(id, "h", "second", {.isolation = isolation});
    first.join();
    ASSERT_TRUE(second.ok()) << second.status();
    ASSERT_EQ(second->state, State::kRecorded) << "done twice";
    EXPECT_EQ(second->response, "r");
  }
}

TEST_F(RequestsTest, OnlyOldClaimsArePruned) {
  ASSERT_TRUE(Call("old", "h", "r").ok());
  database_.Sql("UPDATE requests SET create_time = now() - interval '2 hours'");
  ASSERT_TRUE(Call("new", "h", "r").ok());
  const absl::Status status = Do([](Transaction& tx) -> absl::Status {
    KAM_ASSIGN_OR_RETURN(const int64_t pruned, PruneRequests(tx, absl::Hours(1)));
    EXPECT_EQ(pruned, 1);
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(database_.Sql("SELECT string_agg(request_id, ',') FROM requests"), "new");
}

TEST_F(RequestsTest, WhatPostgresCannotKeepIsAuditedToo) {
  const AuditEntry entry{.principal = "p",
                         .method = kMethod,
                         .peer = "ipv4:127.0.0.1",
                         .request_id = std::string("a\0b", 3),
                         .resource = "accounts/acme",
                         .outcome = "INVALID_ARGUMENT",
                         .detail = "it's"};
  ASSERT_TRUE(Do([&](Transaction& tx) { return AppendAudit(tx, {&entry, 1}); }).ok());
  EXPECT_EQ(database_.Sql("SELECT request_id || resource || detail FROM audit"),
            "a?baccounts/acmeit's");
}

TEST_F(RequestsTest, ChangesAreStampedWithTheirTransaction) {
  const std::vector<Change> changes = {{.kind = ChangeKind::kBudgetAdjusted,
                                        .resource = "budgets/b",
                                        .account_id = "",
                                        .version = 2},
                                       {.kind = ChangeKind::kOrderRecorded,
                                        .resource = "accounts/acme/orders/1",
                                        .account_id = "acme",
                                        .version = 1}};
  ASSERT_TRUE(Do([&](Transaction& tx) { return AppendChanges(tx, changes); }).ok());
  EXPECT_EQ(database_.Sql("SELECT string_agg(concat_ws(' ', kind, account_id, resource, version), "
                          "', ' ORDER BY seq) FROM changes"),
            "budget.adjusted  budgets/b 2, order.recorded acme accounts/acme/orders/1 1");
  EXPECT_EQ(database_.Sql("SELECT count(DISTINCT xid) FROM changes"), "1");
}

}  // namespace
}  // namespace kam::store
