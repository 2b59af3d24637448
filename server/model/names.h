#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

// Resource names of the contract (AIP-122): `accounts/{account}/orders/{order}`.
namespace kam {

std::string AccountName(absl::string_view account);
std::string OrderName(absl::string_view account,
                      absl::string_view order);  // escapes the order's id
std::string ScorecardName(absl::string_view scorecard);
std::string RevisionName(absl::string_view scorecard, int32_t number);
std::string LifetimeModelName(int32_t number);             // empty for 0
std::string EvaluationName(absl::string_view evaluation);  // empty for an empty id
std::string AssessmentName(absl::string_view account, absl::string_view evaluation);
std::string BenefitName(absl::string_view benefit);
std::string BudgetName(absl::string_view budget);  // empty for an empty id
std::string BudgetEntryName(absl::string_view budget, int64_t number);
std::string EntitlementName(absl::string_view account, absl::string_view entitlement);
std::string PlanName(absl::string_view plan);  // empty for an empty id
std::string OperationName(absl::string_view operation);

// Whether `name` follows `pattern` (`accounts/{account}/orders/{order}`; alternatives are separated
// by ` | `). What a segment in braces accepts:
//   {order}            1 to 128 printable characters, percent-encoded but for A-Za-z0-9._~-
//   {number}, {entry}  a whole number from 1 without leading zeros
//   {…_or_dash}        the id, or `-`
//   any other          `[a-z0-9][a-z0-9-]{0,62}`
bool MatchesResourcePattern(absl::string_view name, absl::string_view pattern);

// The ids in a name that matched a pattern, in order, unescaped: every second segment.
// `accounts/acme/orders/a%2Fb` → {"acme", "a/b"}. An empty name has no ids.
std::vector<std::string> IdsOf(absl::string_view name);

// The last of the ids, or "" for an empty name: `benefits/gold` → "gold".
std::string LastId(absl::string_view name);

// The last of the ids as a number; 0 when it is none.
int32_t LastNumber(absl::string_view name);

// Percent-encoding of everything but A-Za-z0-9._~-
std::string EscapeSegment(absl::string_view id);

}  // namespace kam
