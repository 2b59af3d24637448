#include "store/transaction.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace kam::store {
std::string SetTimeouts(Deadline deadline, absl::Duration lock_timeout) {
  constexpr int64_t kMaxMs = 24 * 60 * 60 * 1000;
  const int64_t left_ms = absl::ToInt64Milliseconds(deadline.left());
  const int64_t ms = std::clamp<int64_t>(left_ms, 1, kMaxMs);
  // Above the statement's own limit, which is to say when the deadline has passed.
  const int64_t lock_ms = std::clamp<int64_t>(absl::ToInt64Milliseconds(lock_timeout), 1, ms + 1);
  return absl::StrFormat(
      "SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d; "
      "SET LOCAL idle_in_transaction_session_timeout = %d",
      ms, lock_ms, ms + 1000);
}

}  // namespace kam::store
