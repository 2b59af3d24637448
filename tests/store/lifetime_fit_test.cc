#include "domain/criteria/lifetime_fit.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/criteria/default_scorecard.h"
#include "domain/criteria/evaluations.h"
#include "gtest/gtest.h"
#include "model/criteria/names.h"
#include "model/error.h"
#include "store/criteria/lifetime_models.h"
#include "store/history/history_reader.h"
#include "support/facts.h"
#include "support/fake_job_context.h"
#include "support/test_database.h"

namespace kam::domain {
namespace {

using store::Transaction;
using testing::FakeJobContext;

constexpr int32_t kAsOfDay = 19'000;
const CriteriaSettings kSettings = {.reporting_currency = "EUR"};

class LifetimeFitTest : public ::testing::Test {
 protected:
  static void Must(const absl::Status& status) { ASSERT_TRUE(status.ok()) << status; }

  // Customers who first came within half a year and then come at their own pace until they leave.
  void AddCustomers(int count) {
    std::mt19937_64 random(20'240'701);
    std::uniform_real_distribution<double> uniform;
    std::vector<std::string> ids;
    std::vector<Order> orders;
    for (int i = 0; i < count; ++i) {
      ids.push_back(absl::StrCat("c", i));
      const double pace = std::gamma_distribution<double>(1, 40)(random) + 5;  // days
      const double leaves = uniform(random) * uniform(random);
      auto day = kAsOfDay - 700 + static_cast<int32_t>(random() % 180);
      for (int n = 0; day < kAsOfDay; ++n) {
        orders.push_back(testing::MakeOrder(ids.back(), absl::StrCat("o", n), day,
                                            1000 + static_cast<int64_t>(random() % 5000)));
        if (uniform(random) < leaves) break;
        day += 1 + static_cast<int32_t>(std::exponential_distribution<double>(1 / pace)(random));
      }
    }
    Must(testing::AddAccounts(*store_, ids));
    Must(testing::RecordOrders(*store_, orders).status());
  }

  Operation Start(PurchaseModelKind kind = PurchaseModelKind::kMbgNbd) {
    return *store::TransactFor<Operation>(*store_, {}, [&](Transaction& tx) {
      return StartLifetimeFit(tx, kind, kAsOfDay, "tester");
    });
  }

  // Whether there was anything to abandon.
  bool Abandon(const Operation& operation) {
    bool abandoned = false;
    Must(store_->Transact({}, [&](Transaction& tx) -> absl::Status {
      KAM_ASSIGN_OR_RETURN(abandoned, job_.Abandon(tx, operation));
      return absl::OkStatus();
    }));
    return abandoned;
  }
  LifetimeModel Get(const Operation& operation) {
    return *store::TransactFor<LifetimeModel>(*store_, {.read_only = true}, [&](Transaction& tx) {
      return store::GetModel(tx, LifetimeModelName::Parse(operation.target)->number);
    });
  }

