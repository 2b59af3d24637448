#include "rpc/contract/field_rules.h"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/money.pb.h"
#include "kam/v1/options.pb.h"
#include "model/resource_name.h"

namespace kam::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int64_t kMinTimestampSeconds = -62135596800;  // 0001-01-01
constexpr int64_t kMaxTimestampSeconds = 253402300799;  // 9999-12-31
constexpr int32_t kNanosPerSecond = 1'000'000'000;

bool Behaves(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

// Compiled once per pattern; the patterns of the contract are few and never change.
class Patterns {
 public:
  const RE2& Get(const std::string& pattern) {
    absl::MutexLock lock(&mutex_);
    std::unique_ptr<RE2>& compiled = compiled_[pattern];
    if (compiled == nullptr) compiled = std::make_unique<RE2>(pattern, RE2::Quiet);
    return *compiled;
  }

 private:
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<RE2>> compiled_ ABSL_GUARDED_BY(mutex_);
};

const RE2& CompiledPattern(const std::string& pattern) {
  static Patterns* const patterns = new Patterns;  // a cache without meaning of its own
  return patterns->Get(pattern);
}

size_t CodePoints(absl::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

void CheckString(const std::string& text, const v1::FieldRules& rules, const std::string& path,
                 Violations& violations) {
  if (text.empty()) return;
  if (text.find('\0') != std::string::npos) {
    violations.Add(path, "must not contain a NUL character");
    return;
  }
  if (const size_t length = CodePoints(text);
      rules.max_length() > 0 && length > rules.max_length()) {
    violations.Add(path, absl::StrCat("has ", length, " characters, at most ", rules.max_length(),
                                      " are allowed"));
  } else if (length < rules.min_length()) {
    violations.Add(path, absl::StrCat("has ", length, " characters, at least ", rules.min_length(),
                                      " are needed"));
  }
  if (!rules.pattern().empty() && !RE2::FullMatch(text, CompiledPattern(rules.pattern()))) {
    violations.Add(path, absl::StrCat("must match ", rules.pattern()));
  }
  if (!rules.resource().empty() && !MatchesResourcePattern(text, rules.resource())) {
    violations.Add(path, absl::StrCat("must be a resource name ", rules.resource()));
  }
  if (rules.currency_code() && !CurrencyDecimals(text)) {
    violations.Add(path, "must be a currency code of ISO 4217, such as EUR");
  }
}

// A bound as people write it: 1000000000, not 1e+09.
std::string BoundText(double bound) {
  constexpr double kExactIntegers = 1e15;
  if (bound == std::trunc(bound) && std::abs(bound) < kExactIntegers) {
    return absl::StrCat(static_cast<int64_t>(bound));
  }
  return absl::StrCat(bound);
}

void CheckNumber(double value, const v1::FieldRules& rules, const std::string& path,
                 Violations& violations) {
  if (!std::isfinite(value)) {
    violations.Add(path, "must be a finite number");
    return;
  }
  if (rules.positive() && value <= 0) violations.Add(path, "must be more than 0");
  if (rules.has_min() && value < rules.min()) {
    violations.Add(path, absl::StrCat("must be at least ", BoundText(rules.min())));
  }
  if (rules.has_max() && value > rules.max()) {
    violations.Add(path, absl::StrCat("must be at most ", BoundText(rules.max())));
  }
}

void CheckTimestamp(const google::protobuf::Timestamp& time, const v1::FieldRules& rules,
                    const std::string& path, Violations& violations) {
  if (time.seconds() < kMinTimestampSeconds || time.seconds() > kMaxTimestampSeconds) {
    violations.Add(absl::StrCat(path, ".seconds"), "must lie in the years 1 to 9999");
  } else if (rules.positive() && time.seconds() <= 0) {
    violations.Add(path, "must be after the start of 1970");
  }
  if (time.nanos() < 0 || time.nanos() >= kNanosPerSecond) {
    violations.Add(absl::StrCat(path, ".nanos"), "must be from 0 to 999999999");
  }
}

void CheckMoney(const google::type::Money& money, const v1::FieldRules& rules,
                const std::string& path, Violations& violations) {
  if (!CurrencyDecimals(money.currency_code())) {
    violations.Add(absl::StrCat(path, ".currency_code"),
                   absl::StrCat("'", money.currency_code(), "' is not a currency of ISO 4217"));
  }
  if (money.nanos() <= -kNanosPerSecond || money.nanos() >= kNanosPerSecond) {
    violations.Add(absl::StrCat(path, ".nanos"), "must be from -999999999 to 999999999");
  }
  if ((money.units() > 0 && money.nanos() < 0) || (money.units() < 0 && money.nanos() > 0)) {
    violations.Add(absl::StrCat(path, ".nanos"), "must have the sign of units");
    return;  // whether it is negative cannot be said
  }
  const bool negative = money.units() < 0 || money.nanos() < 0;
  const bool zero = money.units() == 0 && money.nanos() == 0;
  if (rules.non_negative() && negative) violations.Add(path, "must not be negative");
  if (rules.positive() && (negative || zero)) violations.Add(path, "must be more than 0");
}

void CheckMessage(const Message& message, const v1::FieldRules& rules, const std::string& path,
                  Violations& violations) {
  if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    CheckTimestamp(*time, rules, path, violations);
  } else if (const auto* money = dynamic_cast<const google::type::Money*>(&message)) {
    CheckMoney(*money, rules, path, violations);
  } else {
    CheckFieldRules(message, path, violations);
  }
}

// One value: element `index` of a repeated field, or the field itself for -1.
void CheckValue(const Message& message, const FieldDescriptor& field, int index,
                const v1::FieldRules& rules, const std::string& path, Violations& violations) {
  const Reflection& reflection = *message.GetReflection();
  const auto read = [&](auto single, auto repeated) {
    return index < 0 ? (reflection.*single)(message, &field)
                     : (reflection.*repeated)(message, &field, index);
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      CheckString(read(&Reflection::GetString, &Reflection::GetRepeatedString), rules, path,
                  violations);
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      CheckNumber(read(&Reflection::GetInt32, &Reflection::GetRepeatedInt32), rules, path,
                  violations);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      CheckNumber(static_cast<double>(read(&Reflection::GetInt64, &Reflection::GetRepeatedInt64)),
                  rules, path, violations);
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      CheckNumber(read(&Reflection::GetDouble, &Reflection::GetRepeatedDouble), rules, path,
                  violations);
      break;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int value = read(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue);
      if (field.enum_type()->FindValueByNumber(value) == nullptr) {
        violations.Add(path, absl::StrCat(value, " is no value of ", field.enum_type()->name()));
      } else if (index >= 0 && value == 0) {
        violations.Add(path, "must be set");
      }
      break;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& value = index < 0 ? reflection.GetMessage(message, &field)
                                       : reflection.GetRepeatedMessage(message, &field, index);
      CheckMessage(value, rules, path, violations);
      break;
    }
    default:
      break;  // booleans and unsigned numbers have no rules in the contract
  }
}

