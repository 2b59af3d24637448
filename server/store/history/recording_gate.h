#pragma once

#include <cstdint>

namespace kam::store {

// The advisory lock that marks transactions which record facts. A recording takes its shared side
// before it reads its record time, and holds it until it is committed; nobody takes the exclusive
// side, so it never makes anybody wait. A cut reads its own time first, then looks who holds the
// lock, and waits for exactly those (cut.h).
inline constexpr int64_t kRecordingGate = 0x6b616d01;

}  // namespace kam::store
