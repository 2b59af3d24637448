#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "base/enum_map.h"
#include "kam/stored/v1/benefit.pb.h"

namespace kam {

// What a benefit says is a document; its parts are used as they are kept.
using stored::v1::BenefitTerms;
using stored::v1::CostModel;
using stored::v1::Eligibility;
using stored::v1::PaymentMode;
using stored::v1::ValueModel;

// Numbers are those of the contract and of the store.
enum class BenefitState { kDraft = 1, kActive = 2, kRetired = 3 };

template <>
inline constexpr auto kEnumNames<BenefitState> = EnumMap<BenefitState, 3>{{{
    {BenefitState::kDraft, "DRAFT"},
    {BenefitState::kActive, "ACTIVE"},
    {BenefitState::kRetired, "RETIRED"},
}}};

// An entry of the catalogue.
struct Benefit {
  std::string id;
  std::string display_name;
  BenefitTerms terms;
  std::string stacking_group;  // or empty: stacks with all
  int32_t validity_days = 0;
  std::string budget_id;  // or empty
  BenefitState state = BenefitState::kDraft;
  bool was_activated = false;
  int64_t version = 0;  // the etag is made of it
  absl::Time create_time;
  absl::Time update_time;
};

}  // namespace kam
