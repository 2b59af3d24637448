#include "rpc/contract/convert.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "google/protobuf/descriptor.h"

namespace kam::rpc {
namespace {

constexpr int64_t kNanosPerUnit = 1'000'000'000;

}  // namespace

void Violations::Add(absl::string_view field, absl::string_view description) {
  found_.push_back({std::string(field), std::string(description)});
}

absl::Status Violations::ToStatus() const {
  return found_.empty() ? absl::OkStatus() : InvalidFields(found_);
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / 1000);
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  int64_t seconds = micros / 1'000'000;
  int64_t rest = micros % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  google::protobuf::Timestamp proto;
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>(rest * 1000));
  return proto;
}

std::optional<Money> FromProto(const google::type::Money& money, absl::string_view field,
                               Violations& violations) {
  const std::optional<int> decimals = CurrencyDecimals(money.currency_code());
  if (!decimals) {
    violations.Add(absl::StrCat(field, ".currency_code"),
                   absl::StrCat("'", money.currency_code(), "' is not a currency of ISO 4217"));
    return std::nullopt;
  }
  const int64_t minor_per_unit = MinorPerUnit(money.currency_code());
  const int64_t nanos_per_minor = kNanosPerUnit / minor_per_unit;
  if (money.nanos() % nanos_per_minor != 0) {
    violations.Add(absl::StrCat(field, ".nanos"),
                   absl::StrCat(money.currency_code(), " has ", *decimals, " decimals, not more"));
    return std::nullopt;
  }
  int64_t minor = 0;
  if (__builtin_mul_overflow(money.units(), minor_per_unit, &minor) ||
      __builtin_add_overflow(minor, money.nanos() / nanos_per_minor, &minor)) {
    violations.Add(field, "does not fit into 64 bits of minor units");
    return std::nullopt;
  }
  return Money{minor, money.currency_code()};
}

std::optional<int64_t> MinorFromProto(const google::type::Money& money, absl::string_view currency,
                                      absl::string_view field, Violations& violations) {
  std::optional<Money> amount = FromProto(money, field, violations);
  if (!amount) return std::nullopt;
  if (amount->currency != currency) {
    violations.Add(absl::StrCat(field, ".currency_code"),
                   absl::StrCat("must be ", currency, ", is ", amount->currency));
    return std::nullopt;
  }
  return amount->minor;
}

google::type::Money MoneyToProto(int64_t minor, absl::string_view currency) {
  const int64_t minor_per_unit = MinorPerUnit(currency);
  google::type::Money money;
  money.set_currency_code(std::string(currency));
  money.set_units(minor / minor_per_unit);
  money.set_nanos(static_cast<int32_t>(minor % minor_per_unit * (kNanosPerUnit / minor_per_unit)));
  return money;
}

google::type::Money ToProto(const Money& money) {
  return MoneyToProto(money.minor, money.currency);
}

std::vector<std::string> UpdatePaths(const google::protobuf::FieldMask& mask,
                                     const google::protobuf::Message& resource,
                                     const std::vector<std::string>& allowed,
                                     Violations& violations) {
  if (mask.paths_size() == 1 && mask.paths(0) == "*") return allowed;
  std::vector<std::string> paths;
  if (mask.paths().empty()) {
    std::vector<const google::protobuf::FieldDescriptor*> set;
    resource.GetReflection()->ListFields(resource, &set);
    for (const google::protobuf::FieldDescriptor* field : set) {
      if (std::find(allowed.begin(), allowed.end(), field->name()) != allowed.end()) {
        paths.push_back(field->name());
      }
    }
    return paths;
  }
  for (const std::string& path : mask.paths()) {
    if (std::find(allowed.begin(), allowed.end(), path) == allowed.end()) {
      violations.Add("update_mask", absl::StrCat("'", path, "' cannot be changed"));
    } else {
      paths.push_back(path);
    }
  }
  return paths;
}

}  // namespace kam::rpc
