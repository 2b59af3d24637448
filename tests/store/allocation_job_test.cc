#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "domain/allocation/plans.h"
#include "domain/benefits/budgets.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/grants.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/allocation/names.h"
#include "model/benefits/names.h"
#include "model/error.h"
#include "model/etag.h"
#include "store/allocation/allocation_items.h"
#include "store/allocation/allocation_plans.h"
#include "store/operations/operations.h"
#include "support/allocation.h"
#include "support/benefits.h"
#include "support/facts.h"
#include "support/terms.h"
#include "support/test_database.h"

namespace kam::domain {
namespace {

using testing::AddAccounts;
using testing::AddBenefit;
using testing::AddBudget;
using testing::AddEvaluation;
using testing::Do;
using ::testing::Each;
using ::testing::ElementsAre;
using testing::MakeAssessment;
using testing::MakeBenefit;
using testing::MakeBudget;
using ::testing::Not;
using testing::RunToEnd;
using ::testing::StartsWith;
using testing::TestDatabase;
using testing::TestNow;

// Four accounts, two of them KEY: `gold` (300, for KEY ones) and `free` (for all) of budget `year`
// of 500; so one of the two gets gold.
class AllocationJobTest : public ::testing::Test {
 protected:
  AllocationJobTest() {
    EXPECT_TRUE(AddAccounts(*store_, {"acme", "blue", "cyan", "dead"}).ok());
    EXPECT_TRUE(AddBudget(*store_, MakeBudget("year", 500)).ok());
    Benefit gold = MakeBenefit("gold", "year", 300);
    gold.terms = testing::FromText<BenefitTerms>(R"(
        club_membership { level: "gold" seats: 2 }
        eligibility { tiers: TIER_KEY }
        cost { fixed { minor: 300 currency: "EUR" } }
        value { revenue_uplift_percent: 50 })");
    gold.stacking_group = "club";
    EXPECT_TRUE(AddBenefit(*store_, gold).ok());
    EXPECT_TRUE(AddBenefit(*store_, MakeBenefit("free")).ok());
    Evaluate("v1", TestNow() - absl::Hours(1));
  }

  void Evaluate(const std::string& id, absl::Time end_time) {
    StoredAssessment blue = MakeAssessment("blue");
    blue.expected_revenue_12m = 200'000;
    StoredAssessment cyan = MakeAssessment("cyan");
    cyan.tier = Tier::kStandard;
    ASSERT_TRUE(AddEvaluation(*store_, id, end_time,
                              {MakeAssessment("acme"), blue, cyan, MakeAssessment("dead")})
                    .ok());
  }
  // The account `dead` is deleted.
  void Delete(const std::string& id) {
    ASSERT_TRUE(Do(*store_, [&](store::Transaction& tx) -> absl::Status {
                  Account account = testing::MakeAccount(id);
                  account.delete_time = TestNow();
                  return store::UpdateAccount(tx, account, ChangeKind::kAccountUpdated);
                }).ok());
  }

