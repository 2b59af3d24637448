#include "rpc/pipeline/flood.h"

#include <utility>

namespace kam::rpc {

bool Flood::Tell(absl::string_view principal, absl::string_view method, absl::StatusCode code) {
  Key key{std::string(principal), std::string(method), code};
  const std::lock_guard<std::mutex> lock(mutex_);
  if (seen_.size() >= kMaxKeys && !seen_.contains(key)) key.principal = "(others)";
  return ++seen_[std::move(key)] <= told_;
}

std::vector<Flood::HeldBack> Flood::Take() {
  absl::flat_hash_map<Key, int64_t> seen;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    seen.swap(seen_);
  }
  std::vector<HeldBack> held;
  for (auto& [key, count] : seen) {
    if (count > told_) held.push_back({key, count - told_});
  }
  return held;
}

}  // namespace kam::rpc
