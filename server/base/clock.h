#pragma once

#include "absl/time/time.h"

namespace kam {

// Where the time comes from; handed to whatever needs it, so that tests can turn it.
// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
};

}  // namespace kam
