#pragma once

// Between the contract's common types and the domain's.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/enum_map.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/money.pb.h"
#include "model/error.h"
#include "model/money.h"

namespace kam::rpc {

// Collects everything that is wrong with a request.
class Violations {
 public:
  void Add(absl::string_view field, absl::string_view description);
  bool empty() const { return found_.empty(); }
  // OK when nothing was added, else INVALID_ARGUMENT with all of it.
  absl::Status ToStatus() const;
  // What was added, handed over.
  std::vector<FieldViolation> Take() { return std::exchange(found_, {}); }

 private:
  std::vector<FieldViolation> found_;
};

// Between an enumeration of ours and the contract's. Numbers are the same: for every pair a test
// says so (support/contract_enums.h), by the names. What comes from outside may be no value:
// nothing then.
template <typename ProtoEnum, typename Enum>
ProtoEnum ToProtoEnum(Enum value) {
  return static_cast<ProtoEnum>(NumberOf(value));
}
template <typename Enum, typename ProtoEnum>
std::optional<Enum> FromProtoEnum(ProtoEnum value) {
  return EnumFromNumber<Enum>(value);
}

// A message as another type with the same fields, as a document and the message of the contract it
// is made of. Their shapes are held together by a test (support/same_shape.h).
template <typename To>
To CopyAs(const google::protobuf::Message& from) {
  To to;
  to.ParseFromString(from.SerializeAsString());
  return to;
}

absl::Time FromProto(const google::protobuf::Timestamp& time);
// Whole microseconds.
google::protobuf::Timestamp ToProto(absl::Time time);

// A well-formed Money as minor units of its own currency, or a violation at `field`: unknown
// currency, more decimals than the currency has, overflow.
std::optional<Money> FromProto(const google::type::Money& money, absl::string_view field,
                               Violations& violations);
// The same, and the currency must be `currency`.
std::optional<int64_t> MinorFromProto(const google::type::Money& money, absl::string_view currency,
                                      absl::string_view field, Violations& violations);
google::type::Money ToProto(const Money& money);
google::type::Money MoneyToProto(int64_t minor, absl::string_view currency);

// The top-level fields of `resource` that an update changes: those of the mask; with an empty mask
// those that are set; with `*` all of them. `allowed` are the names of the fields that may be
// changed; any other (or a nested path) is a violation at `update_mask`.
std::vector<std::string> UpdatePaths(const google::protobuf::FieldMask& mask,
                                     const google::protobuf::Message& resource,
                                     const std::vector<std::string>& allowed,
                                     Violations& violations);

}  // namespace kam::rpc
