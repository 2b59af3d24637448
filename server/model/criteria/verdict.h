#pragma once

#include "base/enum_map.h"

namespace kam {

// Whether a criterion is met. Numbers are those of the contract.
enum class Verdict { kMet = 1, kNotMet = 2, kInsufficientData = 3 };

template <>
inline constexpr auto kEnumNames<Verdict> = EnumMap<Verdict, 3>{{{
    {Verdict::kMet, "MET"},
    {Verdict::kNotMet, "NOT_MET"},
    {Verdict::kInsufficientData, "INSUFFICIENT_DATA"},
}}};

}  // namespace kam
