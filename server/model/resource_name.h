#pragma once

// Resource names of the contract (AIP-122) as types. Beside the values of an area
// (model/<area>/names.h) stands
//
//   struct OrderName {
//     static constexpr absl::string_view kPattern = "accounts/{account}/orders/{order}";
//     std::string account;
//     std::string order;
//     static constexpr auto kParts = std::tuple(&OrderName::account, &OrderName::order);
//
//     static absl::StatusOr<OrderName> Parse(absl::string_view name) {
//       return ParseName<OrderName>(name);
//     }
//     std::string ToString() const { return FormatName(*this); }
//   };
//
// Parts are ids (std::string, not escaped) or numbers (int32_t, int64_t), in the pattern's order.

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace kam {

// Whether `name` follows `pattern` (`accounts/{account}/orders/{order}`; alternatives are separated
// by ` | `). What a segment in braces accepts:
//   {order}            1 to 128 printable characters, percent-encoded but for A-Za-z0-9._~-
//   {number}, {entry}  a whole number from 1 without leading zeros
//   {…_or_dash}        the id, or `-`
//   any other          `[a-z0-9][a-z0-9-]{0,62}`
bool MatchesResourcePattern(absl::string_view name, absl::string_view pattern);

// Percent-encoding of everything but A-Za-z0-9._~-
std::string EscapeSegment(absl::string_view id);

namespace resource_name {

// The parts of a name that follows `pattern`, unescaped. INVALID_ARGUMENT (kInvalidFields).
absl::StatusOr<std::vector<std::string>> Split(absl::string_view name, absl::string_view pattern);
// The pattern with these parts, escaped.
std::string Join(absl::string_view pattern, absl::Span<const std::string> parts);

inline bool ReadPart(std::string& text, std::string& part) {
  part.swap(text);
  return true;
}
template <typename Number>
bool ReadPart(std::string& text, Number& part) {
  return absl::SimpleAtoi(text, &part);
}
inline std::string PartText(const std::string& part) { return part; }
inline std::string PartText(int64_t part) { return part == 0 ? "" : absl::StrCat(part); }

absl::Status Mismatch(absl::string_view name, absl::string_view pattern);

}  // namespace resource_name

// INVALID_ARGUMENT (kInvalidFields) when `name` does not follow the pattern.
template <typename Name>
absl::StatusOr<Name> ParseName(absl::string_view name) {
  absl::StatusOr<std::vector<std::string>> parts = resource_name::Split(name, Name::kPattern);
  if (!parts.ok()) return parts.status();
  Name parsed;
  size_t at = 0;
  const bool fits = std::apply(
      [&](auto... part) { return (resource_name::ReadPart((*parts)[at++], parsed.*part) && ...); },
      Name::kParts);
  if (!fits) return resource_name::Mismatch(name, Name::kPattern);
  return parsed;
}

// The name in a field that may be empty: nothing then.
template <typename Name>
absl::StatusOr<std::optional<Name>> ParseOptionalName(absl::string_view name) {
  if (name.empty()) return std::optional<Name>();
  return ParseName<Name>(name);
}

// The text of a name; "" when its last part is empty or 0: what refers to nothing has no name.
template <typename Name>
std::string FormatName(const Name& name) {
  return std::apply(
      [&](auto... part) {
        return resource_name::Join(Name::kPattern, {resource_name::PartText(name.*part)...});
      },
      Name::kParts);
}

}  // namespace kam
