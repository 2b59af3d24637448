#pragma once

#include <string>

#include "absl/time/time.h"
#include "base/deadline.h"
#include "store/engine/session.h"

namespace kam::store {

// What is kept, as one transaction sees it; to read. Used by one thread, valid only inside the
// function it was handed to. Every function of the store that takes one may answer UNAVAILABLE
// (kDatabaseUnavailable), DEADLINE_EXCEEDED, ABORTED (kConflict) or RESOURCE_EXHAUSTED
// (kDatabaseFull); pass them on: the transaction is over then.
class Snapshot {
 public:
  Snapshot(Session& session, absl::Time now) : session_(session), now_(now) {}
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  Session& session() { return session_; }
  // The database's time when the transaction began: what is compared with stored times, whichever
  // server runs it.
  absl::Time now() const { return now_; }

 private:
  Session& session_;
  const absl::Time now_;
};

// What to do about a row that another transaction has locked.
enum class Locked { kWait, kSkip };

// The same, to read and write.
class Transaction : public Snapshot {
 public:
  using Snapshot::Snapshot;
};

// The SQL that sets the timeouts of the transaction just begun by what is left until `deadline`;
// locks are waited for no longer than `lock_timeout`.
std::string SetTimeouts(Deadline deadline, absl::Duration lock_timeout = absl::InfiniteDuration());

}  // namespace kam::store
