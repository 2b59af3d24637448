#include "store/history/cut.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "store/engine/codec.h"
#include "store/engine/connection.h"
#include "store/engine/sqlstate.h"
#include "store/history/recording_gate.h"
#include "store/transaction.h"

namespace kam::store {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(1);
constexpr absl::Duration kMaxPause = absl::Milliseconds(50);

std::string Script(absl::string_view select, Deadline deadline) {
  return absl::StrCat("BEGIN READ ONLY;", SetTimeouts(deadline), ";", select, ";COMMIT");
}

// The transactions that hold the gate, ascending.
absl::StatusOr<std::vector<std::string>> Recordings(Connection& connection, Deadline deadline) {
  const std::string select = absl::StrCat(
      "SELECT coalesce(array_agg(holder ORDER BY holder COLLATE \"C\"), '{}') FROM ("
      "  SELECT pid || ' ' || virtualtransaction AS holder FROM pg_locks"
      "  WHERE locktype = 'advisory' AND granted AND objsubid = 1"
      "  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
      "  AND classid = ",
      kRecordingGate >> 32, " AND objid = ", kRecordingGate & 0xffffffff, ") AS held");
  KAM_ASSIGN_OR_RETURN(const Rows rows, connection.RunScript(Script(select, deadline)));
  return rows.Texts(0, 0);
}

}  // namespace

absl::StatusOr<Cut> MakeCut(Connection& connection, Deadline deadline) {
  // The clock is read after the sequence: by the list of what is selected from its row.
  const std::string select =
      absl::StrCat("SELECT CASE WHEN is_called THEN last_value ELSE 0 END, ",
                   Codec<absl::Time>::Read("clock_timestamp()"), " FROM changes_seq_seq");
  KAM_ASSIGN_OR_RETURN(const Rows now, connection.RunScript(Script(select, deadline)));
  const Cut cut{.known_at = now.Time(0, 1), .last_change = now.Int(0, 0)};
  KAM_ASSIGN_OR_RETURN(std::vector<std::string> waiting_for, Recordings(connection, deadline));
  for (absl::Duration pause = kFirstPause; !waiting_for.empty();) {
    if (pause >= deadline.left()) return DeadlineExceeded();
    std::this_thread::sleep_for(absl::ToChronoNanoseconds(pause));
    pause = std::min(pause * 2, kMaxPause);
    KAM_ASSIGN_OR_RETURN(const std::vector<std::string> held, Recordings(connection, deadline));
    std::erase_if(waiting_for, [&](const std::string& transaction) {
      return !std::binary_search(held.begin(), held.end(), transaction);
    });
  }
  return cut;
}

}  // namespace kam::store
