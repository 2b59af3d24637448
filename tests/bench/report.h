#pragma once

#include <cstdint>
#include <string>

#include "bench/load.h"

namespace kam::bench {

// One line of JSON:
//   {"calls": 9, "ok": 8, "codes": {"OK": 8, "ABORTED": 1}, "seconds": 2.0, "rate": 4.0,
//    "p50_us": 12.5, "p99_us": 80.1, "wait_answers": 0}
// calls and codes are answers of the measured time; rate is OK answers a second, p50 and p99 are
// their latencies; wait_answers are those of the waits held open beside the load, which should get
// none.
std::string Json(const Result& result, int64_t wait_answers);

}  // namespace kam::bench
