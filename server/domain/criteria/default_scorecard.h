#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "model/criteria/scorecard.h"
#include "store/store.h"

namespace kam::domain {

inline constexpr absl::string_view kDefaultScorecardId = "default";

// The scorecard that is there from the start, meant to be copied and changed. Criteria:
//   stable_orders       orders come in most months and at even intervals
//   lifetime_potential  the account is alive and will order often, by the lifetime model
//   brand_loyalty       we have much of what it spends in our category
//   pays_for_service    it pays list prices
//   revenue_share       it brings a large share of our revenue; required for KEY
//   tenure              it has been with us for long
//   marketing_budget    it spends on marketing with us
// Nothing in it depends on the currency: money enters as shares and classes, and a marketing budget
// by being there. Low risk of bad debt, the fifth of the usual criteria, needs invoices and
// payments; they are not recorded yet, so it is not among them.
ScorecardDefinition DefaultScorecard();

// Creates the scorecard `default` and publishes its first revision, unless there is one.
absl::Status SeedDefaultScorecard(store::Transaction& tx);

}  // namespace kam::domain
