#include "rpc/test_server.h"

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace kam::testing {
namespace {

template <typename Detail>
bool FindDetail(const grpc::Status& status, Detail& detail) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return false;
  for (const google::protobuf::Any& any : details.details()) {
    if (any.UnpackTo(&detail)) return true;
  }
  return false;
}

}  // namespace

TestServer::TestServer(app::Settings settings) {
  settings.listen = "127.0.0.1:0";
  settings.insecure_local = true;
  settings.drain_timeout = absl::Seconds(5);
  store_ = database_.Open(settings.workers + 2 * settings.job_threads + 1);
  server_ = std::make_unique<app::Server>(
      settings, *store_, recorder_, [](bool) {}, [](const std::string&) {});
  if (const absl::Status status = server_->Start(); !status.ok()) {
    std::cerr << "the test server did not start: " << status << "\n";
    std::abort();
  }
  channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                 grpc::InsecureChannelCredentials());
}

TestServer::~TestServer() { server_->Drain(); }

std::vector<ObservedCall> TestServer::calls() const { return recorder_.calls(); }

std::unique_ptr<rpc::MethodObserver> TestServer::Recorder::Observe(absl::string_view method,
                                                                   absl::string_view) {
  class OfMethod final : public rpc::MethodObserver {
   public:
    OfMethod(Recorder& recorder, absl::string_view method) : recorder_(recorder), method_(method) {}
    void Started() override {}
    void Finished(const rpc::FinishedCall& call) override {
      recorder_.Add({method_, call.status, call.replayed});
    }

   private:
    Recorder& recorder_;
    const std::string method_;
  };
  return std::make_unique<OfMethod>(*this, method);
}

void TestServer::Recorder::Add(ObservedCall call) {
  const std::lock_guard<std::mutex> lock(mutex_);
  calls_.push_back(std::move(call));
}

std::vector<ObservedCall> TestServer::Recorder::calls() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return calls_;
}

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::ErrorInfo info;
  return FindDetail(status, info) ? info.reason() : "";
}

std::vector<std::string> FieldsOf(const grpc::Status& status) {
  google::rpc::BadRequest bad_request;
  std::vector<std::string> fields;
  if (!FindDetail(status, bad_request)) return fields;
  for (const auto& violation : bad_request.field_violations()) fields.push_back(violation.field());
  return fields;
}

}  // namespace kam::testing
