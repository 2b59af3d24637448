#include "store/postgres/transaction.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "store/postgres/tables.h"

namespace kam::store::postgres {
namespace {

template <typename Table>
Table& MakeOnce(std::unique_ptr<Table>& table, std::unique_ptr<Table> (*make)(Session&),
                Session& session) {
  if (table == nullptr) table = make(session);
  return *table;
}

}  // namespace

AccountTable& PostgresTransaction::accounts() {
  return MakeOnce(accounts_, &MakeAccountTable, session_);
}
HistoryTable& PostgresTransaction::history() {
  return MakeOnce(history_, &MakeHistoryTable, session_);
}
CriteriaTable& PostgresTransaction::criteria() {
  return MakeOnce(criteria_, &MakeCriteriaTable, session_);
}
BenefitTable& PostgresTransaction::benefits() {
  return MakeOnce(benefits_, &MakeBenefitTable, session_);
}
PlanTable& PostgresTransaction::plans() { return MakeOnce(plans_, &MakePlanTable, session_); }
OperationTable& PostgresTransaction::operations() {
  return MakeOnce(operations_, &MakeOperationTable, session_);
}
CallLog& PostgresTransaction::calls() { return MakeOnce(calls_, &MakeCallLog, session_); }

std::string SetTimeouts(absl::Time deadline) {
  constexpr int64_t kMaxMs = 24 * 60 * 60 * 1000;
  const int64_t left_ms = absl::ToInt64Milliseconds(deadline - absl::Now());
  const int64_t ms = std::clamp<int64_t>(left_ms, 1, kMaxMs);
  return absl::StrFormat(
      "SET LOCAL statement_timeout = %d; SET LOCAL lock_timeout = %d; "
      "SET LOCAL idle_in_transaction_session_timeout = %d",
      ms, ms, ms + 1000);
}

}  // namespace kam::store::postgres
