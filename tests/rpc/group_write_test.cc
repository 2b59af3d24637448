// Calls executed together, through real gRPC on a real PostgreSQL; the method under test is one
// that keeps a row an account, written in this file.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "kam/v1/account_service.grpc.pb.h"
#include "model/error.h"
#include "rpc/pipeline/bound_service.h"
#include "store/engine/sqlstate.h"
#include "support/test_database.h"

namespace kam::rpc {
namespace {

using store::Fault;

class Ignored final : public CallObserver {
 public:
  std::unique_ptr<MethodObserver> Observe(absl::string_view, absl::string_view) override {
    class OfMethod final : public MethodObserver {
      void Started() override {}
      void Finished(const FinishedCall&) override {}
    };
    return std::make_unique<OfMethod>();
  }
};

// Refuses ids that begin with "no"; a duplicate id breaks a constraint that nobody expected.
class Kept {
 public:
  absl::Status Create(store::Transaction& tx,
                      absl::Span<GroupedCall<v1::CreateAccountRequest, v1::Account>> calls) {
    ++groups;
    largest = std::max<size_t>(largest, calls.size());
    std::vector<std::string> ids;
    for (auto& call : calls) {
      const std::string& id = call.request.account_id();
      if (id.substr(0, 2) == "no") {
        call.answer = NotFound(absl::StrCat("accounts/", id));
        continue;
      }
      ids.push_back(id);
      v1::Account account;
      account.set_name(absl::StrCat("accounts/", id));
      call.answer = account;
    }
    return tx.session()
        .Execute("INSERT INTO kept SELECT * FROM unnest(CAST(:ids AS text[]))", {ids})
        .status();
  }

  std::atomic<int> groups = 0;
  std::atomic<size_t> largest = 0;
};

class GroupWriteTest : public ::testing::Test {
 protected:
  GroupWriteTest() {
    database_.Sql("CREATE TABLE kept (id text PRIMARY KEY)");
    service_.Bind("CreateAccount", kept_, &Kept::Create);
    EXPECT_TRUE(service_.status().ok()) << service_.status();
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = v1::AccountService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  }
  ~GroupWriteTest() override {
    server_->Shutdown();
    server_->Wait();
  }

  grpc::Status Create(const std::string& id, const std::string& request_id = "",
                      bool validate_only = false) {
    v1::CreateAccountRequest request;
    request.set_account_id(id);
    request.set_request_id(request_id);
    request.set_validate_only(validate_only);
    request.mutable_account()->set_display_name("Account");
    request.mutable_account()->set_currency_code("USD");
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    v1::Account account;
    grpc::Status status = stub_->CreateAccount(&context, request, &account);
    if (status.ok()) {
      EXPECT_EQ(account.name(), absl::StrCat("accounts/", id));
    }
    return status;
  }
  // The calls at once; how each ended, in order.
  std::vector<grpc::Status> AtOnce(const std::vector<std::string>& ids,
                                   const std::string& request_id = "") {
    std::vector<std::future<grpc::Status>> calls;
    for (const std::string& id : ids) {
      calls.push_back(std::async(std::launch::async,
                                 [this, id, request_id] { return Create(id, request_id); }));
    }
    std::vector<grpc::Status> ended;
    for (auto& call : calls) ended.push_back(call.get());
    return ended;
  }
  std::string Count(const std::string& table) {
    return database_.Sql("SELECT count(*) FROM " + table);
  }
  // A lock that keeps groups from going on, so that calls come together behind them.
  class Blocked {
   public:
    explicit Blocked(const testing::TestDatabase& database)
        : store_(database.Open(1)), thread_([this] {
            store_
                ->Transact({},
                           [&](store::Transaction& tx) {
                             absl::Status locked =
                                 tx.session().Execute("LOCK TABLE kept", {}).status();
                             held_.set_value();
                             release_.get_future().wait();
                             return locked;
                           })
                .IgnoreError();
          }) {
      held_.get_future().wait();
    }
    ~Blocked() {
      release_.set_value();
      thread_.join();
    }

   private:
    std::unique_ptr<store::Store> store_;
    std::promise<void> held_;
    std::promise<void> release_;
    std::thread thread_;
  };

