#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/enum_map.h"

namespace kam {

// The id of an account in another system.
struct ExternalId {
  std::string system;
  std::string id;

  friend auto operator<=>(const ExternalId&, const ExternalId&) = default;
};

// What a caller says of an account. Amounts are minor units of `currency`.
struct AccountContent {
  std::string display_name;
  std::string parent_id;                 // account id, or empty
  std::vector<ExternalId> external_ids;  // sorted, distinct
  std::string currency;                  // ISO 4217; never changes
  std::string industry;
  std::optional<int64_t> declared_annual_spend;
  std::optional<int64_t> marketing_budget;
  std::map<std::string, std::string> labels;

  friend bool operator==(const AccountContent&, const AccountContent&) = default;
};

// A customer.
struct Account {
  std::string id;
  AccountContent content;
  int64_t version = 0;  // 1 at creation, one more with every change; the etag is made of it
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> delete_time;  // set while it is soft-deleted
};

// A condition of a list filter: `field` `operation` `value`.
struct AccountFilterTerm {
  enum class Field { kIndustry, kCurrency, kParent, kLabel, kDisplayName };
  enum class Operation { kEquals, kNotEquals, kContains };

  Field field;
  std::string label;  // the key, for kLabel
  Operation operation;
  std::string value;
};

// As filters spell them; a label is followed by its key.
template <>
inline constexpr auto kEnumNames<AccountFilterTerm::Field> = EnumMap<AccountFilterTerm::Field, 5>{{{
    {AccountFilterTerm::Field::kIndustry, "industry"},
    {AccountFilterTerm::Field::kCurrency, "currency_code"},
    {AccountFilterTerm::Field::kParent, "parent_account"},
    {AccountFilterTerm::Field::kLabel, "labels"},
    {AccountFilterTerm::Field::kDisplayName, "display_name"},
}}};

template <>
inline constexpr auto kEnumNames<AccountFilterTerm::Operation> =
    EnumMap<AccountFilterTerm::Operation, 3>{{{
        {AccountFilterTerm::Operation::kEquals, "="},
        {AccountFilterTerm::Operation::kNotEquals, "!="},
        {AccountFilterTerm::Operation::kContains, ":"},
    }}};

// What a list of accounts is asked for.
struct AccountQuery {
  enum class Order { kId, kCreateTime, kDisplayName };

  std::vector<AccountFilterTerm> filter;  // all must hold
  Order order = Order::kId;
  bool descending = false;
  bool show_deleted = false;
};

}  // namespace kam