void CheckRepeated(const Message& message, const FieldDescriptor& field,
                   const v1::FieldRules& rules, const std::string& path, Violations& violations) {
  const int size = message.GetReflection()->FieldSize(message, &field);
  if (rules.max_items() > 0 && size > static_cast<int>(rules.max_items())) {
    violations.Add(
        path, absl::StrCat("has ", size, " elements, at most ", rules.max_items(), " are allowed"));
    return;
  }
  if (size < static_cast<int>(rules.min_items())) {
    violations.Add(
        path, absl::StrCat("has ", size, " elements, at least ", rules.min_items(), " are needed"));
  }
  if (rules.rows() || field.is_map()) return;
  for (int i = 0; i < size; ++i) {
    CheckValue(message, field, i, rules, absl::StrCat(path, "[", i, "]"), violations);
  }
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                             : reflection.HasField(message, &field);
}

// `required`, unless given, overrides which of the message's fields must be set.
void CheckFields(const Message& message, absl::string_view path,
                 const std::set<std::string>* required, Violations& violations) {
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (Behaves(field, google::api::OUTPUT_ONLY)) continue;
    const v1::FieldRules& rules = field.options().GetExtension(v1::rules);
    const std::string field_path =
        path.empty() ? field.name() : absl::StrCat(path, ".", field.name());
    if (!IsSet(message, field)) {
      const bool needed = required != nullptr ? required->contains(field.name())
                                              : Behaves(field, google::api::REQUIRED);
      if (needed) violations.Add(field_path, "is required");
      const bool checkable_zero = !field.has_presence() && !field.is_repeated() && !needed &&
                                  required == nullptr &&
                                  field.cpp_type() != FieldDescriptor::CPPTYPE_STRING;
      if (checkable_zero) CheckValue(message, field, -1, rules, field_path, violations);
      continue;
    }
    if (field.is_repeated()) {
      CheckRepeated(message, field, rules, field_path, violations);
    } else {
      CheckValue(message, field, -1, rules, field_path, violations);
    }
  }
}

