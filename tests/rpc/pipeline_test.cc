// The steps around every call, provoked through real gRPC on a real PostgreSQL.
#include "rpc/pipeline/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/client_context.h"
#include "kam/v1/account_service.grpc.pb.h"
#include "kam/v1/criteria_service.grpc.pb.h"
#include "kam/v1/history_service.grpc.pb.h"
#include "kam/v1/options.pb.h"
#include "re2/re2.h"
#include "rpc/pipeline/bindings.h"
#include "rpc/pipeline/digest.h"
#include "rpc/raw_call.h"
#include "rpc/test_server.h"
#include "store/calls/requests.h"

namespace kam::rpc {
namespace {

using ::kam::testing::FieldsOf;
using ::kam::testing::ReasonOf;
using ::kam::testing::TestServer;
using ::testing::UnorderedElementsAre;

v1::CreateAccountRequest NewAccount(const std::string& id, const std::string& request_id = "") {
  v1::CreateAccountRequest request;
  request.set_account_id(id);
  request.set_request_id(request_id);
  request.mutable_account()->set_display_name(absl::StrCat("Account ", id));
  request.mutable_account()->set_currency_code("USD");
  return request;
}

class Accounts {
 public:
  explicit Accounts(TestServer& server) : stub_(v1::AccountService::NewStub(server.channel())) {}

  grpc::Status Create(const v1::CreateAccountRequest& request, v1::Account* account = nullptr,
                      absl::Duration timeout = absl::Seconds(10)) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    v1::Account ignored;
    return stub_->CreateAccount(&context, request, account == nullptr ? &ignored : account);
  }

  grpc::Status Get(const std::string& name, v1::Account* account = nullptr) {
    grpc::ClientContext context;
    v1::GetAccountRequest request;
    request.set_name(name);
    v1::Account ignored;
    return stub_->GetAccount(&context, request, account == nullptr ? &ignored : account);
  }

