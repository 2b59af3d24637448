#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "absl/strings/string_view.h"

namespace kam {

// An enumeration and the names of its values, both ways; the one place that knows them. `Enum` has
// a specialisation of EnumNames beside it:
//
//   template <>
//   inline constexpr auto kEnumNames<BenefitState> = EnumMap<BenefitState, 3>{{{
//       {BenefitState::kDraft, "DRAFT"}, … }}};
//
// A number that comes from outside (a row, a message) becomes an enum through EnumFromNumber only.
template <typename Enum, size_t kSize>
struct EnumMap {
  struct Entry {
    Enum value;
    absl::string_view name;
  };
  std::array<Entry, kSize> entries;
};

template <typename Enum>
inline constexpr auto kEnumNames = nullptr;

// Whether `Enum` has names.
template <typename Enum>
inline constexpr bool kHasEnumNames =
    !std::is_same_v<std::remove_cv_t<decltype(kEnumNames<Enum>)>, std::nullptr_t>;

// The name of a value, such as `ACTIVE`; `?` for a value that has none.
template <typename Enum>
constexpr absl::string_view NameOf(Enum value) {
  for (const auto& entry : kEnumNames<Enum>.entries) {
    if (entry.value == value) return entry.name;
  }
  return "?";
}

// The value of a number or a name, or nothing when there is none.
template <typename Enum>
constexpr std::optional<Enum> EnumFromNumber(int64_t number) {
  for (const auto& entry : kEnumNames<Enum>.entries) {
    if (static_cast<int64_t>(entry.value) == number) return entry.value;
  }
  return std::nullopt;
}

template <typename Enum>
constexpr std::optional<Enum> EnumFromName(absl::string_view name) {
  for (const auto& entry : kEnumNames<Enum>.entries) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}

// The number that is stored and sent.
template <typename Enum>
constexpr int32_t NumberOf(Enum value) {
  return static_cast<int32_t>(value);
}

}  // namespace kam
