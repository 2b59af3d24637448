#include "store/transaction.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/limits.h"

namespace kam::store {

std::string SetTimeouts(Deadline deadline, absl::Duration lock_timeout) {
  constexpr int64_t kMaxMs = 24 * 60 * 60 * 1000;
  const int64_t left_ms = absl::ToInt64Milliseconds(deadline.left());
  const int64_t ms = std::clamp<int64_t>(left_ms, 1, kMaxMs);
  // Above the statement's own limit, which is to say when the deadline has passed.
  const int64_t lock_ms = std::clamp<int64_t>(absl::ToInt64Milliseconds(lock_timeout), 1, ms + 1);
  // Who waits for locks in bounds holds them in bounds: a server that is frozen in the middle of a
  // call lets go of what others wait for.
  const int64_t pause_ms = lock_timeout == absl::InfiniteDuration()
                               ? ms + 1000
                               : absl::ToInt64Milliseconds(limits::kMaxPause);
  return absl::StrFormat(
      "SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d; "
      "SET LOCAL idle_in_transaction_session_timeout = %d",
      ms, lock_ms, pause_ms);
}

}  // namespace kam::store
