#include <string>

#include "store/criteria_fixture.h"

namespace kam::store {
namespace {

class LifetimeModelsTest : public CriteriaStoreTest {
 protected:
  // Adds a model under the next number.
  absl::Status Add(LifetimeModel& model) {
    return Run([&](Transaction& tx) -> absl::Status {
      KAM_ASSIGN_OR_RETURN(model.number, NextModelNumber(tx));
      return InsertModel(tx, model);
    });
  }
  absl::Status Succeed(const LifetimeModel& model) {
    return Run([&](Transaction& tx) {
      return UpdateModel(tx, model, ChangeKind::kLifetimeModelSucceeded);
    });
  }
  LifetimeModel Get(int32_t number) {
    return *Read<LifetimeModel>([&](Snapshot& tx) { return GetModel(tx, number); });
  }
  std::optional<LifetimeModel> Newest() {
    return Read<std::optional<LifetimeModel>>([](Snapshot& tx) { return NewestModel(tx); }).value();
  }

  static LifetimeModel Running() {
    LifetimeModel model;
    model.as_of_day = 10'408;
    model.version = 1;
    model.create_time = kThen;
    return model;
  }
  static LifetimeModel Fitted(LifetimeModel model) {
    model.state = RunState::kSucceeded;
    model.known_at = kThen;
    model.version = 2;
    model.kind = PurchaseModelKind::kBgNbd;
    model.purchase = {.r = 0.1 + 0.2, .alpha = 1e-300, .a = 1e300, .b = 4};
    model.purchase_evidence = {.customers = 23570,
                               .distinct_histories = 1016,
                               .iterations = 77,
                               .log_likelihood = -9582.4256,
                               .converged = true,
                               .stop_reason = "it is \"flat\""};
    model.spend = SpendParameters{.p = 6.25, .q = 3.74, .v = 15.44};
    model.spend_evidence.customers = 9;
    return model;
  }
};

TEST_F(LifetimeModelsTest, KeepsAModelWhole) {
  LifetimeModel model = Running();
  ASSERT_TRUE(Add(model).ok());
  EXPECT_EQ(model.number, 1);
  EXPECT_EQ(Get(1).state, RunState::kRunning);
  EXPECT_FALSE(Get(1).known_at.has_value());
  EXPECT_FALSE(Get(1).spend.has_value());
  EXPECT_FALSE(Newest().has_value());

  ASSERT_TRUE(Succeed(Fitted(model)).ok());
  const LifetimeModel found = Get(1);
  EXPECT_EQ(found.kind, PurchaseModelKind::kBgNbd);
  EXPECT_EQ(found.as_of_day, 10'408);
  EXPECT_EQ(found.known_at, kThen);
  EXPECT_EQ(found.create_time, kThen);
  EXPECT_EQ(found.purchase.r, 0.1 + 0.2);
  EXPECT_EQ(found.purchase.alpha, 1e-300);
  EXPECT_EQ(found.purchase.a, 1e300);
  EXPECT_EQ(found.purchase_evidence.customers, 23570);
  EXPECT_EQ(found.purchase_evidence.log_likelihood, -9582.4256);
  EXPECT_TRUE(found.purchase_evidence.converged);
  EXPECT_EQ(found.purchase_evidence.stop_reason, "it is \"flat\"");
  EXPECT_EQ(found.spend->v, 15.44);
  EXPECT_EQ(found.spend_evidence.customers, 9);
  EXPECT_FALSE(found.spend_evidence.converged);
}

TEST_F(LifetimeModelsTest, TheNewestIsTheLastThatConverged) {
  LifetimeModel model = Running();
  ASSERT_TRUE(Add(model).ok());
  ASSERT_TRUE(Succeed(Fitted(model)).ok());
  LifetimeModel stuck = Fitted(model);
  stuck.purchase_evidence.converged = false;
  ASSERT_TRUE(Add(stuck).ok());
  EXPECT_EQ(stuck.number, 2);
  EXPECT_EQ(Newest()->number, 1) << "a fit that did not converge is used only by name";
  const auto page =
      *Read<Page<LifetimeModel>>([](Snapshot& tx) { return ListModels(tx, {.size = 1}); });
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].number, 2);
  const auto rest = *Read<Page<LifetimeModel>>(
      [&](Snapshot& tx) { return ListModels(tx, {.size = 1, .after = page.next}); });
  ASSERT_EQ(rest.items.size(), 1u);
  EXPECT_EQ(rest.items[0].spend->v, 15.44);
  EXPECT_EQ(rest.next, "");

  EXPECT_TRUE(HasReason(Run([&](Transaction& tx) { return GetModelForUpdate(tx, 3).status(); }),
                        ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Run([&](Transaction& tx) { return GetModel(tx, 3).status(); }),
                        ErrorReason::kResourceNotFound));
}

}  // namespace
}  // namespace kam::store
