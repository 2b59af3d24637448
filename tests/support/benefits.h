#pragma once

// Small budgets, benefits and assessments to test with.

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "domain/benefits/budgets.h"
#include "domain/benefits/grants.h"
#include "model/benefits/benefit.h"
#include "model/benefits/budget.h"
#include "model/criteria/evaluation.h"
#include "store/benefits/benefits.h"
#include "store/criteria/assessments.h"
#include "store/criteria/evaluations.h"
#include "store/store.h"

namespace kam::testing {

// When the test began, to the microsecond; a little before what the database says of its
// transactions.
inline absl::Time TestNow() {
  static const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
  return now;
}

// Of EUR, open for a year around TestNow.
inline Budget MakeBudget(const std::string& id, int64_t limit) {
  Budget budget;
  budget.id = id;
  budget.display_name = "Budget " + id;
  budget.currency = "EUR";
  budget.limit = limit;
  budget.start_time = TestNow() - absl::Hours(24 * 180);
  budget.end_time = TestNow() + absl::Hours(24 * 180);
  return budget;
}

// An active contact at a fixed cost, paid by `budget_id` (or free when that is empty), for anyone.
inline Benefit MakeBenefit(const std::string& id, const std::string& budget_id = "",
                           int64_t cost = 0, int64_t value = 100'000) {
  Benefit benefit;
  benefit.id = id;
  benefit.display_name = "Benefit " + id;
  benefit.terms.mutable_dedicated_contact()->set_role("support");
  benefit.terms.mutable_cost()->mutable_fixed()->set_minor(cost);
  benefit.terms.mutable_cost()->mutable_fixed()->set_currency("EUR");
  benefit.terms.mutable_value()->mutable_fixed()->set_minor(value);
  benefit.terms.mutable_value()->mutable_fixed()->set_currency("EUR");
  benefit.validity_days = 30;
  benefit.budget_id = budget_id;
  benefit.state = BenefitState::kActive;
  benefit.was_activated = true;
  benefit.version = 1;
  benefit.create_time = TestNow();
  benefit.update_time = TestNow();
  return benefit;
}

// Of a KEY account with 1,000.00 EUR and 10 orders a year.
inline StoredAssessment MakeAssessment(const std::string& account_id) {
  StoredAssessment assessment;
  assessment.account_id = account_id;
  assessment.score = 75;
  assessment.tier = Tier::kKey;
  assessment.rank = 1;
  assessment.revenue_12m = 90'000;
  assessment.expected_revenue_12m = 100'000;
  assessment.expected_orders_12m = 10;
  assessment.pareto_class = 1;
  assessment.criteria_met = {"loyal"};
  return assessment;
}

// Runs `body` in a transaction of its own.
inline absl::Status Do(store::Store& store,
                       absl::FunctionRef<absl::Status(store::Transaction&)> body) {
  return store.Transact({}, body);
}

inline absl::Status AddBudget(store::Store& store, const Budget& budget) {
  return Do(store, [&](store::Transaction& tx) {
    return domain::CreateBudget(tx, budget, "tester").status();
  });
}

inline absl::Status AddBenefit(store::Store& store, const Benefit& benefit) {
  return Do(store, [&](store::Transaction& tx) { return store::InsertBenefit(tx, benefit); });
}

// Adds an evaluation of the scorecard `default` that succeeded at `end_time`, with its assessments.
inline absl::Status AddEvaluation(store::Store& store, const std::string& id, absl::Time end_time,
                                  std::vector<StoredAssessment> assessments) {
  Evaluation evaluation;
  evaluation.id = id;
  evaluation.scorecard_id = "default";
  evaluation.scorecard_revision = 1;
  evaluation.as_of_day = 19'000;
  evaluation.currency = "EUR";
  evaluation.accounts = static_cast<int64_t>(assessments.size());
  evaluation.create_time = end_time - absl::Seconds(1);
  evaluation.version = 1;
  for (StoredAssessment& assessment : assessments) assessment.evaluation_id = id;
  return Do(store, [&](store::Transaction& tx) -> absl::Status {
    Evaluation ended = evaluation;
    ended.state = RunState::kSucceeded;
    ended.end_time = end_time;
    ended.end_number = absl::ToUnixMicros(end_time);
    ended.version = 2;
    KAM_RETURN_IF_ERROR(store::InsertEvaluation(tx, evaluation));
    KAM_RETURN_IF_ERROR(store::InsertAssessments(tx, assessments));
    return store::UpdateEvaluation(tx, ended, ChangeKind::kEvaluationSucceeded);
  });
}

// Grants to one account by itself.
inline absl::StatusOr<Entitlement> GrantOne(store::Transaction& tx,
                                            const domain::GrantRequest& request) {
  auto verdicts = domain::GrantEntitlements(tx, {&request, 1});
  if (!verdicts.ok()) return verdicts.status();
  return *std::move(verdicts->front());
}

// Revokes one entitlement by itself.
inline absl::StatusOr<Entitlement> RevokeOne(store::Transaction& tx,
                                             const domain::RevokeRequest& request) {
  auto verdicts = domain::RevokeEntitlements(tx, {&request, 1});
  if (!verdicts.ok()) return verdicts.status();
  return *std::move(verdicts->front());
}

}  // namespace kam::testing
