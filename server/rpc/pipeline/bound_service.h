#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/impl/service_type.h"
#include "rpc/pipeline/group.h"
#include "rpc/pipeline/pipeline.h"
#include "rpc/pipeline/read.h"
#include "rpc/pipeline/upload.h"
#include "rpc/pipeline/upload_reactor.h"
#include "rpc/pipeline/wait.h"
#include "rpc/pipeline/wait_shape.h"
#include "rpc/pipeline/write.h"

namespace kam::rpc {

// A gRPC service whose methods are bound to those of a plain class; which shape runs a method is
// read from its signature. Bytes go in and out: the pipeline decodes them.
class BoundService final : public grpc::Service {
 public:
  // `name` such as `kam.v1.AccountService`; must outlive the service, as `pipeline` must.
  BoundService(Pipeline& pipeline, absl::string_view name) : pipeline_(pipeline), name_(name) {}

  // OK, or the first method that could not be bound.
  const absl::Status& status() const { return status_; }

  // Memory: what is kept in memory is sent as it stands, without a copy.
  template <typename S, typename Req, typename Res>
  void Bind(absl::string_view name, S& service,
            const Res& (S::*function)(const Call&, const Req&)) {
    const Method* method = Known<Req, Res>(name, /*writes=*/false);
    if (method == nullptr) return;
    AddUnary(*method,
             std::make_unique<MemoryShape>(
                 [&service, function](const Call& call, const google::protobuf::Message& request)
                     -> const google::protobuf::Message& {
                   return (service.*function)(call, static_cast<const Req&>(request));
                 }));
  }

  // Read: in one snapshot.
  template <typename S, typename Req, typename Res>
  void Bind(absl::string_view name, S& service,
            absl::StatusOr<Res> (S::*function)(const Call&, store::Snapshot&, const Req&)) {
    const Method* method = Known<Req, Res>(name, /*writes=*/false);
    if (method == nullptr) return;
    AddUnary(*method,
             std::make_unique<ReadShape>(pipeline_, [&service, function](
                                                        const Call& call, store::Snapshot& snapshot,
                                                        const google::protobuf::Message& request,
                                                        google::protobuf::Message& response) {
               return Place((service.*function)(call, snapshot, static_cast<const Req&>(request)),
                            response);
             }));
  }

  // Write: claim, effect, response and audit line in one transaction.
  template <typename S, typename Req, typename Res>
  void Bind(absl::string_view name, S& service,
            absl::StatusOr<Res> (S::*function)(const Call&, store::Transaction&, const Req&)) {
    const Method* method = Known<Req, Res>(name, /*writes=*/true);
    if (method == nullptr) return;
    AddUnary(*method, std::make_unique<WriteShape>(
                          pipeline_, [&service, function](store::Transaction& tx,
                                                          absl::Span<UnaryCall* const> calls) {
                            for (UnaryCall* call : calls) {
                              call->verdict = Place(
                                  (service.*function)(call->call(), tx,
                                                      static_cast<const Req&>(call->request())),
                                  call->response());
                            }
                            return absl::OkStatus();
                          }));
  }

  // Group write (group.h).
  template <typename S, typename Req, typename Res>
  void Bind(absl::string_view name, S& service,
            absl::Status (S::*function)(store::Transaction&, absl::Span<GroupedCall<Req, Res>>)) {
    const Method* method = Known<Req, Res>(name, /*writes=*/true);
    if (method == nullptr) return;
    AddUnary(*method,
             std::make_unique<GroupWriteShape>(
                 pipeline_, pipeline_.Grouped(*method),
                 [&service, function](store::Transaction& tx, absl::Span<UnaryCall* const> calls) {
                   return Together<GroupedCall<Req, Res>>(service, function, tx, calls);
                 }));
  }

  // Group read (group.h).
  template <typename S, typename Req, typename Res>
  void Bind(absl::string_view name, S& service,
            absl::Status (S::*function)(store::Snapshot&, absl::Span<GroupedCall<Req, Res>>)) {
    const Method* method = Known<Req, Res>(name, /*writes=*/false);
    if (method == nullptr) return;
    AddUnary(
        *method,
        std::make_unique<GroupReadShape>(
            pipeline_, *method,
            [&service, function](store::Snapshot& snapshot, absl::Span<UnaryCall* const> calls) {
              return Together<GroupedCall<Req, Res>>(service, function, snapshot, calls);
            }));
  }

