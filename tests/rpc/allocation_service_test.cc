#include "rpc/allocation/allocation_service.h"
#include "rpc/invoke.h"

#include <memory>
#include <string>

#include "base/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kam/v1/operation_metadata.pb.h"
#include "model/error.h"
#include "model/operations/names.h"
#include "rpc/operations/operation_convert.h"
#include "store/operations/operations.h"
#include "support/allocation.h"
#include "support/benefits.h"
#include "support/facts.h"
#include "support/test_database.h"

namespace kam::rpc {
namespace {

using google::longrunning::Operation;
using testing::AddAccounts;
using testing::AddBenefit;
using testing::AddBudget;
using testing::AddEvaluation;
using testing::MakeAssessment;
using testing::MakeBenefit;
using testing::MakeBudget;
using testing::TestDatabase;
using testing::TestNow;

class AllocationServiceTest : public ::testing::Test {
 protected:
  AllocationServiceTest() {
    EXPECT_TRUE(AddAccounts(*store_, {"acme", "blue"}).ok());
    EXPECT_TRUE(AddBudget(*store_, MakeBudget("year", 500)).ok());
    EXPECT_TRUE(AddBenefit(*store_, MakeBenefit("gold", "year", 300)).ok());
    EXPECT_TRUE(
        AddEvaluation(*store_, "v1", TestNow(), {MakeAssessment("acme"), MakeAssessment("blue")})
            .ok());
  }

  template <typename Method, typename Request>
  auto Ask(Method method, const Request& request) {
    return testing::Invoke(*store_, service_, method, call_, request);
  }
  // The operation when it has ended.
  Operation Await(const Operation& started) {
    testing::RunToEnd(*store_, clock_, OperationName::Parse(started.name())->operation);
    return *store::TransactFor<Operation>(
        *store_, {}, [&](store::Transaction& tx) -> absl::StatusOr<Operation> {
          const auto operation =
              store::GetOperation(tx, OperationName::Parse(started.name())->operation);
          if (!operation.ok()) return operation.status();
          return OperationToProto(*operation, tx);
        });
  }
  v1::AllocationPlan Plan() {
    const auto started = Ask(&AllocationService::PlanAllocation, v1::PlanAllocationRequest());
    EXPECT_TRUE(started.ok()) << started.status();
    v1::AllocationPlan plan;
    const Operation ended = Await(*started);
    EXPECT_TRUE(ended.response().UnpackTo(&plan)) << ended.DebugString();
    return plan;
  }
  absl::StatusOr<Operation> Commit(const v1::AllocationPlan& plan) {
    v1::CommitPlanRequest request;
    request.set_name(plan.name());
    request.set_etag(plan.etag());
    return Ask(&AllocationService::CommitPlan, request);
  }

  TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  AllocationService service_;
  SystemClock clock_;
  Call call_ = {.principal = "tester"};
};

TEST_F(AllocationServiceTest, TheOperationOfAPlanTellsItsTarget) {
  const auto started = Ask(&AllocationService::PlanAllocation, v1::PlanAllocationRequest());
  ASSERT_TRUE(started.ok()) << started.status();
  EXPECT_FALSE(started->done());
  v1::OperationMetadata metadata;
  ASSERT_TRUE(started->metadata().UnpackTo(&metadata));
  EXPECT_EQ(metadata.kind(), v1::OperationMetadata::KIND_PLAN_ALLOCATION);
  v1::GetAllocationPlanRequest get;
  get.set_name(metadata.target());
  EXPECT_EQ(Ask(&AllocationService::GetAllocationPlan, get)->state(),
            v1::AllocationPlan::STATE_RUNNING);
}

TEST_F(AllocationServiceTest, ShowsAPlanAndItsItems) {
  const v1::AllocationPlan plan = Plan();
  EXPECT_EQ(plan.state(), v1::AllocationPlan::STATE_READY);
  EXPECT_EQ(plan.evaluation(), "evaluations/v1");
  EXPECT_NE(plan.method(), "");
  EXPECT_EQ(plan.grants(), 1);
  EXPECT_EQ(plan.accounts(), 1);
  EXPECT_EQ(plan.cost().units(), 3);
  EXPECT_EQ(plan.value().units(), 1000);
  ASSERT_EQ(plan.budgets_size(), 1);
  EXPECT_EQ(plan.budgets(0).budget(), "budgets/year");
  EXPECT_EQ(plan.budgets(0).available().units(), 5);
  EXPECT_EQ(plan.budgets(0).reserved().units(), 3);
  ASSERT_EQ(plan.benefits_size(), 1);
  EXPECT_EQ(plan.benefits(0).candidates(), 2);

  v1::ListAllocationItemsRequest list;
  list.set_parent(plan.name());
  list.set_page_size(1);
  auto page = Ask(&AllocationService::ListAllocationItems, list);
  ASSERT_EQ(page->items_size(), 1);
  EXPECT_EQ(page->items(0).account(), "accounts/acme");
  EXPECT_EQ(page->items(0).benefit(), "benefits/gold");
  EXPECT_EQ(page->items(0).decision(), v1::AllocationItem::DECISION_GRANTED);
  EXPECT_EQ(page->items(0).cost().units(), 3);
  list.set_page_token(page->next_page_token());
  page = Ask(&AllocationService::ListAllocationItems, list);
  ASSERT_EQ(page->items_size(), 1);
  EXPECT_EQ(page->items(0).decision(), v1::AllocationItem::DECISION_BUDGET_EXHAUSTED);
  EXPECT_EQ(page->next_page_token(), "");

  list.clear_page_token();
  list.set_page_size(10);
  list.set_granted_only(true);
  EXPECT_EQ(Ask(&AllocationService::ListAllocationItems, list)->items_size(), 1);
  list.set_account("accounts/blue");
  EXPECT_EQ(Ask(&AllocationService::ListAllocationItems, list)->items_size(), 0);
  list.set_parent("allocationPlans/none");
  EXPECT_TRUE(HasReason(Ask(&AllocationService::ListAllocationItems, list).status(),
                        ErrorReason::kResourceNotFound));
  EXPECT_EQ(Ask(&AllocationService::ListAllocationPlans, v1::ListAllocationPlansRequest())
                ->allocation_plans_size(),
            1);
}

TEST_F(AllocationServiceTest, ACommitRepeatedAnswersTheFirst) {
  const v1::AllocationPlan plan = Plan();
  const auto first = Commit(plan);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(Commit(plan)->name(), first->name());
  const Operation ended = Await(*first);
  v1::AllocationPlan committed;
  ASSERT_TRUE(ended.response().UnpackTo(&committed)) << ended.DebugString();
  EXPECT_EQ(committed.state(), v1::AllocationPlan::STATE_COMMITTED);
  EXPECT_TRUE(committed.has_commit_time());
  const auto again = Commit(plan);
  EXPECT_EQ(again->name(), first->name());
  EXPECT_TRUE(again->done());
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM entitlements"), "1");
}

TEST_F(AllocationServiceTest, AStaleCommitTellsWhy) {
  const v1::AllocationPlan plan = Plan();
  ASSERT_TRUE(AddEvaluation(*store_, "v2", TestNow() + absl::Seconds(1), {}).ok());
  const Operation ended = Await(*Commit(plan));
  EXPECT_TRUE(ended.done());
  EXPECT_EQ(ended.error().code(), static_cast<int>(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(ended.DebugString(), ::testing::HasSubstr("PLAN_STALE"));
  EXPECT_THAT(ended.DebugString(), ::testing::HasSubstr("evaluations/v2"));
}

TEST_F(AllocationServiceTest, DiscardsAPlan) {
  const v1::AllocationPlan plan = Plan();
  v1::DiscardPlanRequest request;
  request.set_name(plan.name());
  request.set_etag("v99");
  EXPECT_TRUE(HasReason(Ask(&AllocationService::DiscardPlan, request).status(),
                        ErrorReason::kEtagMismatch));
  request.set_etag(plan.etag());
  EXPECT_EQ(Ask(&AllocationService::DiscardPlan, request)->state(),
            v1::AllocationPlan::STATE_DISCARDED);
  v1::AllocationPlan current = plan;
  current.clear_etag();
  EXPECT_TRUE(HasReason(Commit(current).status(), ErrorReason::kWrongState));
}

}  // namespace
}  // namespace kam::rpc