// The fields of an update's resource that must be set.
std::set<std::string> RequiredOfUpdate(const google::protobuf::FieldMask& mask,
                                       const google::protobuf::Descriptor& resource) {
  std::set<std::string> required = {"name"};
  const bool all = mask.paths_size() == 1 && mask.paths(0) == "*";
  for (int i = 0; i < resource.field_count(); ++i) {
    const FieldDescriptor& field = *resource.field(i);
    const bool masked =
        std::find(mask.paths().begin(), mask.paths().end(), field.name()) != mask.paths().end();
    if (Behaves(field, google::api::REQUIRED) && !Behaves(field, google::api::IMMUTABLE) &&
        (all || masked)) {
      required.insert(field.name());
    }
  }
  return required;
}

absl::Status ValidateType(const google::protobuf::Descriptor& type, std::set<std::string>& seen) {
  if (!seen.insert(type.full_name()).second) return absl::OkStatus();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string& pattern = field.options().GetExtension(v1::rules).pattern();
    if (!pattern.empty() && !CompiledPattern(pattern).ok()) {
      return absl::InternalError(
          absl::StrCat("the pattern of ", field.full_name(), " is not valid: ", pattern));
    }
    if (field.message_type() == nullptr) continue;
    absl::Status status = ValidateType(*field.message_type(), seen);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

void CheckFieldRules(const Message& message, absl::string_view path, Violations& violations) {
  CheckFields(message, path, nullptr, violations);
}

void CheckRequest(const Message& request, Violations& violations) {
  const google::protobuf::Descriptor& type = *request.GetDescriptor();
  const FieldDescriptor* mask_field = type.FindFieldByName("update_mask");
  if (mask_field == nullptr) return CheckFieldRules(request, "", violations);
  const Reflection& reflection = *request.GetReflection();
  const auto& mask =
      static_cast<const google::protobuf::FieldMask&>(reflection.GetMessage(request, mask_field));
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (&field == mask_field) continue;
    if (field.message_type() != nullptr && Behaves(field, google::api::REQUIRED)) {
      if (!reflection.HasField(request, &field)) {
        violations.Add(field.name(), "is required");
        continue;
      }
      const std::set<std::string> required = RequiredOfUpdate(mask, *field.message_type());
      CheckFields(reflection.GetMessage(request, &field), field.name(), &required, violations);
    } else if (IsSet(request, field)) {
      CheckValue(request, field, -1, field.options().GetExtension(v1::rules), field.name(),
                 violations);
    }
  }
}

absl::Status ValidateRules(const google::protobuf::Descriptor& type) {
  std::set<std::string> seen;
  return ValidateType(type, seen);
}

}  // namespace kam::rpc
