#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/deadline.h"

namespace kam::rpc {

// Holds back what is told of calls that end the same way in great numbers: the first few of a
// second are told one by one, the rest as a number. Thread-safe.
class Flood {
 public:
  struct Key {
    std::string principal;
    std::string method;
    absl::StatusCode code = absl::StatusCode::kOk;

    friend bool operator==(const Key& a, const Key& b) {
      return std::tie(a.principal, a.method, a.code) == std::tie(b.principal, b.method, b.code);
    }
    template <typename H>
    friend H AbslHashValue(H h, const Key& key) {
      return H::combine(std::move(h), key.principal, key.method, key.code);
    }
  };
  struct HeldBack {
    Key key;
    int64_t calls = 0;
  };

  // At most `told` one by one of each key between two calls of Take.
  explicit Flood(int told) : told_(told) {}

  // Whether this one is told; else it is counted.
  bool Tell(absl::string_view principal, absl::string_view method, absl::StatusCode code);
  // What was counted since the last time; begins anew.
  std::vector<HeldBack> Take();

 private:
  static constexpr size_t kMaxKeys = 4096;  // beyond, callers are counted together

  const int told_;
  std::mutex mutex_;
  absl::flat_hash_map<Key, int64_t> seen_;
};

}  // namespace kam::rpc
