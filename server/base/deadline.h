#pragma once

#include <algorithm>
#include <chrono>

#include "absl/time/time.h"

namespace kam {

// When to give up, on the monotonic clock: a wall clock that is set back or forward moves nothing.
// (Abseil's waits with a deadline follow the wall clock.)
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  // Never.
  constexpr Deadline() = default;
  static Deadline Never() { return Deadline(); }
  static Deadline After(absl::Duration left) {
    if (left >= kFar) return Never();
    return Deadline(Clock::now() + absl::ToChronoNanoseconds(left));
  }

  bool never() const { return at_ == Clock::time_point::max(); }
  bool passed() const { return Clock::now() >= at_; }
  // What is left; negative when it has passed, infinite when it never does.
  absl::Duration left() const {
    return never() ? absl::InfiniteDuration() : absl::FromChrono(at_ - Clock::now());
  }
  Clock::time_point at() const { return at_; }

  friend Deadline Earlier(Deadline a, Deadline b) { return Deadline(std::min(a.at_, b.at_)); }
  friend Deadline operator+(Deadline deadline, absl::Duration more) {
    return deadline.never() ? deadline : Deadline(deadline.at_ + absl::ToChronoNanoseconds(more));
  }
  friend auto operator<=>(const Deadline&, const Deadline&) = default;

 private:
  static constexpr absl::Duration kFar = absl::Hours(24 * 365 * 100);

  explicit constexpr Deadline(Clock::time_point at) : at_(at) {}

  Clock::time_point at_ = Clock::time_point::max();
};

}  // namespace kam
