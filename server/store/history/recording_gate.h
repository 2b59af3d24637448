#pragma once

#include <cstdint>

namespace kam::store {

// The advisory lock between those who record facts and those who cut. A recording takes its shared
// side with pg_advisory_xact_lock_shared before it reads its record time (clock_timestamp()), and
// holds it until it is committed; ReadAtCut takes the exclusive side while it reads the time of the
// cut and its snapshot. So a cut sees every record time up to its own, and none comes later.
inline constexpr int64_t kRecordingGate = 0x6b616d01;

// Held while the schema is being migrated.
inline constexpr int64_t kMigrationLock = 0x6b616d02;

}  // namespace kam::store
