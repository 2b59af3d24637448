#pragma once

#include <functional>

#include "absl/types/span.h"
#include "rpc/pipeline/lane.h"
#include "rpc/pipeline/pipeline.h"

namespace kam::rpc {

// Answers a response that stays where it is at least until it is encoded.
using MemoryHandler = std::function<const google::protobuf::Message&(
    const Call&, const google::protobuf::Message& request)>;
// Fills `response` or answers the error.
using ReadHandler =
    std::function<absl::Status(const Call&, store::Snapshot&, const google::protobuf::Message&,
                               google::protobuf::Message& response)>;
// Fills each call's response and verdict.
using GroupReadHandler =
    std::function<absl::Status(store::Snapshot&, absl::Span<UnaryCall* const> calls)>;

// Inline on gRPC's thread: no transaction, no queue.
class MemoryShape final : public Shape {
 public:
  explicit MemoryShape(MemoryHandler handler) : handler_(std::move(handler)) {}
  void Run(UnaryCallPtr call) override;

 private:
  const MemoryHandler handler_;
};

// On a worker, in one snapshot. The page token of a list is opened before and sealed after.
class ReadShape final : public Shape {
 public:
  ReadShape(Pipeline& pipeline, ReadHandler handler)
      : pipeline_(pipeline), handler_(std::move(handler)) {}
  void Run(UnaryCallPtr call) override;

 private:
  absl::Status Read(UnaryCall& call);

  Pipeline& pipeline_;
  const ReadHandler handler_;
};

// Calls that wait are read together in one snapshot. When that fails, one by one.
class GroupReadShape final : public Shape {
 public:
  GroupReadShape(Pipeline& pipeline, const Method& method, GroupReadHandler handler);
  void Run(UnaryCallPtr call) override { lane_.Add(std::move(call)); }

 private:
  void Execute(Lane::Group& group);

  Pipeline& pipeline_;
  const GroupReadHandler handler_;
  Lane lane_;
};

// Reads `calls` together in one snapshot, as long as the longest deadline among them.
absl::Status ReadTogether(store::Store& store, const GroupReadHandler& handler,
                          absl::Span<UnaryCall* const> calls);

}  // namespace kam::rpc
