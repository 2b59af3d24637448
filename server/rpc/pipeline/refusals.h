#pragma once

#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "rpc/pipeline/arrival.h"
#include "rpc/pipeline/flood.h"
#include "store/calls/audit.h"
#include "store/store.h"

namespace kam::rpc {

// The audit lines of calls that were refused before any transaction. They are written in the
// background, a transaction a second: of the same principal, method and code the first few each,
// the rest as one line with their number. A refusal never costs as much as work. Thread-safe.
class Refusals {
 public:
  explicit Refusals(store::Store& store) : store_(store), flood_(kLinesEach) {}

  void Add(const CallState& state, const absl::Status& status);
  // Writes what has come together; keeps it for the next time when the database is away.
  void Write();

 private:
  static constexpr int kLinesEach = 5;
  static constexpr size_t kMaxHeld = 10'000;  // lines kept while the database is away

  store::Store& store_;
  Flood flood_;
  std::mutex mutex_;
  std::vector<store::AuditEntry> lines_;
};

}  // namespace kam::rpc
