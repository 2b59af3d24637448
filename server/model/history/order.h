#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "base/enum_map.h"

namespace kam {

// Numbers are those of the contract and of the store.
enum class ServiceLevel { kStandard = 1, kExpress = 2, kPremium = 3 };
enum class OrderStatus { kPlaced = 1, kCompleted = 2, kCancelled = 3, kReturned = 4 };

template <>
inline constexpr auto kEnumNames<ServiceLevel> = EnumMap<ServiceLevel, 3>{{{
    {ServiceLevel::kStandard, "STANDARD"},
    {ServiceLevel::kExpress, "EXPRESS"},
    {ServiceLevel::kPremium, "PREMIUM"},
}}};

template <>
inline constexpr auto kEnumNames<OrderStatus> = EnumMap<OrderStatus, 4>{{{
    {OrderStatus::kPlaced, "PLACED"},
    {OrderStatus::kCompleted, "COMPLETED"},
    {OrderStatus::kCancelled, "CANCELLED"},
    {OrderStatus::kReturned, "RETURNED"},
}}};

// What was ordered; two recordings with equal content are the same fact. Amounts are minor units of
// the account's currency; times are whole microseconds.
struct OrderContent {
  absl::Time order_time;
  int64_t list_amount = 0;
  int64_t net_amount = 0;
  ServiceLevel service_level = ServiceLevel::kStandard;
  OrderStatus status = OrderStatus::kPlaced;
  std::string brand;
  std::string channel;

  friend bool operator==(const OrderContent&, const OrderContent&) = default;
};

// One version of an order.
struct Order {
  std::string account_id;
  std::string order_id;  // the caller's id, not escaped
  std::string currency;
  OrderContent content;
  int32_t version = 0;  // from 1
  absl::Time record_time;
  std::optional<absl::Time> superseded_time;  // absent for the current version
};

}  // namespace kam