  testing::TestDatabase database_;
  std::mutex mutex_;
  std::vector<Fault> faults_;  // of the next transactions, the last one first
  std::unique_ptr<store::Store> store_ =
      database_.Open({.pool_size = 6, .fault = [this] {
                        const std::lock_guard<std::mutex> lock(mutex_);
                        if (faults_.empty()) return Fault::kNone;
                        const Fault fault = faults_.back();
                        faults_.pop_back();
                        return fault;
                      }});
  SystemClock clock_;
  Ignored ignored_;
  LoopbackAuthenticator authenticator_{Role::kAdmin};
  Kept kept_;
  Pipeline pipeline_{
      *store_, {.workers = 4, .queue_capacity = 256}, authenticator_, clock_, ignored_};
  BoundService service_{pipeline_, "kam.v1.AccountService"};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::AccountService::Stub> stub_;
};

TEST_F(GroupWriteTest, CallsThatComeTogetherAreDoneTogetherEachWithItsOwnVerdict) {
  std::vector<std::string> ids;
  for (int i = 0; i < 60; ++i) ids.push_back(absl::StrCat(i % 3 == 0 ? "no-" : "a-", i));
  std::vector<grpc::Status> ended;
  {
    std::thread together;
    {
      const Blocked blocked(database_);
      together = std::thread([&] { ended = AtOnce(ids); });
      std::this_thread::sleep_for(std::chrono::milliseconds(150));
    }
    together.join();
  }
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(ended[i].ok(), i % 3 != 0) << ids[i] << ": " << ended[i].error_message();
    if (i % 3 == 0) {
      EXPECT_EQ(ended[i].error_code(), grpc::StatusCode::NOT_FOUND);
    }
  }
  EXPECT_LT(kept_.groups, 20);
  EXPECT_GT(kept_.largest, 8U);
  EXPECT_EQ(Count("kept"), "40");
  EXPECT_EQ(Count("requests"), "40") << "a refused call may be repeated";
  EXPECT_EQ(Count("audit"), "40");
}

TEST_F(GroupWriteTest, ACallAloneIsAGroupOfOneAndADryRunKeepsNothing) {
  EXPECT_TRUE(Create("dry", "r-1", /*validate_only=*/true).ok());
  EXPECT_EQ(Count("kept"), "0");
  EXPECT_EQ(Count("requests"), "0");
  EXPECT_TRUE(Create("a", "r-1").ok());
  EXPECT_TRUE(Create("a", "r-1").ok()) << "replayed";
  EXPECT_FALSE(Create("b", "r-1").ok()) << "another body";
  EXPECT_FALSE(Create("no", "r-2").ok());
  EXPECT_TRUE(Create("b", "r-2").ok()) << "a refusal is not recorded";
  EXPECT_EQ(Count("kept"), "2");
  EXPECT_EQ(Count("audit"), "2");
}

TEST_F(GroupWriteTest, OneIdHasOneEffectHoweverManyCallsComeTogether) {
  for (int round = 0; round < 10; ++round) {
    const std::string id = absl::StrCat("twin-", round);
    for (const grpc::Status& status : AtOnce(std::vector<std::string>(12, id), id)) {
      EXPECT_TRUE(status.ok()) << status.error_message();
    }
  }
  EXPECT_EQ(Count("kept"), "10");
  EXPECT_EQ(Count("audit"), "10");
}

TEST_F(GroupWriteTest, WhatBreaksAGroupBreaksOnlyItsOwnCall) {
  database_.Sql("INSERT INTO kept VALUES ('taken')");
  std::vector<std::string> ids = {"taken"};
  for (int i = 0; i < 30; ++i) ids.push_back(absl::StrCat("a-", i));
  for (int round = 0; round < 3; ++round) {
    for (std::string& id : ids) {
      if (id != "taken") id += "x";
    }
    const std::vector<grpc::Status> ended = AtOnce(ids);
    EXPECT_FALSE(ended[0].ok());
    for (size_t i = 1; i < ended.size(); ++i) {
      EXPECT_TRUE(ended[i].ok()) << ids[i] << ": " << ended[i].error_message();
    }
  }
  EXPECT_EQ(Count("kept"), "91");
  EXPECT_EQ(Count("audit"), "90");
}

TEST_F(GroupWriteTest, AGroupWhoseCommitGotNoAnswerIsResolvedCallByCall) {
  for (const Fault fault : {Fault::kReplyLost, Fault::kLostBeforeReply}) {
    std::vector<std::string> ids;
    const auto before = std::stoi(Count("kept"));
    for (int i = 0; i < 20; ++i) ids.push_back(absl::StrCat("a-", static_cast<int>(fault), "-", i));
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      faults_.assign(3, fault);
    }
    for (const grpc::Status& status : AtOnce(ids)) {
      EXPECT_TRUE(status.ok()) << status.error_message();
    }
    EXPECT_EQ(Count("kept"), std::to_string(before + 20));
  }
  EXPECT_EQ(Count("audit"), "40");
}

}  // namespace
}  // namespace kam::rpc
