#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "identity/identity.h"
#include "kam/v1/options.pb.h"
#include "rpc/pipeline/call.h"
#include "rpc/pipeline/call_observer.h"
#include "rpc/pipeline/worker_pool.h"
#include "store/store.h"

namespace kam::rpc {

// A method of the contract as the runner knows it.
struct BoundMethod {
  std::string path;  // `/kam.v1.AccountService/GetAccount`
  v1::MethodPolicy policy;
  bool writes = false;  // audited as a write: runs in a transaction that may write
};

// One call on its way; owned by whoever answers it.
struct CallState {
  const BoundMethod* method = nullptr;
  absl::string_view type;
  Call call;
  std::string log_id;
  std::string trace_parent;
  absl::Time start;
  bool replayed = false;
};

// All that happens around a service method, and nowhere else: identity, permission, field rules,
// deadline, admission, request id, idempotent replay, audit, metrics, log line, status. Thread-safe
// once everything is bound.
class CallRunner {
 public:
  // A service method with its types erased: fills `response` or answers the error.
  using Handler = std::function<absl::Status(const Call&, store::Transaction&,
                                             const google::protobuf::Message& request,
                                             google::protobuf::Message& response)>;

  // All must outlive the runner.
  CallRunner(store::Store& store, WorkerPool& workers, const Authenticator& authenticator,
             const Clock& clock, CallObserver& observer);

  // Makes a method known. What is wrong with its declaration is told by Verify.
  const BoundMethod& Bind(absl::string_view service, absl::string_view method);
  // FAILED_PRECONDITION when a method was bound without a declared permission or with broken field
  // rules, or when a method of a bound service was not bound.
  absl::Status Verify() const;
  // Refuses every call that begins from now on (UNAVAILABLE, kShuttingDown): nothing was done,
  // another server will answer. Calls under way go on.
  void Refuse() { refusing_ = true; }

  // Serves a unary call on the worker pool.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext& context, const BoundMethod& method,
                                const google::protobuf::Message& request,
                                google::protobuf::Message& response, Handler handler);
  // The same for a read that waits: the handler runs again until `finished(response)`, the
  // `timeout` or the call's deadline.
  grpc::ServerUnaryReactor* RunUntil(
      grpc::CallbackServerContext& context, const BoundMethod& method,
      const google::protobuf::Message& request, google::protobuf::Message& response,
      absl::Duration timeout, Handler handler,
      std::function<bool(const google::protobuf::Message&)> finished);

  // The parts that a streaming call (client_stream.h) shares.
  absl::Status Begin(const grpc::CallbackServerContext& context, const BoundMethod& method,
                     absl::string_view type, CallState& state) const;
  grpc::Status End(const CallState& state, const absl::Status& status) const;
  void AuditRefusal(const CallState& state, const absl::Status& status);
  WorkerPool& workers() { return workers_; }
  store::Store& store() { return store_; }

 private:
  struct Unary;

  absl::Status Perform(CallState& state, const google::protobuf::Message& request,
                       google::protobuf::Message& response, const Handler& handler);
  absl::Status Write(CallState& state, const google::protobuf::Message& request,
                     google::protobuf::Message& response, const Handler& handler);
  // Sets `claimed` once it is known what became of every attempt before.
  absl::Status WriteOnce(CallState& state, absl::string_view hash,
                         const google::protobuf::Message& request,
                         google::protobuf::Message& response, const Handler& handler,
                         bool& claimed);
  void Attempt(std::shared_ptr<Unary> unary);

  store::Store& store_;
  WorkerPool& workers_;
  const Authenticator& authenticator_;
  const Clock& clock_;
  CallObserver& observer_;
  std::map<std::string, BoundMethod, std::less<>> bound_;
  absl::Status bind_status_;
  std::atomic<bool> refusing_ = false;
};

}  // namespace kam::rpc
