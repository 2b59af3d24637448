#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "base/enum_map.h"

namespace kam {

// Money and seats that pay for benefits; amounts are minor units of `currency`. The store holds
// reserved + spent ≤ limit and seats_reserved ≤ seat_limit under any concurrency.
struct Budget {
  std::string id;
  std::string display_name;
  std::string currency;
  int64_t limit = 0;
  std::optional<int64_t> account_limit;
  std::optional<int64_t> seat_limit;
  absl::Time start_time;
  absl::Time end_time;
  int64_t reserved = 0;
  int64_t spent = 0;
  int64_t seats_reserved = 0;
  int64_t entries = 0;  // lines of the ledger
  int64_t version = 0;  // the etag is made of it; the lines of one transaction are one step
  absl::Time create_time;
  absl::Time update_time;
};

enum class BudgetEntryKind { kReserve = 1, kRelease = 2, kSpend = 3, kAdjust = 4 };

template <>
inline constexpr auto kEnumNames<BudgetEntryKind> = EnumMap<BudgetEntryKind, 4>{{{
    {BudgetEntryKind::kReserve, "RESERVE"},
    {BudgetEntryKind::kRelease, "RELEASE"},
    {BudgetEntryKind::kSpend, "SPEND"},
    {BudgetEntryKind::kAdjust, "ADJUST"},
}}};

// A line of the ledger.
struct BudgetEntry {
  std::string budget_id;
  int64_t number = 0;  // from 1, without gaps
  BudgetEntryKind kind = BudgetEntryKind::kReserve;
  int64_t amount = 0;
  int64_t seats = 0;
  std::string account_id;      // or empty
  std::string entitlement_id;  // or empty
  std::string reason;
  std::string principal;
  absl::Time create_time;
};

}  // namespace kam