  // Wait (wait.h).
  template <typename S, typename Req, typename Res>
  void Bind(absl::string_view name, S& service,
            absl::Status (S::*function)(store::Snapshot&, absl::Span<WaitingCall<Req, Res>>)) {
    const Method* method = Known<Req, Res>(name, /*writes=*/false);
    if (method == nullptr) return;
    AddUnary(
        *method,
        std::make_unique<WaitShape>(
            pipeline_, *method,
            [&service, function](store::Snapshot& snapshot, absl::Span<UnaryCall* const> calls) {
              return Together<WaitingCall<Req, Res>>(service, function, snapshot, calls);
            }));
  }

  // Upload (upload.h).
  template <typename S, typename Req, typename Res>
  void Bind(absl::string_view name, S& service,
            std::unique_ptr<UploadStream<Req, Res>> (S::*function)(const Call&)) {
    const Method* method = Known<Req, Res>(name, /*writes=*/true);
    if (method == nullptr) return;
    AddUpload(*method, [&service, function](const Call& call) {
      return std::make_unique<TypedUpload<Req, Res>>((service.*function)(call));
    });
  }

 private:
  template <typename Res>
  static absl::Status Place(absl::StatusOr<Res> answer, google::protobuf::Message& response) {
    if (!answer.ok()) return std::move(answer).status();
    static_cast<Res&>(response) = *std::move(answer);
    return absl::OkStatus();
  }

  template <typename Element, typename S, typename Function, typename Tx>
  static absl::Status Together(S& service, Function function, Tx& tx,
                               absl::Span<UnaryCall* const> calls) {
    using Req = std::remove_cvref_t<decltype(std::declval<Element>().request)>;
    std::vector<Element> elements;
    elements.reserve(calls.size());
    for (UnaryCall* call : calls) {
      elements.push_back(
          Element{.call = call->call(), .request = static_cast<const Req&>(call->request())});
    }
    absl::Status status = (service.*function)(tx, absl::MakeSpan(elements));
    if (!status.ok()) return status;
    for (size_t i = 0; i < calls.size(); ++i) {
      if constexpr (requires { elements[i].awaits; }) {
        calls[i]->awaits = std::move(elements[i].awaits);
        calls[i]->timeout = elements[i].timeout;
      }
      if constexpr (requires { elements[i].alone; }) calls[i]->undecided = elements[i].alone;
      calls[i]->verdict = Place(std::move(elements[i].answer), calls[i]->response());
    }
    return absl::OkStatus();
  }

  template <typename Req, typename Res>
  class TypedUpload final : public Upload {
   public:
    explicit TypedUpload(std::unique_ptr<UploadStream<Req, Res>> stream)
        : stream_(std::move(stream)) {}
    absl::Status Add(const google::protobuf::Message& request) override {
      return stream_->Add(static_cast<const Req&>(request));
    }
    int64_t held() const override { return stream_->held(); }
    bool full() const override { return stream_->full(); }
    absl::Status Ended() override { return stream_->Ended(); }
    absl::StatusOr<std::string> Commit(store::Transaction& tx) override {
      return stream_->Commit(tx);
    }
    void Committed() override { stream_->Committed(); }
    void Finish(google::protobuf::Message& response) override {
      static_cast<Res&>(response) = stream_->Finish();
    }

   private:
    const std::unique_ptr<UploadStream<Req, Res>> stream_;
  };

  // The method as the contract has it; null, with the reason in `status_`, when it cannot be bound.
  template <typename Req, typename Res>
  const Method* Known(absl::string_view name, bool writes) {
    return Known(name, writes, *Req::descriptor(), *Res::descriptor());
  }
  const Method* Known(absl::string_view name, bool writes,
                      const google::protobuf::Descriptor& request,
                      const google::protobuf::Descriptor& response);
  void AddUnary(const Method& method, std::unique_ptr<Shape> shape);
  void AddUpload(const Method& method, UploadHandler handler);

  Pipeline& pipeline_;
  const absl::string_view name_;
  absl::Status status_;
  int methods_ = 0;
};

}  // namespace kam::rpc
