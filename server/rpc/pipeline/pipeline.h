#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "identity/identity.h"
#include "rpc/contract/page_token.h"
#include "rpc/pipeline/admission.h"
#include "rpc/pipeline/arrival.h"
#include "rpc/pipeline/call_observer.h"
#include "rpc/pipeline/method.h"
#include "rpc/pipeline/refusals.h"
#include "rpc/pipeline/unary_call.h"
#include "rpc/pipeline/worker_pool.h"
#include "store/store.h"

namespace kam::rpc {

// How a method is run. `Run` owns the call, which has been identified, authorised and checked, and
// sees to it that it is answered. Thread-safe.
class Shape {
 public:
  virtual ~Shape() = default;
  virtual void Run(UnaryCallPtr call) = 0;
};

struct PipelineOptions {
  int workers = 8;
  int queue_capacity = 256;
};

// What all calls share on their way: identify → authorise → check → admit → (claim) → run →
// (record, audit) → observe → convert the status. README.md has the map. Thread-safe once
// everything is bound.
class Pipeline {
 public:
  // All must outlive the pipeline.
  Pipeline(store::Store& store, PipelineOptions options, const Authenticator& authenticator,
           const Clock& clock, CallObserver& observer);
  // Finishes what was admitted. The gRPC server must have been shut down.
  ~Pipeline();

  // Makes a method of the contract known. FAILED_PRECONDITION when the contract says too little
  // about it.
  absl::StatusOr<const Method*> Add(absl::string_view service, absl::string_view method);
  // The same method, its calls executed in groups.
  const Method& Grouped(const Method& method);
  // Keeps a shape as long as the pipeline.
  Shape& Keep(std::unique_ptr<Shape> shape);

  // Refuses every call that begins from now on (UNAVAILABLE, kShuttingDown): nothing was done,
  // another server will answer. Calls under way go on; those that wait for something are ended.
  void Refuse() { refusing_ = true; }
  bool refusing() const { return refusing_; }
  // Calls that have begun and are not answered yet.
  int calls_under_way() const { return under_way_; }

  // Serves a unary call of `method` in `shape`.
  grpc::ServerUnaryReactor* Serve(const Method& method, Shape& shape,
                                  grpc::CallbackServerContext& context,
                                  const grpc::ByteBuffer& request, grpc::ByteBuffer& response);
  // The first steps, shared with uploads; a refusal is audited.
  absl::Status Begin(const grpc::CallbackServerContext& context, CallState& state);
  // Queues `run` for a call, or answers it that the server is busy. `run` is not called for a call
  // whose time is over.
  void Admit(UnaryCallPtr call, absl::AnyInvocable<void(UnaryCallPtr)> run);

  store::Store& store() { return store_; }
  int queue_capacity() const { return queue_capacity_; }
  WorkerPool& workers() { return workers_; }
  Admission& admission() { return admission_; }
  PageTokens& pages() { return pages_; }
  RowBudget& upload_rows() { return upload_rows_; }

 private:
  void EverySecond();

  store::Store& store_;
  const Authenticator& authenticator_;
  const Clock& clock_;
  CallObserver& observer_;
  const int queue_capacity_;
  std::atomic<bool> refusing_ = false;
  std::atomic<int> under_way_ = 0;
  std::vector<std::unique_ptr<Method>> methods_;
  Admission admission_;
  PageTokens pages_;
  RowBudget upload_rows_;
  Refusals refusals_;
  std::vector<std::unique_ptr<Shape>> shapes_;
  WorkerPool workers_;  // last: what runs in it uses all of the above
};

}  // namespace kam::rpc
