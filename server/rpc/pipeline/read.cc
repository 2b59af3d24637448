#include "rpc/pipeline/read.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/status_macros.h"

namespace kam::rpc {

void MemoryShape::Run(UnaryCallPtr call) {
  call->AnswerWith(handler_(call->call(), call->request()));
}

void ReadShape::Run(UnaryCallPtr call) {
  pipeline_.Admit(std::move(call), [this](UnaryCallPtr admitted) {
    const auto begun = Deadline::Clock::now();
    const absl::Status status = Read(*admitted);
    const int64_t took_us =
        absl::ToInt64Microseconds(absl::FromChrono(Deadline::Clock::now() - begun));
    std::atomic<int64_t>& typical_us = admitted->method().typical_us;
    typical_us += (took_us - typical_us) / 8;
    admitted->Answer(status);
  });
}

absl::Status ReadShape::Read(UnaryCall& call) {
  const Deadline deadline = Earlier(call.call().deadline, Deadline::After(limits::kMaxReadTime));
  const auto* token = call.method().page_token;
  bool opened = token == nullptr;
  absl::Status status =
      pipeline_.store().Read(deadline, [&](store::Snapshot& snapshot) -> absl::Status {
        call.response().Clear();
        if (!opened) {
          KAM_RETURN_IF_ERROR(pipeline_.pages().Open(snapshot, call.mutable_request()));
          opened = true;
        }
        return handler_(call.call(), snapshot, call.request(), call.response());
      });
  if (status.ok() && token != nullptr) pipeline_.pages().Seal(call.request(), call.response());
  return status;
}

absl::Status ReadTogether(store::Store& store, const GroupReadHandler& handler,
                          absl::Span<UnaryCall* const> calls) {
  Deadline deadline = calls.front()->call().deadline;
  for (const UnaryCall* call : calls) deadline = std::max(deadline, call->call().deadline);
  deadline = Earlier(deadline, Deadline::After(limits::kMaxReadTime));
  return store.Read(deadline, [&](store::Snapshot& snapshot) {
    for (UnaryCall* call : calls) call->response().Clear();
    return handler(snapshot, calls);
  });
}

GroupReadShape::GroupReadShape(Pipeline& pipeline, const Method& method, GroupReadHandler handler)
    : pipeline_(pipeline),
      handler_(std::move(handler)),
      lane_(pipeline, method, pipeline.queue_capacity(), /*patience=*/absl::ZeroDuration(),
            [this](Lane::Group& group) { Execute(group); }) {}

void GroupReadShape::Execute(Lane::Group& group) {
  std::vector<UnaryCall*> calls;
  for (const UnaryCallPtr& call : group) calls.push_back(call.get());
  absl::Status status = ReadTogether(pipeline_.store(), handler_, calls);
  if (status.ok()) return;
  if (group.size() == 1) {
    group[0]->verdict = std::move(status);
    return;
  }
  for (UnaryCallPtr& call : group) {
    pipeline_.Admit(std::move(call), [this](UnaryCallPtr alone) {
      UnaryCall* const one = alone.get();
      const absl::Status read = ReadTogether(pipeline_.store(), handler_, {&one, 1});
      alone->Answer(read.ok() ? alone->verdict : read);
    });
  }
}

}  // namespace kam::rpc
