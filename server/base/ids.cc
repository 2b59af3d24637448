#include "base/ids.h"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <cstdlib>

namespace kam {
namespace {

constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr int kTimeCharacters = 10;
constexpr int kRandomCharacters = 16;

}  // namespace

std::string NewTimeOrderedId(absl::Time now) {
  std::string id(kTimeCharacters + kRandomCharacters, '0');
  auto milliseconds = static_cast<uint64_t>(absl::ToUnixMillis(now));
  for (int i = kTimeCharacters - 1; i >= 0; --i) {
    id[i] = kAlphabet[milliseconds & 31];
    milliseconds >>= 5;
  }
  std::array<unsigned char, kRandomCharacters> random;
  if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    std::abort();  // The kernel always has randomness once booted.
  }
  for (int i = 0; i < kRandomCharacters; ++i) id[kTimeCharacters + i] = kAlphabet[random[i] & 31];
  return id;
}

}  // namespace kam
