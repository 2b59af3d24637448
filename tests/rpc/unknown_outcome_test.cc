// What becomes of a call whose commit got no answer, through real gRPC on a real PostgreSQL.
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "app/parts.h"
#include "base/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "kam/v1/account_service.grpc.pb.h"
#include "model/error.h"
#include "rpc/pipeline/bindings.h"
#include "rpc/pipeline/pipeline.h"
#include "store/engine/sqlstate.h"
#include "support/test_database.h"

namespace kam::rpc {
namespace {

using store::Fault;

// What goes wrong with the next writing transactions, in this order; those after them are sound.
class Faults {
 public:
  void Expect(std::deque<Fault> faults) {
    absl::MutexLock lock(&mutex_);
    faults_ = std::move(faults);
  }
  Fault Next() {
    absl::MutexLock lock(&mutex_);
    if (faults_.empty()) return Fault::kNone;
    const Fault fault = faults_.front();
    faults_.pop_front();
    return fault;
  }

 private:
  absl::Mutex mutex_;
  std::deque<Fault> faults_ ABSL_GUARDED_BY(mutex_);
};

// Keeps how the last call ended, as the service meant it.
class LastStatus final : public CallObserver {
 public:
  std::unique_ptr<MethodObserver> Observe(absl::string_view, absl::string_view) override {
    return std::make_unique<OfMethod>(*this);
  }
  absl::Status Get() {
    absl::MutexLock lock(&mutex_);
    return status_;
  }

 private:
  class OfMethod final : public MethodObserver {
   public:
    explicit OfMethod(LastStatus& last) : last_(last) {}
    void Started() override {}
    void Finished(const FinishedCall& call) override {
      absl::MutexLock lock(&last_.mutex_);
      last_.status_ = call.status;
    }

   private:
    LastStatus& last_;
  };

  absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

class UnknownOutcomeTest : public ::testing::Test {
 protected:
  UnknownOutcomeTest() {
    EXPECT_TRUE(services_.ok()) << services_.status();
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    for (const auto& service : *services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    stub_ = v1::AccountService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  }
  ~UnknownOutcomeTest() override {
    server_->Shutdown();
    server_->Wait();
  }

  // How the server answered the creation of an account.
  absl::Status Create(absl::Duration timeout = absl::Seconds(20)) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    v1::CreateAccountRequest request;
    request.set_account_id("acme");
    request.mutable_account()->set_display_name("Acme");
    request.mutable_account()->set_currency_code("USD");
    v1::Account account;
    stub_->CreateAccount(&context, request, &account);
    return last_.Get();
  }
  std::string Accounts() { return database_.Sql("SELECT count(*) FROM accounts"); }

  testing::TestDatabase database_;
  Faults faults_;
  std::unique_ptr<store::Store> store_ =
      database_.Open({.pool_size = 4, .fault = [this] { return faults_.Next(); }});
  SystemClock clock_;
  LastStatus last_;
  LoopbackAuthenticator authenticator_{Role::kAdmin};
  app::Parts parts_{app::Settings(), *store_, clock_};
  Pipeline pipeline_{*store_, {.workers = 2, .queue_capacity = 16}, authenticator_, clock_, last_};
  absl::StatusOr<std::vector<std::unique_ptr<grpc::Service>>> services_ =
      BindServices(pipeline_, parts_.services());
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::AccountService::Stub> stub_;
};

TEST_F(UnknownOutcomeTest, ACommitThatHappenedIsAnsweredOnceTheDatabaseIsBack) {
  faults_.Expect({Fault::kReplyLost, Fault::kAway, Fault::kAway});
  EXPECT_TRUE(Create().ok()) << last_.Get();
  EXPECT_EQ(Accounts(), "1");
}

TEST_F(UnknownOutcomeTest, ACommitThatDidNotHappenIsDoneAgainOnceTheDatabaseIsBack) {
  faults_.Expect({Fault::kLostBeforeReply, Fault::kAway});
  EXPECT_TRUE(Create().ok()) << last_.Get();
  EXPECT_EQ(Accounts(), "1");
}

TEST_F(UnknownOutcomeTest, ADatabaseThatStaysAwayIsNoReasonToDenyTheEffect) {
  faults_.Expect(std::deque<Fault>(1000, Fault::kAway));
  const absl::Status away = Create(absl::Seconds(1));
  EXPECT_TRUE(HasReason(away, ErrorReason::kDatabaseUnavailable)) << away;

  std::deque<Fault> faults(1000, Fault::kAway);
  faults.push_front(Fault::kReplyLost);
  faults_.Expect(std::move(faults));
  EXPECT_FALSE(Create(absl::Seconds(1)).ok());
  const absl::Time end = absl::Now() + absl::Seconds(10);  // the caller may have left before
  while (!HasReason(last_.Get(), ErrorReason::kOutcomeUnknown) && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_TRUE(HasReason(last_.Get(), ErrorReason::kOutcomeUnknown)) << last_.Get();
  EXPECT_EQ(Accounts(), "1");
}

}  // namespace
}  // namespace kam::rpc
