#pragma once

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace kam {

// Whether `host:port` can only be of this machine: `127.…` in digits, `localhost` or `[::1]`, one
// of them. A name that merely begins like one is not.
inline bool IsLoopback(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) return false;
  const absl::string_view port = address.substr(colon + 1);
  const auto is_digit = [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); };
  if (port.empty() || !std::all_of(port.begin(), port.end(), is_digit)) return false;
  absl::string_view host = address.substr(0, colon);
  if (host == "localhost" || host == "[::1]") return true;
  return absl::ConsumePrefix(&host, "127.") && !host.empty() &&
         std::all_of(host.begin(), host.end(), [&](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace kam
