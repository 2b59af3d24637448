#include "store/allocation/allocation_plans.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "store/allocation/allocation_items.h"
#include "support/benefits.h"
#include "support/terms.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using testing::Do;
using ::testing::ElementsAre;
using testing::TestDatabase;
using testing::TestNow;

class AllocationPlansTest : public ::testing::Test {
 protected:
  absl::Status Tell(absl::FunctionRef<absl::Status(Transaction&)> change) {
    return Do(*store_, change);
  }
  template <typename T>
  absl::StatusOr<T> Ask(absl::FunctionRef<absl::StatusOr<T>(Transaction&)> question) {
    return TransactFor<T>(*store_, {}, question);
  }
  absl::StatusOr<AllocationPlan> Get(const std::string& id) {
    return Ask<AllocationPlan>([&](Transaction& tx) { return GetPlan(tx, id); });
  }
  // Positions of all pages of `size`.
  std::vector<int64_t> Positions(const std::string& account, bool granted_only, int size) {
    std::vector<int64_t> positions;
    PageRequest page = {.size = size};
    do {
      const auto found = Ask<Page<AllocationItem>>(
          [&](Transaction& tx) { return ListItems(tx, "p1", account, granted_only, page); });
      for (const AllocationItem& item : found->items) positions.push_back(item.position);
      page.after = found->next;
    } while (!page.after.empty());
    return positions;
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

AllocationPlan MakePlan(const std::string& id) {
  AllocationPlan plan;
  plan.id = id;
  plan.evaluation_id = "v1";
  plan.wanted_benefits = {"gold", "silver"};
  plan.currency = "EUR";
  plan.version = 1;
  plan.create_time = TestNow();
  return plan;
}

AllocationItem Item(int64_t position, const std::string& account, AllocationDecision decision,
                    const std::string& plan = "p1") {
  return {.plan_id = plan,
          .position = position,
          .account_id = account,
          .benefit_id = absl::StrCat("benefit-", position),
          .decision = decision,
          .cost = position * 10,
          .value = position * 20,
          .seats = position % 2};
}

TEST_F(AllocationPlansTest, TellsMissingAndTakenIds) {
  EXPECT_TRUE(HasReason(Get("none").status(), ErrorReason::kResourceNotFound));
  EXPECT_FALSE(Tell([](Transaction& tx) {
                 return UpdatePlan(tx, MakePlan("none"), ChangeKind::kPlanReady);
               }).ok());
  const auto insert = [](Transaction& tx) { return InsertPlan(tx, MakePlan("p1")); };
  ASSERT_TRUE(Tell(insert).ok());
  EXPECT_FALSE(Tell(insert).ok());
}

TEST_F(AllocationPlansTest, KeepsAPlanAsItIs) {
  AllocationPlan plan = MakePlan("p1");
  ASSERT_TRUE(Tell([&](Transaction& tx) { return InsertPlan(tx, plan); }).ok());
  auto read = Get("p1");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->state, PlanState::kRunning);
  EXPECT_THAT(read->wanted_benefits, ElementsAre("gold", "silver"));
  EXPECT_FALSE(read->ready_time.has_value());

  plan.state = PlanState::kCommitted;
  plan.summary = testing::FromText<stored::v1::PlanSummary>(R"(
      budgets {
        budget_id: "year" version: 7 available: 9223372036854775807 reserved: 2 seats: 3 grants: 4
      }
      benefits { benefit_id: "gold" version: 5 candidates: 6 grants: 4 cost: 2 value: 9 }
      benefits { benefit_id: "silver" version: 1 })");
  plan.grants = 4;
  plan.accounts = 3;
  plan.cost = 2;
  plan.value = 9;
  plan.version = 2;
  plan.ready_time = TestNow() + absl::Seconds(1);
  plan.commit_time = TestNow() + absl::Seconds(2);
  plan.commit_operation_id = "o1";
  ASSERT_TRUE(
      Tell([&](Transaction& tx) { return UpdatePlan(tx, plan, ChangeKind::kPlanReady); }).ok());
  read = Get("p1");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->state, PlanState::kCommitted);
  EXPECT_EQ(read->evaluation_id, "v1");
  EXPECT_EQ(read->currency, "EUR");
  EXPECT_TRUE(testing::Same(read->summary, plan.summary)) << read->summary.DebugString();
  EXPECT_EQ(read->grants, 4);
  EXPECT_EQ(read->accounts, 3);
  EXPECT_EQ(read->cost, 2);
  EXPECT_EQ(read->value, 9);
  EXPECT_EQ(read->version, 2);
  EXPECT_EQ(read->create_time, TestNow());
  EXPECT_EQ(read->ready_time, TestNow() + absl::Seconds(1));
  EXPECT_EQ(read->commit_time, TestNow() + absl::Seconds(2));
  EXPECT_EQ(read->commit_operation_id, "o1");
}

