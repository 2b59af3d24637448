#pragma once

// Holds an enumeration of ours and the contract's together.

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/enum_map.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "gtest/gtest.h"

namespace kam::testing {

// What the names of a contract's enumeration begin with: `DemandClass` → `DEMAND_CLASS_`.
inline std::string EnumPrefix(absl::string_view name) {
  std::string prefix;
  for (const char c : name) {
    if (absl::ascii_isupper(c) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(c);
  }
  return prefix + "_";
}

// Every value has the number and, without the prefix, the name of the contract's (ids may be in
// lower case); and but for UNSPECIFIED the contract has no other.
template <typename ProtoEnum, typename Enum>
void ExpectSameEnum() {
  const google::protobuf::EnumDescriptor& proto = *google::protobuf::GetEnumDescriptor<ProtoEnum>();
  SCOPED_TRACE(proto.full_name());
  const std::string prefix = EnumPrefix(proto.name());
  for (const auto& entry : kEnumNames<Enum>.entries) {
    const auto* value = proto.FindValueByNumber(NumberOf(entry.value));
    ASSERT_NE(value, nullptr) << entry.name;
    EXPECT_EQ(value->name(), absl::StrCat(prefix, absl::AsciiStrToUpper(entry.name)));
  }
  for (int i = 0; i < proto.value_count(); ++i) {
    const auto& value = *proto.value(i);
    EXPECT_TRUE(value.number() == 0 || EnumFromNumber<Enum>(value.number())) << value.name();
  }
}

}  // namespace kam::testing