 private:
  std::unique_ptr<v1::AccountService::Stub> stub_;
};

TEST(PipelineTest, ARepeatedRequestAnswersTheFirstResponse) {
  TestServer server;
  Accounts accounts(server);
  v1::Account first;
  v1::Account second;
  ASSERT_TRUE(accounts.Create(NewAccount("acme", "r-1"), &first).ok());
  ASSERT_TRUE(accounts.Create(NewAccount("acme", "r-1"), &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_TRUE(server.calls().back().replayed);
  EXPECT_EQ(server.database().Sql("SELECT count(*) FROM accounts"), "1");
  EXPECT_EQ(server.database().Sql("SELECT count(*) FROM audit"), "1");
}

TEST(PipelineTest, ARequestIdWithAnotherBodyIsRefused) {
  TestServer server;
  Accounts accounts(server);
  ASSERT_TRUE(accounts.Create(NewAccount("acme", "r-1")).ok());
  const grpc::Status status = accounts.Create(NewAccount("other", "r-1"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "REQUEST_ID_REUSED");
  EXPECT_EQ(accounts.Get("accounts/other").error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(PipelineTest, AFailedRequestMayBeRepeatedUnderItsId) {
  TestServer server;
  Accounts accounts(server);
  v1::CreateAccountRequest child = NewAccount("child", "r-1");
  child.mutable_account()->set_parent_account("accounts/parent");
  EXPECT_FALSE(accounts.Create(child).ok());
  ASSERT_TRUE(accounts.Create(NewAccount("parent")).ok());
  EXPECT_TRUE(accounts.Create(child).ok()) << "the failure must not have been recorded";
}

TEST(PipelineTest, TwoAtOnceUnderOneIdHaveOneEffect) {
  TestServer server;
  Accounts accounts(server);
  for (int round = 0; round < 20; ++round) {
    const v1::CreateAccountRequest request =
        NewAccount(absl::StrCat("twin-", round), absl::StrCat("r-", round));
    auto other = std::async(std::launch::async, [&] { return accounts.Create(request); });
    const grpc::Status mine = accounts.Create(request);
    const grpc::Status theirs = other.get();
    EXPECT_TRUE(mine.ok()) << mine.error_message();
    EXPECT_TRUE(theirs.ok()) << theirs.error_message();
  }
  EXPECT_EQ(server.database().Sql("SELECT count(*) FROM accounts"), "20");
}

TEST(PipelineTest, ValidateOnlyKeepsNothing) {
  TestServer server;
  Accounts accounts(server);
  v1::CreateAccountRequest request = NewAccount("acme", "r-1");
  request.set_validate_only(true);
  v1::Account account;
  ASSERT_TRUE(accounts.Create(request, &account).ok());
  EXPECT_EQ(account.name(), "accounts/acme");
  for (const char* table : {"accounts", "requests", "audit", "changes"}) {
    EXPECT_EQ(server.database().Sql(absl::StrCat("SELECT count(*) FROM ", table)), "0") << table;
  }
}

TEST(PipelineTest, NamesEveryViolationBeforeAnyWork) {
  TestServer server;
  Accounts accounts(server);
  v1::CreateAccountRequest request = NewAccount("Not An Id");
  request.mutable_account()->clear_display_name();
  request.mutable_account()->set_currency_code("EURO");
  const grpc::Status status = accounts.Create(request);
  EXPECT_EQ(ReasonOf(status), "INVALID_FIELDS");
  EXPECT_THAT(FieldsOf(status),
              UnorderedElementsAre("account_id", "account.display_name", "account.currency_code"));
  EXPECT_EQ(server.database().Sql("SELECT count(*) FROM requests"), "0");
}

TEST(PipelineTest, PermissionIsCheckedBeforeExistenceAndTheRefusalIsAudited) {
  app::Settings settings;
  settings.local_role = Role::kViewer;
  TestServer server(settings);
  Accounts accounts(server);
  const grpc::Status status = accounts.Create(NewAccount("Bad Id As Well"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(status), "PERMISSION_DENIED");
  EXPECT_EQ(accounts.Get("accounts/none").error_code(), grpc::StatusCode::NOT_FOUND);
  std::string outcome;
  for (int i = 0; i < 100 && outcome.empty(); ++i) {
    outcome = server.database().Sql("SELECT outcome FROM audit");
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_EQ(outcome, "PERMISSION_DENIED");
}

TEST(PipelineTest, EveryWriteLeavesAnAuditLineWithTheChange) {
  TestServer server;
  Accounts accounts(server);
  ASSERT_TRUE(accounts.Create(NewAccount("acme", "r-1")).ok());
  EXPECT_FALSE(accounts.Create(NewAccount("acme", "r-2")).ok());
  EXPECT_EQ(
      server.database().Sql("SELECT string_agg(principal || ' ' || method || ' ' || "
                            "request_id || ' ' || resource || ' ' || outcome, ';') FROM audit"),
      "local /kam.v1.AccountService/CreateAccount r-1 accounts/acme OK");
}

// Holds the claim of a request id in a transaction of its own: a call under that id waits.
class HeldClaim {
 public:
  HeldClaim(const TestServer& server, const std::string& request_id)
      : store_(server.database().Open(1)), thread_([this, request_id] { Hold(request_id); }) {
    held_.get_future().wait();
  }
  ~HeldClaim() { Release(); }

  void Release() {
    if (!thread_.joinable()) return;
    release_.set_value();
    thread_.join();
  }

 private:
  void Hold(const std::string& request_id) {
    const auto hold = [&](store::Transaction& tx) -> absl::Status {
      const store::RequestClaim claim{.principal = "local",
                                      .method = "/kam.v1.AccountService/CreateAccount",
                                      .request_id = request_id,
                                      .hash = "hash"};
      const auto outcome = store::ClaimRequests(tx, {&claim, 1}, /*wait=*/true);
      EXPECT_TRUE(outcome.ok()) << outcome.status();
      held_.set_value();
      release_.get_future().wait();
      return absl::CancelledError("the claim is given up");
    };
    store_->Transact({.deadline = Deadline::After(absl::Seconds(20))}, hold).IgnoreError();
  }

  std::unique_ptr<store::Store> store_;
  std::promise<void> held_;
  std::promise<void> release_;
  std::thread thread_;
};

TEST(PipelineTest, ShedsAtOnceWhenTheQueueIsFullAndDoesNoWork) {
  app::Settings settings;
  settings.workers = 1;
  settings.queue_capacity = 1;
  TestServer server(settings);
  Accounts accounts(server);
  HeldClaim claim(server, "busy");
  // The first occupies the worker, waiting for the claim; the second the queue; the third is shed.
  auto first =
      std::async(std::launch::async, [&] { return accounts.Create(NewAccount("a", "busy")); });
  absl::SleepFor(absl::Milliseconds(200));
  auto second = std::async(std::launch::async, [&] { return accounts.Create(NewAccount("b")); });
  absl::SleepFor(absl::Milliseconds(200));
  const absl::Time before = absl::Now();
  const grpc::Status third = accounts.Create(NewAccount("c"));
  EXPECT_LT(absl::Now() - before, absl::Seconds(2)) << "shedding must not wait for the worker";
  EXPECT_EQ(third.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(third), "OVERLOADED");
  claim.Release();
  EXPECT_TRUE(first.get().ok());
  EXPECT_TRUE(second.get().ok());
  EXPECT_EQ(accounts.Get("accounts/c").error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(PipelineTest, ADeadlineEndsTheCallAndLeavesNothing) {
  TestServer server;
  Accounts accounts(server);
  HeldClaim claim(server, "slow");
  const grpc::Status status =
      accounts.Create(NewAccount("late", "slow"), nullptr, absl::Milliseconds(300));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  claim.Release();
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_EQ(server.database().Sql("SELECT count(*) FROM accounts"), "0");
}

TEST(PipelineTest, ARequestThatIsNoSuchMessageIsRefusedAndObserved) {
  TestServer server;
  for (const std::string& bytes : {std::string("\xff\xff\xff"),
                                   std::string("\x0a\x05"
                                               "abc"),
                                   std::string("\x0a\x02\xc3\x28")}) {
    const grpc::Status status =
        testing::RawCall(server.channel(), "/kam.v1.AccountService/GetAccount", bytes);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(ReasonOf(status), "INVALID_FIELDS");
  }
  EXPECT_EQ(server.calls().size(), 3U);
}

TEST(PipelineTest, ACompressedMessageIsRefusedBeforeItIsInflated) {
  TestServer server;
  const auto stub = v1::AccountService::NewStub(server.channel());
  for (const grpc_compression_algorithm algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    grpc::ClientContext context;
    context.set_compression_algorithm(algorithm);
    v1::GetAccountRequest request;
    request.set_name("accounts/" + std::string(100'000, 'a'));
    v1::Account account;
    const grpc::Status status = stub->GetAccount(&context, request, &account);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
  }
  EXPECT_TRUE(server.calls().empty());
}

// Holds the row lock of an account.
TEST(PipelineTest, CallersOfOneLockedAccountLeaveTheOthersAlone) {
  TestServer server;
  Accounts accounts(server);
  ASSERT_TRUE(accounts.Create(NewAccount("locked")).ok());
  ASSERT_TRUE(accounts.Create(NewAccount("free")).ok());
  const auto holder = server.database().Open(1);
  std::promise<void> held;
  std::promise<void> release;
  std::thread holding([&] {
    holder
        ->Transact({},
                   [&](store::Transaction& tx) -> absl::Status {
                     EXPECT_TRUE(tx.session()
                                     .Query("SELECT 1 FROM accounts WHERE account_id = 'locked' "
                                            "FOR UPDATE",
                                            {})
                                     .ok());
                     held.set_value();
                     release.get_future().wait();
                     return absl::OkStatus();
                   })
        .IgnoreError();
  });
  held.get_future().wait();
  const auto stub = v1::AccountService::NewStub(server.channel());
  const auto remove = [&stub](const std::string& name) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    v1::DeleteAccountRequest request;
    request.set_name(name);
    v1::Account account;
    return stub->DeleteAccount(&context, request, &account);
  };
  std::vector<std::future<grpc::Status>> stuck;
  const auto history = v1::HistoryService::NewStub(server.channel());
  const auto record = [&history](const std::string& account, int order) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    v1::RecordOrdersRequest request;
    v1::Order& row = *request.add_orders();
    row.set_name(absl::StrCat(account, "/orders/", order));
    row.mutable_order_time()->set_seconds(1'000'000);
    row.mutable_list_amount()->set_currency_code("USD");
    row.mutable_net_amount()->set_currency_code("USD");
    row.set_status(v1::Order::STATUS_COMPLETED);
    v1::RecordOrdersResponse response;
    return history->RecordOrders(&context, request, &response);
  };
  for (int i = 0; i < 5; ++i) {
    stuck.push_back(std::async(std::launch::async, remove, "accounts/locked"));
    stuck.push_back(std::async(std::launch::async, record, "accounts/locked", i));
  }
  absl::SleepFor(absl::Milliseconds(100));
  // As long as they wait, calls of the same method, other methods and reads go through at once.
  const absl::Time before = absl::Now();
  for (int i = 0; i < 5; ++i) {
    const grpc::Status recorded = record("accounts/free", i);
    EXPECT_TRUE(recorded.ok()) << recorded.error_message();
  }
  EXPECT_TRUE(remove("accounts/free").ok());
  EXPECT_TRUE(accounts.Create(NewAccount("new")).ok());
  EXPECT_TRUE(accounts.Get("accounts/locked").ok());
  EXPECT_LT(absl::Now() - before, absl::Milliseconds(800));
  for (auto& call : stuck) {
    const grpc::Status status = call.get();
    EXPECT_EQ(ReasonOf(status), "CONFLICT") << status.error_message();
  }
  release.set_value();
  holding.join();
}

TEST(PipelineTest, RefusalsInGreatNumbersAreAuditedAsANumber) {
  app::Settings settings;
  settings.local_role = Role::kViewer;
  TestServer server(settings);
  Accounts accounts(server);
  constexpr int kRefused = 5000;
  for (int i = 0; i < kRefused; ++i) {
    EXPECT_FALSE(accounts.Create(NewAccount("acme")).ok());
  }
  std::string sum;
  for (int i = 0; i < 200 && sum != std::to_string(kRefused); ++i) {
    absl::SleepFor(absl::Milliseconds(50));
    sum = server.database().Sql("SELECT coalesce(sum(calls), 0) FROM audit");
  }
  EXPECT_EQ(sum, std::to_string(kRefused));
  EXPECT_LT(std::stoi(server.database().Sql("SELECT count(*) FROM audit")), 300);
}

// Tokens as they can be made without the secret: of any bytes, and by the way they were sealed
// before there was one.
std::vector<std::string> ForgedTokens(const google::protobuf::Message& request) {
  std::vector<std::string> tokens = {"x", "AAAA", "bm90IG91cnMgYXQgYWxsLCBzb3JyeQ"};
  for (const std::string& key : {std::string("a\0b", 3), std::string("\xff\xfe"),
                                 std::string("9223372036854775807"), std::string("acme")}) {
    const std::string sealed = Sha256(absl::StrCat(request.GetDescriptor()->full_name(), "\n", key,
                                                   "\n", DeterministicBytes(request)));
    tokens.push_back(absl::WebSafeBase64Escape(sealed.substr(0, 12) + key));
    tokens.push_back(absl::WebSafeBase64Escape(sealed.substr(0, 16) + key));
    tokens.push_back(absl::WebSafeBase64Escape(key));
  }
  return tokens;
}

TEST(PipelineTest, NoListTakesATokenThatIsNotOurs) {
  TestServer server;
  int lists = 0;
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const char* name : kServiceNames) {
    const auto& service = *pool->FindServiceByName(name);
    for (int i = 0; i < service.method_count(); ++i) {
      const auto& type = *service.method(i)->input_type();
      const auto* token = type.FindFieldByName("page_token");
      if (token == nullptr) continue;
      ++lists;
      const std::unique_ptr<google::protobuf::Message> request(
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
      if (const auto* parent = type.FindFieldByName("parent"); parent != nullptr) {
        std::string pattern = parent->options().GetExtension(v1::rules).resource();
        pattern = pattern.substr(0, pattern.find(" | "));
        RE2::GlobalReplace(&pattern, "\\{[a-z_]+\\}", "1");
        request->GetReflection()->SetString(request.get(), parent, pattern);
      }
      for (const std::string& forged : ForgedTokens(*request)) {
        request->GetReflection()->SetString(request.get(), token, forged);
        const grpc::Status status = testing::RawCall(
            server.channel(), absl::StrCat("/", name, "/", service.method(i)->name()),
            request->SerializeAsString());
        EXPECT_EQ(ReasonOf(status), "INVALID_PAGE_TOKEN")
            << service.method(i)->full_name() << " " << request->ShortDebugString() << ": "
            << status.error_message();
      }
    }
  }
  EXPECT_GE(lists, 12);
}

}  // namespace
}  // namespace kam::rpc
