#pragma once

// Holds a document and the message of the contract it is copied to and from together.

#include <set>
#include <string>

#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

namespace kam::testing {

inline void ExpectSameValues(const google::protobuf::EnumDescriptor& a,
                             const google::protobuf::EnumDescriptor& b) {
  ASSERT_EQ(a.value_count(), b.value_count()) << a.full_name();
  for (int i = 0; i < a.value_count(); ++i) {
    EXPECT_EQ(a.value(i)->number(), b.value(i)->number()) << a.full_name();
    EXPECT_EQ(a.value(i)->name(), b.value(i)->name()) << a.full_name();
  }
}

// Both have the same fields: numbers, names, types, labels and oneofs, and so have their parts.
inline void ExpectSameShape(const google::protobuf::Descriptor& a,
                            const google::protobuf::Descriptor& b, std::set<std::string>& seen) {
  if (!seen.insert(a.full_name()).second) return;
  SCOPED_TRACE(a.full_name());
  ASSERT_EQ(a.field_count(), b.field_count());
  for (int i = 0; i < a.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& left = *a.field(i);
    const auto* right = b.FindFieldByNumber(left.number());
    ASSERT_NE(right, nullptr) << left.name();
    EXPECT_EQ(left.name(), right->name());
    ASSERT_EQ(left.type(), right->type()) << left.name();
    EXPECT_EQ(left.label(), right->label()) << left.name();
    EXPECT_EQ(left.has_presence(), right->has_presence()) << left.name();
    const auto* oneof = left.containing_oneof();
    ASSERT_EQ(oneof == nullptr, right->containing_oneof() == nullptr) << left.name();
    if (oneof != nullptr) {
      EXPECT_EQ(oneof->name(), right->containing_oneof()->name());
    }
    if (left.message_type() != nullptr) {
      ExpectSameShape(*left.message_type(), *right->message_type(), seen);
    }
    if (left.enum_type() != nullptr) ExpectSameValues(*left.enum_type(), *right->enum_type());
  }
}

template <typename A, typename B>
void ExpectSameShape() {
  std::set<std::string> seen;
  ExpectSameShape(*A::descriptor(), *B::descriptor(), seen);
}

}  // namespace kam::testing
