#include "base/clock.h"

#include "absl/time/clock.h"

namespace kam {

absl::Time SystemClock::Now() const { return absl::Now(); }

}  // namespace kam
