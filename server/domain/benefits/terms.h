#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "model/benefits/benefit.h"
#include "model/benefits/budget.h"

// What can be read off a benefit's terms.
namespace kam::domain {

// The kind as the contract names its field: `discount`, `credit_terms`…; empty when none is set.
std::string KindField(const BenefitTerms& terms);

// An amount in the terms and its path there, such as `cost.fixed`.
struct PlacedAmount {
  std::string path;
  stored::v1::Money amount;
};

// All amounts: those of cost and value first, then those of the kind.
std::vector<PlacedAmount> AmountsOf(const BenefitTerms& terms);

// The currency of a benefit's amounts: its budget's, or without one (null) that of its cost.
std::string CurrencyOf(const Benefit& benefit, const Budget* budget);

// Seats that one grant takes: those of a club membership or an event, else 0.
int64_t SeatsOf(const BenefitTerms& terms);

}  // namespace kam::domain
