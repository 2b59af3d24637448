#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "rpc/pipeline/arrival.h"

namespace kam::rpc {

// A unary call on its way through the pipeline, its types erased. Used by one thread at a time;
// whoever owns it answers it.
class UnaryCall {
 public:
  UnaryCall(const Method& method, grpc::CallbackServerContext& context, grpc::ByteBuffer& response);
  // Answers INTERNAL when nobody answered.
  ~UnaryCall();
  UnaryCall(const UnaryCall&) = delete;
  UnaryCall& operator=(const UnaryCall&) = delete;

  const Method& method() const { return state_.method; }
  const Call& call() const { return state_.call; }
  CallState& state() { return state_; }
  const google::protobuf::Message& request() const { return *request_; }
  google::protobuf::Message& mutable_request() { return *request_; }
  google::protobuf::Message& response() { return *response_; }
  grpc::ServerUnaryReactor& reactor() const { return *reactor_; }
  bool cancelled() const { return context_.IsCancelled(); }

  // Ends the call: with `response()`, or with the bytes of a recorded response, or with an error.
  void Answer(const absl::Status& status);
  // Ends it with another message.
  void AnswerWith(const google::protobuf::Message& response);

  // What the method decided; set by a handler.
  absl::Status verdict;
  // The serialized response, once it has been recorded; it is sent as it is.
  std::string recorded;

  // Called when the call is about to be answered; may be empty.
  std::function<void()> on_answer;

  // Of a write. Whether the caller named the request id; another's cannot be in the way else.
  bool id_is_callers = false;
  std::string hash;  // of the request
  // Whether an attempt before may have been committed: nothing but the outcome of a new claim
  // tells.
  bool in_doubt = false;

  // Whether a group left it undecided, to be run by itself.
  bool undecided = false;

  // Of a wait.
  std::string awaits;
  absl::Duration timeout = absl::InfiniteDuration();

 private:
  CallState state_;
  grpc::CallbackServerContext& context_;
  grpc::ServerUnaryReactor* reactor_;
  grpc::ByteBuffer& bytes_;
  std::unique_ptr<google::protobuf::Message> request_;
  std::unique_ptr<google::protobuf::Message> response_;
};

using UnaryCallPtr = std::unique_ptr<UnaryCall>;

}  // namespace kam::rpc
