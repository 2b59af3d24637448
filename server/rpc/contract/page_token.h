#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/message.h"
#include "model/page.h"
#include "store/transaction.h"

namespace kam::rpc {

// Page tokens: the key to go on from, sealed with a secret that all servers of one database share.
// A token is good only for the method and the other parameters it was made for, and cannot be made
// by anybody else. The pipeline opens the token of a request before its method runs and seals the
// one of its response after: methods see keys only. Thread-safe.
class PageTokens {
 public:
  // Replaces the `page_token` of a list request by the key in it. INVALID_ARGUMENT
  // (kInvalidPageToken).
  absl::Status Open(store::Snapshot& snapshot, google::protobuf::Message& request);
  // Replaces the key in the `next_page_token` of the response by a token. After Open.
  void Seal(const google::protobuf::Message& request, google::protobuf::Message& response) const;

 private:
  absl::Status Load(store::Snapshot& snapshot);
  std::string Secret() const;

  mutable absl::Mutex mutex_;
  std::string secret_ ABSL_GUARDED_BY(mutex_);  // empty until it is first needed
};

// The page a list request asks for, its token opened.
absl::StatusOr<PageRequest> ReadPage(const google::protobuf::Message& request);

}  // namespace kam::rpc
