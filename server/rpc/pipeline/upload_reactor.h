#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "rpc/pipeline/pipeline.h"

namespace kam::rpc {

// An UploadStream (upload.h), its types erased.
class Upload {
 public:
  virtual ~Upload() = default;
  virtual absl::Status Add(const google::protobuf::Message& request) = 0;
  virtual int64_t held() const = 0;
  virtual bool full() const = 0;
  virtual absl::Status Ended() = 0;
  virtual absl::StatusOr<std::string> Commit(store::Transaction& tx) = 0;
  virtual void Committed() = 0;
  virtual void Finish(google::protobuf::Message& response) = 0;
};

using UploadHandler = std::function<std::unique_ptr<Upload>(const Call&)>;

// Serves one client stream. Messages are read one at a time; while a batch is committed by a worker
// nothing is read, so that a fast sender feels the pace of the store, and an idle stream holds no
// thread. It ends well only when its client has closed it: what breaks off, or cannot be decoded,
// is never taken for an end. Deletes itself.
class UploadReactor final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  UploadReactor(Pipeline& pipeline, const Method& method, const UploadHandler& handler,
                grpc::CallbackServerContext& context, grpc::ByteBuffer& response);

  void OnReadDone(bool ok) override;
  void OnSendInitialMetadataDone(bool ok) override;
  void OnDone() override;

 private:
  absl::Status Take();
  void Commit(bool last);
  absl::Status CommitOnce();
  void Close();
  void Answer(const absl::Status& status);
  // Cancels the call when its time is over: a caller that neither sends nor closes would keep its
  // rows for ever.
  void CancelAtDeadline();

  Pipeline& pipeline_;
  grpc::CallbackServerContext& context_;
  grpc::ByteBuffer& response_;
  CallState state_;
  std::unique_ptr<Upload> upload_;
  std::unique_ptr<google::protobuf::Message> message_;
  grpc::ByteBuffer bytes_;
  int64_t counted_ = 0;  // rows taken from the budget of all uploads
  bool committed_ = false;

  // What the timer finds: the call, or nothing once it has ended.
  struct Alive {
    std::mutex mutex;
    grpc::CallbackServerContext* context;
  };
  std::shared_ptr<Alive> alive_;
};

}  // namespace kam::rpc
