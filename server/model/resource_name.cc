#include "model/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "model/error.h"

namespace kam {
namespace {

constexpr size_t kMaxOrderIdCharacters = 128;
constexpr size_t kMaxIdCharacters = 63;
constexpr char kHexDigits[] = "0123456789ABCDEF";

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '~' ||
         c == '-';
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The id behind an escaped segment; false when the escaping is malformed.
bool Unescape(absl::string_view segment, std::string& id) {
  id.clear();
  for (size_t at = 0; at < segment.size(); ++at) {
    if (IsUnreserved(segment[at])) {
      id.push_back(segment[at]);
      continue;
    }
    if (segment[at] != '%' || at + 2 >= segment.size()) return false;
    const int high = HexValue(segment[at + 1]);
    const int low = HexValue(segment[at + 2]);
    if (high < 0 || low < 0) return false;
    id.push_back(static_cast<char>(high * 16 + low));
    at += 2;
  }
  return true;
}

bool IsPlainId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxIdCharacters || id[0] == '-') return false;
  for (const char c : id) {
    if (!absl::ascii_islower(static_cast<unsigned char>(c)) &&
        !absl::ascii_isdigit(static_cast<unsigned char>(c)) && c != '-') {
      return false;
    }
  }
  return true;
}

bool IsNumber(absl::string_view id) {
  if (id.empty() || id.size() > 9 || id[0] == '0') return false;
  for (const char c : id) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

bool IsOrderId(absl::string_view segment) {
  std::string id;
  if (!Unescape(segment, id) || id.empty() || id.size() > kMaxOrderIdCharacters) return false;
  for (const char c : id) {
    if (!absl::ascii_isprint(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

// `what` is the text between the braces of a pattern's segment.
bool Accepts(absl::string_view what, absl::string_view segment) {
  if (what == "order") return IsOrderId(segment);
  if (what == "number" || what == "entry") return IsNumber(segment);
  if (absl::EndsWith(what, "_or_dash") && segment == "-") return true;
  return IsPlainId(segment);
}

bool MatchesOne(absl::string_view name, absl::string_view pattern) {
  const std::vector<absl::string_view> segments = absl::StrSplit(name, '/');
  const std::vector<absl::string_view> wanted = absl::StrSplit(pattern, '/');
  if (segments.size() != wanted.size()) return false;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (absl::StartsWith(wanted[i], "{")) {
      if (!Accepts(wanted[i].substr(1, wanted[i].size() - 2), segments[i])) return false;
    } else if (segments[i] != wanted[i]) {
      return false;
    }
  }
  return true;
}

bool IsPart(absl::string_view segment) { return absl::StartsWith(segment, "{"); }

}  // namespace

std::string EscapeSegment(absl::string_view id) {
  std::string escaped;
  for (const char c : id) {
    if (IsUnreserved(c)) {
      escaped.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped.push_back('%');
      escaped.push_back(kHexDigits[byte >> 4]);
      escaped.push_back(kHexDigits[byte & 15]);
    }
  }
  return escaped;
}

bool MatchesResourcePattern(absl::string_view name, absl::string_view pattern) {
  for (const absl::string_view one : absl::StrSplit(pattern, " | ")) {
    if (MatchesOne(name, one)) return true;
  }
  return false;
}

namespace resource_name {

absl::Status Mismatch(absl::string_view name, absl::string_view pattern) {
  return InvalidField("name", absl::StrCat("must be ", pattern, ", is '", name, "'"));
}

absl::StatusOr<std::vector<std::string>> Split(absl::string_view name, absl::string_view pattern) {
  if (!MatchesOne(name, pattern)) return Mismatch(name, pattern);
  const std::vector<absl::string_view> segments = absl::StrSplit(name, '/');
  const std::vector<absl::string_view> wanted = absl::StrSplit(pattern, '/');
  std::vector<std::string> parts;
  for (size_t i = 0; i < segments.size(); ++i) {
    if (!IsPart(wanted[i])) continue;
    if (!Unescape(segments[i], parts.emplace_back())) return Mismatch(name, pattern);
  }
  return parts;
}

std::string Join(absl::string_view pattern, absl::Span<const std::string> parts) {
  if (parts.empty() || parts.back().empty()) return "";
  std::string name;
  size_t at = 0;
  for (const absl::string_view segment : absl::StrSplit(pattern, '/')) {
    if (!name.empty()) name.push_back('/');
    name.append(IsPart(segment) ? EscapeSegment(parts[at++]) : std::string(segment));
  }
  return name;
}

}  // namespace resource_name
}  // namespace kam
