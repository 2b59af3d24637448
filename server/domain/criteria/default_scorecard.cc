#include "domain/criteria/default_scorecard.h"

#include <string>
#include <utility>

#include "base/status_macros.h"
#include "domain/criteria/scorecard_rules.h"
#include "domain/criteria/scorecards.h"
#include "google/protobuf/text_format.h"
#include "store/criteria/scorecards.h"

namespace kam::domain {
namespace {

constexpr char kDefinition[] = R"pb(
  criteria {
    id: "stable_orders"
    display_name: "Places stable and regular orders"
    metrics {
      metric: METRIC_ACTIVE_MONTH_SHARE
      weight: 2
      curve { value: 0.1 score: 0 }
      curve { value: 0.5 score: 60 }
      curve { value: 0.9 score: 100 }
    }
    metrics {
      metric: METRIC_ORDER_INTERVAL_CV
      weight: 1
      curve { value: 0.25 score: 100 }
      curve { value: 0.75 score: 60 }
      curve { value: 1.5 score: 0 }
    }
    pass_mark: 50
    weight: 25
  }
  criteria {
    id: "lifetime_potential"
    display_name: "Has the potential of a lifetime customer"
    metrics {
      metric: METRIC_P_ALIVE
      weight: 1
      curve { value: 0.2 score: 0 }
      curve { value: 0.7 score: 60 }
      curve { value: 0.95 score: 100 }
    }
    metrics {
      metric: METRIC_EXPECTED_ORDERS_12M
      weight: 2
      curve { value: 0 score: 0 }
      curve { value: 4 score: 60 }
      curve { value: 12 score: 100 }
    }
    pass_mark: 60
    weight: 25
  }
  criteria {
    id: "brand_loyalty"
    display_name: "Values brand loyalty"
    metrics {
      metric: METRIC_SHARE_OF_WALLET
      weight: 1
      curve { value: 0 score: 0 }
      curve { value: 0.3 score: 60 }
      curve { value: 0.6 score: 100 }
    }
    pass_mark: 50
    weight: 15
  }
  criteria {
    id: "pays_for_service"
    display_name: "Is willing to pay for a higher service level"
    metrics {
      metric: METRIC_PRICE_REALISATION
      weight: 2
      curve { value: 0.7 score: 0 }
      curve { value: 0.9 score: 60 }
      curve { value: 1 score: 100 }
    }
    metrics {
      metric: METRIC_FULL_PRICE_SHARE
      weight: 1
      curve { value: 0 score: 0 }
      curve { value: 0.5 score: 60 }
      curve { value: 1 score: 100 }
    }
    pass_mark: 60
    weight: 10
  }
  criteria {
    id: "revenue_share"
    display_name: "Brings a large share of revenue"
    metrics {
      metric: METRIC_PARETO_CLASS
      weight: 1
      curve { value: 1 score: 100 }
      curve { value: 2 score: 40 }
      curve { value: 3 score: 0 }
    }
    metrics {
      metric: METRIC_REVENUE_SHARE
      weight: 1
      curve { value: 0 score: 0 }
      curve { value: 0.0002 score: 40 }
      curve { value: 0.001 score: 80 }
      curve { value: 0.01 score: 100 }
    }
    pass_mark: 60
    weight: 25
    required: true
  }
  criteria {
    id: "tenure"
    display_name: "Has been with us for long"
    metrics {
      metric: METRIC_TENURE_MONTHS
      weight: 1
      curve { value: 0 score: 0 }
      curve { value: 12 score: 60 }
      curve { value: 36 score: 100 }
    }
    pass_mark: 60
    weight: 5
  }
  criteria {
    id: "marketing_budget"
    display_name: "Spends on marketing with us"
    metrics {
      metric: METRIC_MARKETING_BUDGET
      weight: 1
      curve { value: 0 score: 0 }
      curve { value: 1 score: 100 }
    }
    pass_mark: 50
    weight: 5
  }
  tiers {
    tier: TIER_STRATEGIC
    enter_score: 90
    leave_score: 85
    requirement {
      all_of {
        requirements { criterion: "stable_orders" }
        requirements {
          any_of {
            requirements { criterion: "lifetime_potential" }
            requirements { criterion: "brand_loyalty" }
          }
        }
      }
    }
  }
  tiers {
    tier: TIER_KEY
    enter_score: 75
    leave_score: 70
    requirement {
      any_of {
        requirements { criterion: "stable_orders" }
        requirements { criterion: "lifetime_potential" }
      }
    }
  }
  tiers { tier: TIER_GROWTH enter_score: 55 leave_score: 50 }
  min_evidence_share: 0.5
)pb";

}  // namespace

ScorecardDefinition DefaultScorecard() {
  ScorecardDefinition definition;
  // A text that cannot be read leaves the definition empty, which no scorecard may be.
  if (!google::protobuf::TextFormat::ParseFromString(kDefinition, &definition)) definition.Clear();
  ResolveDefaults(definition);
  return definition;
}

absl::Status SeedDefaultScorecard(store::Transaction& tx) {
  const absl::StatusOr<Scorecard> found = store::GetScorecard(tx, kDefaultScorecardId);
  if (found.ok() && found->latest_revision > 0) return absl::OkStatus();
  if (absl::IsNotFound(found.status())) {
    Scorecard scorecard{.id = std::string(kDefaultScorecardId),
                        .display_name = "Default scorecard",
                        .definition = DefaultScorecard()};
    KAM_RETURN_IF_ERROR(CreateScorecard(tx, std::move(scorecard)).status());
  } else if (!found.ok()) {
    return found.status();
  }
  return PublishScorecard(tx, kDefaultScorecardId, /*etag=*/"").status();
}

}  // namespace kam::domain