  absl::StatusOr<Operation> Start(const PlanRequest& request = {.principal = "planner"}) {
    return store::TransactFor<Operation>(
        *store_, {}, [&](store::Transaction& tx) { return StartPlan(tx, request); });
  }
  // The id of a plan that was made.
  std::string Plan(const PlanRequest& request = {.principal = "planner"}) {
    const auto started = Start(request);
    EXPECT_TRUE(started.ok()) << started.status();
    const Operation ended = RunToEnd(*store_, clock_, started->id);
    EXPECT_EQ(ended.state, OperationState::kSucceeded) << ended.error;
    return AllocationPlanName::Parse(ended.target)->plan;
  }
  absl::StatusOr<Operation> StartCommitOf(const std::string& plan_id,
                                          const std::string& etag = "") {
    return store::TransactFor<Operation>(*store_, {}, [&](store::Transaction& tx) {
      return StartCommit(tx, plan_id, etag, "committer");
    });
  }
  Operation Commit(const std::string& plan_id) {
    const auto started = StartCommitOf(plan_id);
    EXPECT_TRUE(started.ok()) << started.status();
    return RunToEnd(*store_, clock_, started->id);
  }
  AllocationPlan GetPlan(const std::string& id) {
    return *store::TransactFor<AllocationPlan>(
        *store_, {}, [&](store::Transaction& tx) { return store::GetPlan(tx, id); });
  }
  // `account benefit decision` of each item.
  std::vector<std::string> Items(const std::string& plan_id) {
    const auto page =
        store::TransactFor<Page<AllocationItem>>(*store_, {}, [&](store::Transaction& tx) {
          return store::ListItems(tx, plan_id, "", false, {.size = 100});
        });
    std::vector<std::string> items;
    for (const AllocationItem& item : page->items) {
      items.push_back(absl::StrCat(item.account_id, " ", item.benefit_id, " ",
                                   static_cast<int>(item.decision)));
    }
    return items;
  }
  std::string Granted() {
    return database_.Sql(
        "SELECT string_agg(account_id || ' ' || benefit_id, ', ' ORDER BY account_id, benefit_id) "
        "FROM entitlements WHERE state = 1");
  }
  // The plan is stale for exactly these reasons, READY again, and nothing was granted by it.
  void ExpectStale(const std::string& plan_id, const std::vector<std::string>& changes,
                   const std::string& granted = "") {
    const Operation ended = Commit(plan_id);
    EXPECT_EQ(ended.state, OperationState::kFailed);
    ASSERT_TRUE(HasReason(ended.error, ErrorReason::kPlanStale)) << ended.error;
    std::vector<std::string> found;
    const auto details = GetErrorDetails(ended.error);
    for (const PreconditionViolation& violation : details->preconditions) {
      found.push_back(absl::StrCat(violation.type, " ", violation.subject));
    }
    EXPECT_EQ(found, changes);
    EXPECT_EQ(GetPlan(plan_id).state, PlanState::kReady);
    EXPECT_EQ(Granted(), granted);
  }
  absl::StatusOr<Entitlement> Grant(const std::string& account, const std::string& benefit) {
    return store::TransactFor<Entitlement>(*store_, {}, [&](store::Transaction& tx) {
      return testing::GrantOne(tx, {.account_id = account, .benefit_id = benefit});
    });
  }

  TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  SystemClock clock_;
};

TEST_F(AllocationJobTest, LeavesOutAccountsOfAnotherCurrency) {
  Delete("dead");
  database_.Sql("UPDATE accounts SET currency = 'JPY' WHERE account_id = 'blue'");
  EXPECT_THAT(Items(Plan()), Each(Not(StartsWith("blue "))));
}

TEST_F(AllocationJobTest, PlansBestValuePerCostWithinTheBudget) {
  Delete("dead");
  const std::string id = Plan();
  // Free ones first; then gold for blue, which brings twice as much; acme's is not affordable.
  EXPECT_THAT(Items(id), ElementsAre("acme free 1", "blue free 1", "cyan free 1", "blue gold 1",
                                     "acme gold 2"));
  const AllocationPlan plan = GetPlan(id);
  EXPECT_EQ(plan.state, PlanState::kReady);
  EXPECT_EQ(plan.evaluation_id, "v1");
  EXPECT_EQ(plan.currency, "EUR");
  EXPECT_EQ(plan.grants, 4);
  EXPECT_EQ(plan.accounts, 3);
  EXPECT_EQ(plan.cost, 300);
  EXPECT_EQ(plan.value, 300'000 + 8'219);  // 50 % of 2,000.00 over 30 of 365 days
  EXPECT_GE(plan.ready_time, TestNow());
  EXPECT_TRUE(testing::Same(plan.summary, testing::FromText<stored::v1::PlanSummary>(R"(
      budgets { budget_id: "year" version: 1 available: 500 reserved: 300 seats: 2 grants: 1 }
      benefits { benefit_id: "free" version: 1 candidates: 3 grants: 3 value: 300000 }
      benefits {
        benefit_id: "gold" version: 1 candidates: 2 grants: 1 cost: 300 value: 8219
      })")))
      << plan.summary.DebugString();
  EXPECT_EQ(Granted(), "");
}

TEST_F(AllocationJobTest, PlansAroundWhatIsHeldAndTheLimitPerAccount) {
  ASSERT_TRUE(Grant("blue", "gold").ok());
  ASSERT_TRUE(Grant("cyan", "free").ok());
  EXPECT_THAT(Items(Plan()), ElementsAre("acme free 1", "blue free 1", "cyan free 6", "dead free 1",
                                         "blue gold 6", "acme gold 2", "dead gold 2"));
  ASSERT_TRUE(
      Do(*store_, [](store::Transaction& tx) {
        return AdjustBudget(tx, "year", "", {.limit_change = Money{10'000, "EUR"}}).status();
      }).ok());
  database_.Sql("UPDATE budgets SET account_limit = 299");
  EXPECT_THAT(Items(Plan({.benefits = {"gold"}})),
              ElementsAre("blue gold 6", "acme gold 4", "dead gold 4"));
}

TEST_F(AllocationJobTest, RefusesToPlanWithWhatCannotBeUsed) {
  const auto reason = [&](const PlanRequest& request) {
    const auto details = GetErrorDetails(Start(request).status());
    return details ? absl::StrCat(static_cast<int>(details->reason), " ", details->resource) : "";
  };
  EXPECT_EQ(reason({.evaluation_id = "none"}), "20 evaluations/none");
  EXPECT_EQ(reason({.benefits = {"free", "none"}}), "20 benefits/none");
  Benefit draft = MakeBenefit("draft");
  draft.state = BenefitState::kDraft;
  ASSERT_TRUE(AddBenefit(*store_, draft).ok());
  EXPECT_EQ(reason({.benefits = {"draft"}}), "61 benefits/draft");
  database_.Sql("UPDATE evaluations SET state = 1 WHERE evaluation_id = 'v1'");
  EXPECT_EQ(reason({.evaluation_id = "v1"}), "61 evaluations/v1");
  EXPECT_EQ(reason({}), "20 evaluations/-");
  database_.Sql("UPDATE evaluations SET state = 2, currency = 'USD'");
  EXPECT_EQ(reason({.benefits = {"gold"}}), "63 budgets/year");
  // Nothing of it was kept.
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM allocation_plans"), "0");
}

TEST_F(AllocationJobTest, APlanThatCannotBeMadeFails) {
  const auto started = Start({.benefits = {"gold"}});
  ASSERT_TRUE(started.ok()) << started.status();
  database_.Sql("UPDATE budgets SET end_time = start_time + interval '1 day'");
  const Operation ended = RunToEnd(*store_, clock_, started->id);
  EXPECT_EQ(ended.state, OperationState::kFailed);
  EXPECT_TRUE(HasReason(ended.error, ErrorReason::kWrongState)) << ended.error;
  EXPECT_EQ(GetPlan(AllocationPlanName::Parse(ended.target)->plan).state, PlanState::kFailed);
}

TEST_F(AllocationJobTest, ACommitGrantsAllOfThePlan) {
  Delete("dead");
  const std::string id = Plan();
  const Operation ended = Commit(id);
  EXPECT_EQ(ended.state, OperationState::kSucceeded) << ended.error;
  EXPECT_EQ(Granted(), "acme free, blue free, blue gold, cyan free");
  EXPECT_EQ(GetPlan(id).state, PlanState::kCommitted);
  EXPECT_GE(GetPlan(id).commit_time, TestNow());
  EXPECT_EQ(database_.Sql("SELECT concat_ws(' ', reserved, seats_reserved, entries) FROM budgets"),
            "300 2 2");
  EXPECT_EQ(database_.Sql("SELECT concat_ws(' ', kind, amount, seats, account_id, principal) "
                          "FROM budget_entries WHERE number = 2"),
            "1 300 2 blue committer");
  EXPECT_EQ(database_.Sql("SELECT concat_ws(' ', plan_id, evaluation_id, reserved_cost, seats, "
                          "  stacking_group, extract(day FROM end_time - start_time)) "
                          "FROM entitlements WHERE benefit_id = 'gold'"),
            absl::StrCat(id, " v1 300 2 club 30"));
  EXPECT_EQ(database_.Sql("SELECT string_agg(account_id || version, ' ' ORDER BY account_id) FROM "
                          "(SELECT c.account_id, c.version FROM changes c JOIN entitlements e "
                          " ON c.resource = 'accounts/' || e.account_id || '/entitlements/' "
                          "   || e.entitlement_id WHERE c.kind = 'entitlement.granted') AS c"),
            "acme1 blue1 blue1 cyan1");
  EXPECT_EQ(database_.Sql("SELECT concat_ws(' ', resource, version) FROM changes "
                          "WHERE kind = 'budget.moved'"),
            "budgets/year 2");
}

TEST_F(AllocationJobTest, ACommitRepeatedAnswersTheFirst) {
  const std::string id = Plan();
  const std::string etag = EtagOf(GetPlan(id).version);
  EXPECT_TRUE(HasReason(StartCommitOf(id, "v99").status(), ErrorReason::kEtagMismatch));
  const auto first = StartCommitOf(id, etag);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(StartCommitOf(id, etag)->id, first->id);
  ASSERT_EQ(RunToEnd(*store_, clock_, first->id).state, OperationState::kSucceeded);
  const std::string granted = Granted();
  EXPECT_EQ(StartCommitOf(id, etag)->id, first->id);
  // Even when its operation is gone, nothing is granted twice.
  ASSERT_TRUE(Do(*store_, [&](store::Transaction& tx) {
                return store::DeleteOperation(tx, first->id);
              }).ok());
  const Operation again = Commit(id);
  EXPECT_NE(again.id, first->id);
  EXPECT_EQ(again.state, OperationState::kSucceeded) << again.error;
  EXPECT_EQ(Granted(), granted);
  EXPECT_EQ(database_.Sql("SELECT reserved FROM budgets"), "300");
}

TEST_F(AllocationJobTest, WhatIsCommittedIsNotCancelledAfterwards) {
  const Operation ended = Commit(Plan());
  const std::string granted = Granted();
  // The server died after it had committed the plan, and the operation is cancelled then.
  database_.Sql(
      "UPDATE operations SET state = 2, cancel_requested = true, end_time = NULL "
      "WHERE kind = 4");
  const Operation again = RunToEnd(*store_, clock_, ended.id);
  EXPECT_EQ(again.state, OperationState::kSucceeded) << again.error;
  EXPECT_EQ(Granted(), granted);
}

TEST_F(AllocationJobTest, OnlyAReadyPlanCanBeCommitted) {
  const auto started = Start();
  const std::string id = AllocationPlanName::Parse(started->target)->plan;
  EXPECT_TRUE(HasReason(StartCommitOf(id).status(), ErrorReason::kWrongState));
  EXPECT_TRUE(HasReason(StartCommitOf("none").status(), ErrorReason::kResourceNotFound));
}

TEST_F(AllocationJobTest, ADiscardedPlanCannotBeCommittedNorACommittedOneDiscarded) {
  const auto discard = [&](const std::string& id, const std::string& etag = "") {
    return store::TransactFor<AllocationPlan>(
        *store_, {}, [&](store::Transaction& tx) { return DiscardPlan(tx, id, etag); });
  };
  const std::string id = Plan();
  EXPECT_TRUE(HasReason(discard(id, "v99").status(), ErrorReason::kEtagMismatch));
  EXPECT_EQ(discard(id)->state, PlanState::kDiscarded);
  EXPECT_EQ(discard(id)->state, PlanState::kDiscarded);
  EXPECT_TRUE(HasReason(StartCommitOf(id).status(), ErrorReason::kWrongState));
  const std::string other = Plan();
  ASSERT_TRUE(StartCommitOf(other).ok());
  EXPECT_TRUE(HasReason(discard(other).status(), ErrorReason::kWrongState));
  // A plan discarded while it is made stays so.
  const auto started = Start();
  ASSERT_TRUE(discard(AllocationPlanName::Parse(started->target)->plan).ok());
  EXPECT_EQ(RunToEnd(*store_, clock_, started->id).state, OperationState::kFailed);
  EXPECT_EQ(GetPlan(AllocationPlanName::Parse(started->target)->plan).state, PlanState::kDiscarded);
}

TEST_F(AllocationJobTest, StaleWhenANewerEvaluationFinished) {
  const std::string id = Plan();
  Evaluate("v2", TestNow());
  ExpectStale(id, {"EVALUATION evaluations/v1"});
  // Planned anew it can be committed.
  EXPECT_EQ(Commit(Plan()).state, OperationState::kSucceeded);
}

TEST_F(AllocationJobTest, StaleWhenABenefitChanged) {
  const std::string id = Plan();
  ASSERT_TRUE(Do(*store_, [](store::Transaction& tx) {
                return RetireBenefit(tx, "free", "").status();
              }).ok());
  ExpectStale(id, {"BENEFIT benefits/free"});
}

TEST_F(AllocationJobTest, StaleWhenABudgetChanged) {
  const std::string id = Plan();
  ASSERT_TRUE(Grant("acme", "gold").ok());
  // All that changed is named at once.
  Evaluate("v2", TestNow());
  ExpectStale(id, {"EVALUATION evaluations/v1", "BUDGET budgets/year"}, "acme gold");
  EXPECT_EQ(database_.Sql("SELECT reserved FROM budgets"), "300");
}

TEST_F(AllocationJobTest, StaleWhenThePeriodOfTheBudgetIsOver) {
  const std::string id = Plan();
  database_.Sql("UPDATE budgets SET end_time = now()");
  ExpectStale(id, {"BUDGET budgets/year"});
}

TEST_F(AllocationJobTest, StaleWhenAnAccountWasDeleted) {
  const std::string id = Plan();
  Delete("cyan");
  ExpectStale(id, {"ACCOUNT accounts/cyan"});
}

TEST_F(AllocationJobTest, StaleWhenAnAccountGotTheBenefitMeanwhile) {
  const std::string id = Plan();
  const auto granted = Grant("cyan", "free");  // no budget tells of it
  ASSERT_TRUE(granted.ok());
  ExpectStale(id, {absl::StrCat("ENTITLEMENT ", EntitlementName{"cyan", granted->id}.ToString())},
              "cyan free");
}

TEST_F(AllocationJobTest, ACommitThatFailsAtTheEndLeavesNothing) {
  const std::string id = Plan();
  // The very last thing written is refused.
  database_.Sql("ALTER TABLE budget_entries ADD CHECK (number < 2)");
  const Operation ended = Commit(id);
  EXPECT_EQ(ended.state, OperationState::kFailed);
  EXPECT_EQ(GetPlan(id).state, PlanState::kReady);
  EXPECT_EQ(Granted(), "");
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM budget_entries"), "1");
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM changes WHERE kind = 'entitlement.granted'"), "0");
}

TEST_F(AllocationJobTest, AnEmptyPlanCanBeCommitted) {
  database_.Sql("UPDATE benefits SET state = 3");
  const std::string id = Plan();
  EXPECT_EQ(GetPlan(id).grants, 0);
  EXPECT_EQ(Commit(id).state, OperationState::kSucceeded);
}

// A commit that was given up without marking its plan, as when the plan could not be read.
class StrandedPlanTest : public AllocationJobTest {
 protected:
  StrandedPlanTest() {
    id_ = Plan();
    commit_ = *StartCommitOf(id_);
    database_.Sql("UPDATE operations SET state = 4, end_time = now() WHERE kind = 4");
    EXPECT_EQ(GetPlan(id_).state, PlanState::kCommitting);
  }
  int64_t Settle() {
    return *store::TransactFor<int64_t>(*store_, {.isolation = store::Isolation::kRepeatableRead},
                                        SettleStrandedPlans);
  }

  std::string id_;
  Operation commit_;
};

TEST_F(StrandedPlanTest, IsBroughtBackAndCanBeCommitted) {
  EXPECT_EQ(Settle(), 1);
  EXPECT_EQ(GetPlan(id_).state, PlanState::kReady);
  EXPECT_EQ(Settle(), 0);
  EXPECT_EQ(database_.Sql("SELECT string_agg(kind, ' ' ORDER BY version) FROM changes "
                          "WHERE resource LIKE 'allocationPlans/%'"),
            "plan.created plan.ready plan.committing plan.ready");
  EXPECT_EQ(Commit(id_).state, OperationState::kSucceeded);
  EXPECT_EQ(GetPlan(id_).state, PlanState::kCommitted);
}

TEST_F(StrandedPlanTest, CanBeCommittedAtOnce) {
  const auto again = StartCommitOf(id_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_NE(again->id, commit_.id);
  EXPECT_EQ(RunToEnd(*store_, clock_, again->id).state, OperationState::kSucceeded);
  EXPECT_EQ(GetPlan(id_).state, PlanState::kCommitted);
}

TEST_F(StrandedPlanTest, NothingUnderWayIsTouched) {
  EXPECT_EQ(Settle(), 1);
  ASSERT_TRUE(StartCommitOf(id_).ok());  // not run: it waits
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Settle(), 0);
  EXPECT_EQ(GetPlan(id_).state, PlanState::kCommitting);
  // One that was being made when its operation ended has failed.
  database_.Sql("UPDATE operations SET state = 4, end_time = now() WHERE kind = 3");
  EXPECT_EQ(Settle(), 1);
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM allocation_plans WHERE state = 6"), "1");
}

}  // namespace
}  // namespace kam::domain
