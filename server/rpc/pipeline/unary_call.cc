#include "rpc/pipeline/unary_call.h"

#include <utility>

#include "model/error.h"
#include "rpc/pipeline/wire.h"

namespace kam::rpc {

UnaryCall::UnaryCall(const Method& method, grpc::CallbackServerContext& context,
                     grpc::ByteBuffer& response)
    : state_(method),
      context_(context),
      reactor_(context.DefaultReactor()),
      bytes_(response),
      request_(method.request->New()),
      response_(method.response->New()) {}

UnaryCall::~UnaryCall() {
  if (reactor_ != nullptr) Answer(Internal("a call was dropped without an answer"));
}

void UnaryCall::AnswerWith(const google::protobuf::Message& response) {
  bytes_ = Encode(response);
  std::exchange(reactor_, nullptr)->Finish(Depart(state_, absl::OkStatus()));
}

void UnaryCall::Answer(const absl::Status& status) {
  if (on_answer) on_answer();
  if (status.ok()) {
    bytes_ = recorded.empty() ? Encode(*response_) : Encode(recorded);
  }
  // The reactor, the context and the buffer are gone as soon as it has finished.
  std::exchange(reactor_, nullptr)->Finish(Depart(state_, status));
}

}  // namespace kam::rpc
