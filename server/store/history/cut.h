#pragma once

// A cut of the facts: all that was recorded up to a time, the same for ever, without a lock that
// recordings or cuts would have to wait for.
//
// A recording marks itself (recording_gate.h), then reads its record time R, then writes, then its
// changes get their numbers. A cut reads the last number S, then its time T, then looks who is
// marked, and takes its snapshot when those few have ended. So
//   - whoever has R ≤ T was marked when the cut looked: the snapshot sees all of it, and nothing
//     that comes later carries a time up to T;
//   - whoever has R > T and is seen all the same has changes numbered above S: the accounts they
//     name are read from the raw versions as known at T instead of from the rollups.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/deadline.h"

namespace kam::store {

class Connection;

struct Cut {
  absl::Time known_at;      // T
  int64_t last_change = 0;  // S, of the change log
};

// Makes a cut and waits for the recordings that were under way, each at most as long as its own
// transaction may last. The snapshot must be taken afterwards. Outside of a transaction.
// DEADLINE_EXCEEDED.
absl::StatusOr<Cut> MakeCut(Connection& connection, Deadline deadline);

}  // namespace kam::store