TEST_F(AllocationPlansTest, ListsPlansNewestFirst) {
  for (const char* id : {"p2", "p1", "p3"}) {
    ASSERT_TRUE(Tell([&](Transaction& tx) { return InsertPlan(tx, MakePlan(id)); }).ok());
  }
  const auto list = [&](PageRequest page) {
    const auto found =
        Ask<Page<AllocationPlan>>([&](Transaction& tx) { return ListPlans(tx, page); });
    std::vector<std::string> ids;
    for (const AllocationPlan& plan : found->items) ids.push_back(plan.id);
    ids.push_back("next " + found->next);
    return ids;
  };
  EXPECT_THAT(list({.size = 2}), ElementsAre("p3", "p2", "next {\"p2\"}"));
  EXPECT_THAT(list({.size = 2, .after = "{\"p2\"}"}), ElementsAre("p1", "next "));
}

TEST_F(AllocationPlansTest, ListsItemsByPositionAccountAndDecision) {
  using D = AllocationDecision;
  const std::vector<AllocationItem> items = {
      Item(1, "acme", D::kGranted), Item(2, "blue", D::kGranted),
      Item(3, "acme", D::kBudgetExhausted), Item(4, "acme", D::kGranted),
      Item(5, "blue", D::kNotWorthwhile)};
  const auto replace = [&](Transaction& tx) {
    // Those of another plan are not touched.
    KAM_RETURN_IF_ERROR(ReplaceItems(tx, "p2", {Item(1, "other", D::kGranted, "p2")}));
    KAM_RETURN_IF_ERROR(ReplaceItems(tx, "p1", {Item(9, "gone", D::kGranted)}));
    return ReplaceItems(tx, "p1", items);
  };
  ASSERT_TRUE(Tell(replace).ok());
  EXPECT_THAT(Positions("", false, 2), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(Positions("", true, 2), ElementsAre(1, 2, 4));
  EXPECT_THAT(Positions("acme", false, 2), ElementsAre(1, 3, 4));
  EXPECT_THAT(Positions("acme", true, 1), ElementsAre(1, 4));
  EXPECT_THAT(Positions("none", false, 2), ElementsAre());
  const auto granted =
      Ask<std::vector<AllocationItem>>([](Transaction& tx) { return GrantedItems(tx, "p1"); });
  ASSERT_EQ(granted->size(), 3u);
  const AllocationItem& last = granted->back();
  EXPECT_EQ(last.account_id, "acme");
  EXPECT_EQ(last.benefit_id, "benefit-4");
  EXPECT_EQ(last.cost, 40);
  EXPECT_EQ(last.value, 80);
  EXPECT_EQ(last.seats, 0);
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM allocation_items WHERE plan_id = 'p2'"), "1");
}

TEST_F(AllocationPlansTest, KeepsMoreItemsThanOneStatementTakes) {
  std::vector<AllocationItem> items;
  for (int64_t i = 1; i <= 25'001; ++i) {
    items.push_back(Item(i, "acme", AllocationDecision::kGranted));
  }
  ASSERT_TRUE(Tell([&](Transaction& tx) { return ReplaceItems(tx, "p1", items); }).ok());
  EXPECT_EQ(database_.Sql("SELECT count(*) || ' ' || sum(position) FROM allocation_items"),
            absl::StrCat("25001 ", 25'001LL * 25'002 / 2));
}

TEST_F(AllocationPlansTest, RefusesForeignPageKeys) {
  for (const char* after : {"x", "{}", "{\"1\",\"2\"}"}) {
    const auto found = Ask<Page<AllocationItem>>([&](Transaction& tx) {
      return ListItems(tx, "p1", "", false, {.size = 2, .after = after});
    });
    EXPECT_TRUE(HasReason(found.status(), ErrorReason::kInvalidPageToken)) << after;
  }
}

}  // namespace
}  // namespace kam::store
