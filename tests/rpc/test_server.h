#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/server.h"
#include "app/settings.h"
#include "grpcpp/channel.h"
#include "rpc/pipeline/call_observer.h"
#include "store/store.h"
#include "support/test_database.h"

namespace kam::testing {

// What an observer was told of a call.
struct ObservedCall {
  std::string method;
  absl::Status status;
  bool replayed = false;
};

// The whole service in this process, on a port and a database of its own.
class TestServer {
 public:
  explicit TestServer(app::Settings settings = {});
  ~TestServer();

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const TestDatabase& database() const { return database_; }
  store::Store& store() { return *store_; }
  // Every call answered so far.
  std::vector<ObservedCall> calls() const;

 private:
  class Recorder final : public rpc::CallObserver {
   public:
    std::unique_ptr<rpc::MethodObserver> Observe(absl::string_view method,
                                                 absl::string_view type) override;
    void Add(ObservedCall call);
    std::vector<ObservedCall> calls() const;

   private:
    mutable std::mutex mutex_;
    std::vector<ObservedCall> calls_;
  };

  TestDatabase database_;
  std::unique_ptr<store::Store> store_;
  Recorder recorder_;
  std::unique_ptr<app::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// The reason in an error's ErrorInfo, such as `ETAG_MISMATCH`; "" when there is none.
std::string ReasonOf(const grpc::Status& status);
// The field paths of an error's BadRequest.
std::vector<std::string> FieldsOf(const grpc::Status& status);

}  // namespace kam::testing
