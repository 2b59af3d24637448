#pragma once

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "model/error.h"
#include "rpc/contract/field_rules.h"
#include "rpc/pipeline/call_errors.h"
#include "rpc/pipeline/call_runner.h"

namespace kam::rpc {

// Serves a client-streaming call: `Stream` has `absl::Status Add(const Request&)` and
// `absl::StatusOr<Response> Finish()`. One message at a time goes to the worker pool and the next
// is read when it is done: an idle stream holds no thread, a fast sender feels the pace of the
// store.
template <typename Request, typename Response, typename Stream>
class ClientStreamReactor final : public grpc::ServerReadReactor<Request> {
 public:
  // `make(const Call&)` makes the stream's worker.
  template <typename Make>
  ClientStreamReactor(CallRunner& runner, grpc::CallbackServerContext& context,
                      const BoundMethod& method, Response& response, Make make)
      : runner_(runner), context_(context), response_(response) {
    const absl::Status status = runner_.Begin(context, method, "client_stream", state_);
    if (!status.ok()) {
      runner_.AuditRefusal(state_, status);
      Answer(status);
      return;
    }
    state_.call.request_id = state_.log_id;
    stream_ = make(state_.call);
    this->StartRead(&message_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      // The caller has sent all, or went away: gRPC may tell of the second only later. Something is
      // sent, which fails on a stream that broke off: what is not committed must not be then.
      this->StartSendInitialMetadata();
    } else if (!runner_.workers().Submit([this] { Take(); })) {
      Answer(Overloaded());
    }
  }

  void OnSendInitialMetadataDone(bool ok) override {
    if (!ok) {
      Answer(CallerGone());
    } else if (!runner_.workers().Submit([this] { Close(); })) {
      Answer(Overloaded());
    }
  }

  void OnDone() override { delete this; }

 private:
  static absl::Status CallerGone() { return Cancelled("the caller went away"); }

  void Take() {
    if (context_.IsCancelled()) return Answer(CallerGone());
    Violations violations;
    CheckRequest(message_, violations);
    absl::Status status = violations.ToStatus();
    if (status.ok()) status = stream_->Add(message_);
    if (!status.ok()) return Answer(status);
    message_.Clear();
    this->StartRead(&message_);
  }

  void Close() {
    if (context_.IsCancelled()) return Answer(CallerGone());
    absl::StatusOr<Response> response = stream_->Finish();
    if (!response.ok()) return Answer(response.status());
    response_ = *std::move(response);
    Answer(absl::OkStatus());
  }

  void Answer(const absl::Status& status) { this->Finish(runner_.End(state_, status)); }

  CallRunner& runner_;
  grpc::CallbackServerContext& context_;
  Response& response_;
  CallState state_;
  std::unique_ptr<Stream> stream_;
  Request message_;
};

}  // namespace kam::rpc
