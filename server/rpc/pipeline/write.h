#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "rpc/pipeline/lane.h"
#include "rpc/pipeline/pipeline.h"

namespace kam::rpc {

// Fills each call's response and verdict; a status that is not OK is nobody's verdict, and rolls
// all back.
using WriteHandler =
    std::function<absl::Status(store::Transaction&, absl::Span<UnaryCall* const> calls)>;

// One transaction for one call or for a group: claims of the request ids → the method → responses
// recorded and audit lines → commit. Calls that were answered before are answered from the record;
// one call's refusal leaves the others alone.
class WriteAttempt {
 public:
  // Alone, a call waits for locks and claims as long as a call may; in a group as long as a group
  // may, and what another transaction holds the claim of, or a row of, is put aside (`busy`).
  WriteAttempt(store::Store& store, const WriteHandler& handler, bool alone)
      : store_(store), handler_(handler), alone_(alone) {}

  // OK when every call but the busy ones has its verdict. For a call alone, the status is its
  // verdict.
  absl::Status Run(absl::Span<UnaryCall* const> calls);

  // Whether the claims were made: what became of all attempts before is known then.
  bool claimed() const { return claimed_; }
  const std::vector<UnaryCall*>& busy() const { return busy_; }

 private:
  absl::Status Body(store::Transaction& tx, absl::Span<UnaryCall* const> calls);
  absl::Status Claim(store::Transaction& tx, absl::Span<UnaryCall* const> calls);
  absl::Status Record(store::Transaction& tx);

  store::Store& store_;
  const WriteHandler& handler_;
  const bool alone_;
  bool claimed_ = false;
  bool nothing_to_keep_ = false;
  std::vector<UnaryCall*> to_do_;
  std::vector<UnaryCall*> busy_;
};

// Runs calls one by one, each in a transaction of its own. Finds out what became of a commit whose
// answer got lost by claiming the request again; between the attempts no thread waits.
class WriteShape : public Shape {
 public:
  WriteShape(Pipeline& pipeline, WriteHandler handler)
      : pipeline_(pipeline), handler_(std::move(handler)) {}
  void Run(UnaryCallPtr call) override;

 protected:
  void Alone(UnaryCallPtr call);

  Pipeline& pipeline_;
  const WriteHandler handler_;

 private:
  void Perform(UnaryCallPtr call);
  void LookAgain(UnaryCallPtr call);
};

// Runs waiting calls of one method together. Alone go dry runs, calls whose claim another
// transaction holds, and, when the group's transaction failed for a reason nobody decided, all of
// its calls; also calls about a key that a call which runs alone is about, so that one locked row
// does not hold up group after group.
class GroupWriteShape final : public WriteShape {
 public:
  GroupWriteShape(Pipeline& pipeline, const Method& method, WriteHandler handler);
  void Run(UnaryCallPtr call) override;

 private:
  void Execute(Lane::Group& group);
  void Ended(const std::string& key);
  void Detach(UnaryCallPtr call);

  std::mutex mutex_;
  absl::flat_hash_map<std::string, int> alone_;  // keys, and how many calls
  Lane lane_;
};

}  // namespace kam::rpc
