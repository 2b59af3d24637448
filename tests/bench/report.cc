#include "bench/report.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace kam::bench {
namespace {

// The names of the gRPC codes, by number.
constexpr std::array<const char*, 17> kCodes = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

double Microseconds(const std::vector<absl::Duration>& ascending, double share) {
  if (ascending.empty()) return 0;
  const auto at = static_cast<size_t>(share * static_cast<double>(ascending.size()));
  return absl::ToDoubleMicroseconds(ascending[std::min(at, ascending.size() - 1)]);
}

}  // namespace

std::string Json(const Result& result, int64_t wait_answers) {
  int64_t calls = 0;
  std::vector<std::string> codes;
  for (const auto& [code, count] : result.answers) {
    calls += count;
    codes.push_back(absl::StrFormat("\"%s\": %d", kCodes.at(static_cast<size_t>(code)), count));
  }
  const double seconds = absl::ToDoubleSeconds(result.measured);
  return absl::StrFormat(
      "{\"calls\": %d, \"ok\": %d, \"codes\": {%s}, \"seconds\": %.6f, \"rate\": %.3f, "
      "\"p50_us\": %.1f, \"p99_us\": %.1f, \"wait_answers\": %d}",
      calls, result.ok(), absl::StrJoin(codes, ", "), seconds,
      static_cast<double>(result.ok()) / seconds, Microseconds(result.latencies, 0.5),
      Microseconds(result.latencies, 0.99), wait_answers);
}

}  // namespace kam::bench