  testing::TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  LifetimeFit job_{kSettings};
};

TEST_F(LifetimeFitTest, StoresParametersWithWhatTheyStandOn) {
  AddCustomers(300);
  const Operation operation = Start();
  EXPECT_EQ(Get(operation).state, RunState::kRunning);
  FakeJobContext context(*store_, operation);
  Must(job_.Run(context));
  const LifetimeModel model = Get(operation);
  EXPECT_EQ(model.state, RunState::kSucceeded);
  EXPECT_EQ(model.kind, PurchaseModelKind::kMbgNbd);
  EXPECT_TRUE(model.known_at.has_value());
  EXPECT_EQ(model.version, 2);
  EXPECT_EQ(database_.Sql("SELECT string_agg(kind || ' ' || resource || ' ' || version, ', ' "
                          "ORDER BY seq) FROM changes WHERE kind LIKE 'lifetime%'"),
            absl::StrCat("lifetime_model.created ", operation.target,
                         " 1, lifetime_model.succeeded ", operation.target, " 2"));
  EXPECT_EQ(model.purchase_evidence.customers, 300);
  EXPECT_GT(model.purchase_evidence.distinct_histories, 0);
  EXPECT_LT(model.purchase_evidence.log_likelihood, 0);
  EXPECT_NE(model.purchase_evidence.stop_reason, "");
  ASSERT_TRUE(model.spend.has_value());
  EXPECT_GT(model.spend_evidence.customers, 30);

  // The same as fitting what was recorded, by hand.
  std::vector<LifetimeEvidence> customers;
  Must(store_->Transact({.read_only = true}, [&](Transaction& tx) {
    return store::ReadHistories(tx, kAsOfDay, std::nullopt, [&](const AccountHistory& history) {
      customers.push_back(*LifetimeEvidenceOf(history, kAsOfDay));
      return absl::OkStatus();
    });
  }));
  LifetimeModel by_hand;
  Must(FitLifetimeModel(customers, by_hand));
  EXPECT_EQ(model.purchase.r, by_hand.purchase.r);
  EXPECT_EQ(model.purchase.alpha, by_hand.purchase.alpha);
  EXPECT_EQ(model.spend->v, by_hand.spend->v);
}

TEST_F(LifetimeFitTest, SaysWhenTheDataDoNotSuffice) {
  AddCustomers(29);
  const Operation operation = Start();
  FakeJobContext context(*store_, operation);
  const absl::Status status = job_.Run(context);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  const ErrorDetails details = GetErrorDetails(status).value_or(ErrorDetails());
  EXPECT_EQ(details.reason, ErrorReason::kNotEnoughData);
  ASSERT_EQ(details.metadata.size(), 1u);
  EXPECT_EQ(details.metadata[0].first, "customers");
  EXPECT_EQ(details.metadata[0].second, "29");
  EXPECT_EQ(Abandon(operation), true);
  EXPECT_EQ(Get(operation).state, RunState::kFailed);
}

TEST_F(LifetimeFitTest, WithoutAmountsThereIsNoSpend) {
  std::vector<LifetimeEvidence> customers;
  for (int i = 0; i < 60; ++i) {
    const double observed = 20 + i % 7;
    customers.push_back({.order_days = 1 + i % 3,
                         .purchases = {.repeat_purchases = i % 3,
                                       .last_purchase_weeks = i % 3 == 0 ? 0 : 2.0 + i % 5 + i % 3,
                                       .observed_weeks = observed},
                         .spend = {.repeat_purchases = i % 3}});
  }
  LifetimeModel model;
  Must(FitLifetimeModel(customers, model));
  EXPECT_FALSE(model.spend.has_value());
  EXPECT_NE(model.spend_evidence.stop_reason, "");
}

TEST_F(LifetimeFitTest, AFitThatEndedIsLeftAsItIs) {
  AddCustomers(60);
  const Operation operation = Start(PurchaseModelKind::kBgNbd);
  FakeJobContext context(*store_, operation);
  Must(job_.Run(context));
  EXPECT_EQ(Get(operation).kind, PurchaseModelKind::kBgNbd);
  FakeJobContext again(*store_, operation);
  Must(job_.Run(again));
  EXPECT_EQ(again.steps(), 0);
  EXPECT_EQ(Abandon(operation), false);
  EXPECT_EQ(Get(operation).state, RunState::kSucceeded);
}

TEST_F(LifetimeFitTest, EvaluationsTakeTheNewestFittedModel) {
  AddCustomers(600);  // so many that the fit converges
  Must(store_->Transact({}, [](Transaction& tx) { return SeedDefaultScorecard(tx); }));
  const Operation fitted = Start();
  FakeJobContext context(*store_, fitted);
  Must(job_.Run(context));
  const Operation running = Start();
  const int32_t number = LifetimeModelName::Parse(fitted.target)->number;
  const auto evaluate = [&](int32_t model) {
    return store::TransactFor<Assessment>(*store_, {}, [&](Transaction& tx) {
      return EvaluateAccount(
          tx, "c0", {.scorecard_id = "default", .lifetime_model = model, .as_of_day = kAsOfDay},
          std::nullopt, kSettings);
    });
  };
  const auto newest = evaluate(0);
  ASSERT_TRUE(newest.ok()) << newest.status();
  EXPECT_EQ(newest->lifetime_model, number);
  EXPECT_FALSE(newest->result.measurements.empty());
  EXPECT_TRUE(HasReason(evaluate(LifetimeModelName::Parse(running.target)->number).status(),
                        ErrorReason::kWrongState));
  EXPECT_TRUE(HasReason(evaluate(999).status(), ErrorReason::kResourceNotFound));
}

}  // namespace
}  // namespace kam::domain
