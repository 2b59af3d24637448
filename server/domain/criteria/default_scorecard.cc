#include "domain/criteria/default_scorecard.h"

#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "domain/criteria/scorecard_rules.h"
#include "domain/criteria/scorecards.h"

namespace kam::domain {
namespace {

MetricRule Rule(Metric metric, double weight, std::vector<CurvePoint> curve) {
  return {.key = {.metric = metric}, .weight = weight, .curve = std::move(curve)};
}

Requirement Met(absl::string_view criterion) {
  return {.kind = Requirement::Kind::kCriterion, .criterion = std::string(criterion)};
}

Requirement Group(Requirement::Kind kind, std::vector<Requirement> children) {
  return {.kind = kind, .children = std::move(children)};
}

std::vector<Criterion> BehaviourCriteria() {
  return {
      {.id = "stable_orders",
       .display_name = "Places stable and regular orders",
       .metrics = {Rule(Metric::kActiveMonthShare, 2, {{0.1, 0}, {0.5, 60}, {0.9, 100}}),
                   Rule(Metric::kOrderIntervalCv, 1, {{0.25, 100}, {0.75, 60}, {1.5, 0}})},
       .pass_mark = 50,
       .weight = 25},
      {.id = "lifetime_potential",
       .display_name = "Has the potential of a lifetime customer",
       .metrics = {Rule(Metric::kPAlive, 1, {{0.2, 0}, {0.7, 60}, {0.95, 100}}),
                   Rule(Metric::kExpectedOrders12m, 2, {{0, 0}, {4, 60}, {12, 100}})},
       .pass_mark = 60,
       .weight = 25},
      {.id = "brand_loyalty",
       .display_name = "Values brand loyalty",
       .metrics = {Rule(Metric::kShareOfWallet, 1, {{0, 0}, {0.3, 60}, {0.6, 100}})},
       .pass_mark = 50,
       .weight = 15},
      {.id = "pays_for_service",
       .display_name = "Is willing to pay for a higher service level",
       .metrics = {Rule(Metric::kPriceRealisation, 2, {{0.7, 0}, {0.9, 60}, {1, 100}}),
                   Rule(Metric::kFullPriceShare, 1, {{0, 0}, {0.5, 60}, {1, 100}})},
       .pass_mark = 60,
       .weight = 10},
  };
}

std::vector<Criterion> ValueCriteria() {
  return {
      {.id = "revenue_share",
       .display_name = "Brings a large share of revenue",
       .metrics = {Rule(Metric::kParetoClass, 1, {{1, 100}, {2, 40}, {3, 0}}),
                   Rule(Metric::kRevenueShare, 1,
                        {{0, 0}, {0.0002, 40}, {0.001, 80}, {0.01, 100}})},
       .pass_mark = 60,
       .weight = 25,
       .required = true},
      {.id = "tenure",
       .display_name = "Has been with us for long",
       .metrics = {Rule(Metric::kTenureMonths, 1, {{0, 0}, {12, 60}, {36, 100}})},
       .pass_mark = 60,
       .weight = 5},
      {.id = "marketing_budget",
       .display_name = "Spends on marketing with us",
       .metrics = {Rule(Metric::kMarketingBudget, 1, {{0, 0}, {1, 100}})},
       .pass_mark = 50,
       .weight = 5},
  };
}

}  // namespace

ScorecardDefinition DefaultScorecard() {
  ScorecardDefinition definition;
  definition.criteria = BehaviourCriteria();
  for (Criterion& criterion : ValueCriteria()) {
    definition.criteria.push_back(std::move(criterion));
  }
  definition.tiers = {
      {.tier = Tier::kStrategic,
       .enter_score = 90,
       .leave_score = 85,
       .requirement = Group(
           Requirement::Kind::kAllOf,
           {Met("stable_orders"),
            Group(Requirement::Kind::kAnyOf, {Met("lifetime_potential"), Met("brand_loyalty")})})},
      {.tier = Tier::kKey,
       .enter_score = 75,
       .leave_score = 70,
       .requirement =
           Group(Requirement::Kind::kAnyOf, {Met("stable_orders"), Met("lifetime_potential")})},
      {.tier = Tier::kGrowth, .enter_score = 55, .leave_score = 50},
  };
  definition.min_evidence_share = 0.5;
  ResolveWindows(definition);
  return definition;
}

absl::Status SeedDefaultScorecard(store::Transaction& tx, absl::Time now) {
  const absl::StatusOr<Scorecard> found = tx.criteria().GetScorecard(kDefaultScorecardId);
  if (found.ok() && found->latest_revision > 0) return absl::OkStatus();
  if (absl::IsNotFound(found.status())) {
    Scorecard scorecard{.id = std::string(kDefaultScorecardId),
                        .display_name = "Default scorecard",
                        .definition = DefaultScorecard()};
    KAM_RETURN_IF_ERROR(CreateScorecard(tx, std::move(scorecard), now).status());
  } else if (!found.ok()) {
    return found.status();
  }
  return PublishScorecard(tx, kDefaultScorecardId, /*etag=*/"", now).status();
}

}  // namespace kam::domain
