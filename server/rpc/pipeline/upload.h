#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/transaction.h"

namespace kam::rpc {

// The worker of one client stream; a method that takes one is
//
//   std::unique_ptr<UploadStream<v1::ImportOrdersRequest, v1::ImportOrdersResponse>>
//   ImportOrders(const Call&);
//
// It holds the rows of its messages until it wants them committed, in batches of its own choice;
// the pipeline makes the transactions, appends their audit lines and commits. Used by one thread at
// a time.
template <typename Request, typename Response>
class UploadStream {
 public:
  virtual ~UploadStream() = default;

  // Takes the next message, without I/O. After an error the stream is over, with it as its answer.
  virtual absl::Status Add(const Request& request) = 0;
  // Rows held in memory. All streams together hold at most limits::kMaxRowsHeld.
  virtual int64_t held() const = 0;
  // Whether what is held is to be committed before the next message is read. At the end of a stream
  // whatever is held is committed.
  virtual bool full() const = 0;
  // The caller has sent all: whether that was all. Before the last commit.
  virtual absl::Status Ended() = 0;
  // Writes what is held; answers what became of it, for the audit trail. May run again: nothing may
  // be kept of a run but for Committed.
  virtual absl::StatusOr<std::string> Commit(store::Transaction& tx) = 0;
  // What the last Commit wrote is committed: lets go of it.
  virtual void Committed() = 0;
  // The answer, once the caller has sent all and all is committed.
  virtual Response Finish() = 0;
};

}  // namespace kam::rpc
