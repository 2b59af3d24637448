#include "store/transaction.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "store/tables.h"

namespace kam::store {
namespace {

template <typename Table>
Table& MakeOnce(std::unique_ptr<Table>& table, std::unique_ptr<Table> (*make)(Session&),
                Session& session) {
  if (table == nullptr) table = make(session);
  return *table;
}

}  // namespace

CallLog& Snapshot::calls() { return MakeOnce(calls_, &MakeCallLog, session_); }

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
