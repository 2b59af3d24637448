#include "rpc/benefits/benefit_service.h"
#include "rpc/invoke.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/benefits.h"
#include "support/facts.h"
#include "support/test_database.h"

namespace kam::rpc {
namespace {

using testing::AddAccounts;
using ::testing::ElementsAre;
using testing::TestDatabase;

template <typename T>
T Parse(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

class BenefitServiceTest : public ::testing::Test {
 protected:
  BenefitServiceTest() {
    EXPECT_TRUE(AddAccounts(*store_, {"acme", "blue"}).ok());
    EXPECT_TRUE(CreateBudget(R"pb(
                  budget_id: "year"
                  budget {
                    display_name: "Year"
                    limit { currency_code: "EUR" units: 1000 }
                    account_limit { currency_code: "EUR" units: 300 }
                    seat_limit: 10
                    start_time { seconds: 1600000000 }
                    end_time { seconds: 1800000000 }
                  })pb")
                    .ok());
  }

  // Calls a method in a transaction of its own.
  template <typename Method, typename Request>
  auto Ask(Method method, const Request& request) {
    return testing::Invoke(*store_, service_, method, call_, request);
  }
  absl::StatusOr<v1::Budget> CreateBudget(const std::string& text) {
    return Ask(&BenefitService::CreateBudget, Parse<v1::CreateBudgetRequest>(text));
  }
  absl::StatusOr<v1::Benefit> Create(const std::string& id, const std::string& benefit) {
    v1::CreateBenefitRequest request;
    request.set_benefit_id(id);
    *request.mutable_benefit() = Parse<v1::Benefit>(benefit);
    return Ask(&BenefitService::CreateBenefit, request);
  }
  absl::StatusOr<v1::Benefit> Update(const std::string& text) {
    return Ask(&BenefitService::UpdateBenefit, Parse<v1::UpdateBenefitRequest>(text));
  }
  absl::StatusOr<v1::Benefit> Activate(const std::string& id, const std::string& etag = "") {
    v1::ActivateBenefitRequest request;
    request.set_name("benefits/" + id);
    request.set_etag(etag);
    return Ask(&BenefitService::ActivateBenefit, request);
  }
  absl::StatusOr<v1::Benefit> Retire(const std::string& id, const std::string& etag = "") {
    v1::RetireBenefitRequest request;
    request.set_name("benefits/" + id);
    request.set_etag(etag);
    return Ask(&BenefitService::RetireBenefit, request);
  }
  absl::StatusOr<v1::Benefit> Get(const std::string& id) {
    v1::GetBenefitRequest request;
    request.set_name("benefits/" + id);
    return Ask(&BenefitService::GetBenefit, request);
  }
  absl::StatusOr<v1::Budget> GetBudget() {
    v1::GetBudgetRequest request;
    request.set_name("budgets/year");
    return Ask(&BenefitService::GetBudget, request);
  }
  absl::StatusOr<v1::Entitlement> Grant(const std::string& account, const std::string& benefit) {
    v1::GrantEntitlementRequest request;
    request.set_parent("accounts/" + account);
    request.mutable_entitlement()->set_benefit("benefits/" + benefit);
    request.mutable_entitlement()->set_reason("a good year");
    return Ask(&BenefitService::GrantEntitlement, request);
  }
  // Fields of an INVALID_ARGUMENT, sorted.
  static std::vector<std::string> Fields(const absl::Status& status) {
    EXPECT_TRUE(HasReason(status, ErrorReason::kInvalidFields)) << status;
    const auto details = GetErrorDetails(status);
    std::vector<std::string> fields;
    if (details) {
      for (const auto& violation : details->fields) fields.push_back(violation.field);
    }
    std::sort(fields.begin(), fields.end());
    return fields;
  }

  TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  BenefitService service_;
  Call call_ = {.principal = "tester"};
};

constexpr char kContact[] = R"pb(
  display_name: "A person"
  dedicated_contact { role: "support" }
  cost { fixed { currency_code: "EUR" units: 100 nanos: 500000000 } }
  value { revenue_uplift_percent: 2.5 }
  validity_days: 30
  budget: "budgets/year"
)pb";

TEST_F(BenefitServiceTest, EveryKindComesBackAsItWasSent) {
  const std::vector<std::string> kinds = {
      R"pb(discount {
             percent: 12.5
             cap { currency_code: "EUR" units: 5 }
           })pb",
      R"pb(discount {
             amount { currency_code: "EUR" nanos: 10000000 }
             minimum_order { currency_code: "EUR" units: 9 }
           })pb",
      R"pb(credit_terms {
             extra_days: 30
             limit_raise { currency_code: "EUR" units: 1 }
           })pb",
      R"pb(club_membership { level: "gold" seats: 2 })pb",
      R"pb(event {
             start_time { seconds: 1750000000 nanos: 1000 }
             seats: 3
           })pb",
      R"pb(payment_mode { mode: MODE_INSTALMENTS instalments: 12 })pb",
      R"pb(delivery_arrangement { service: SERVICE_PREMIUM free_freight: true })pb",
      R"pb(dedicated_contact { role: "support" })pb"};
  for (size_t i = 0; i < kinds.size(); ++i) {
    const std::string text = R"pb(
                               display_name: "All of it"
                               eligibility {
                                 tiers: [ TIER_KEY, TIER_STRATEGIC ]
                                 pareto_classes: [ PARETO_CLASS_A ]
                                 criteria_met: [ "loyal" ]
                                 min_score: 50
                               }
                               stacking_group: "group"
                               cost { percent_of_revenue: 1.5 }
                               value { fixed { currency_code: "EUR" units: 7 } }
                               validity_days: 365
                               budget: "budgets/year"
                             )pb" +
                             kinds[i];
    const std::string id = "benefit-" + std::to_string(i);
    ASSERT_TRUE(Create(id, text).ok());
    v1::Benefit read = *Get(id);
    EXPECT_EQ(read.name(), "benefits/" + id);
    EXPECT_EQ(read.state(), v1::Benefit::STATE_DRAFT);
    EXPECT_NE(read.etag(), "");
    for (const char* field : {"name", "state", "create_time", "update_time", "etag"}) {
      read.GetReflection()->ClearField(&read, read.GetDescriptor()->FindFieldByName(field));
    }
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(read, Parse<v1::Benefit>(text)))
        << read.DebugString();
  }
}

TEST_F(BenefitServiceTest, EverythingWrongIsToldAtOnceAndNothingIsKept) {
  const absl::Status status = Create("bad", R"pb(
                                display_name: "Bad"
                                discount { cap { currency_code: "XXX" units: 1 } }
                                eligibility {
                                  tiers: [ TIER_UNSPECIFIED, TIER_KEY, TIER_KEY ]
                                  pareto_classes: [ PARETO_CLASS_UNSPECIFIED ]
                                }
                                value { fixed { currency_code: "JPY" nanos: 1 } }
                                budget: "budgets/none"
                              )pb")
                                  .status();
  EXPECT_THAT(Fields(status),
              ElementsAre("benefit.budget", "benefit.cost.model",
                          "benefit.discount.cap.currency_code", "benefit.discount.reduction",
                          "benefit.eligibility.pareto_classes[0]", "benefit.eligibility.tiers[0]",
                          "benefit.eligibility.tiers[1]", "benefit.value.fixed.nanos"));
  EXPECT_THAT(Fields(Create("bad", "display_name: 'Bad'").status()),
              ElementsAre("benefit.cost.model", "benefit.kind", "benefit.value.model"));
  EXPECT_TRUE(HasReason(Get("bad").status(), ErrorReason::kResourceNotFound));
}

TEST_F(BenefitServiceTest, ABenefitIsDraftThenActiveThenRetired) {
  ASSERT_TRUE(Create("gold", kContact).ok());
  EXPECT_TRUE(HasReason(Create("gold", kContact).status(), ErrorReason::kResourceAlreadyExists));
  EXPECT_TRUE(HasReason(Activate("none").status(), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Activate("gold", "v9").status(), ErrorReason::kEtagMismatch));
  EXPECT_TRUE(HasReason(Retire("gold").status(), ErrorReason::kWrongState));
  const auto active = Activate("gold", Get("gold")->etag());
  ASSERT_TRUE(active.ok()) << active.status();
  EXPECT_EQ(active->state(), v1::Benefit::STATE_ACTIVE);
  EXPECT_TRUE(HasReason(Activate("gold").status(), ErrorReason::kWrongState));
  EXPECT_TRUE(HasReason(Retire("gold", Create("x", kContact)->etag()).status(),
                        ErrorReason::kEtagMismatch));
  EXPECT_EQ(Retire("gold", active->etag())->state(), v1::Benefit::STATE_RETIRED);
  EXPECT_TRUE(HasReason(Activate("gold").status(), ErrorReason::kWrongState));
  EXPECT_TRUE(HasReason(Update("benefit { name: 'benefits/gold' display_name: 'x' }").status(),
                        ErrorReason::kWrongState));
}

TEST_F(BenefitServiceTest, AnUpdateChangesWhatTheMaskNames) {
  ASSERT_TRUE(Create("gold", kContact).ok());
  const auto updated = Update(R"pb(
    benefit {
      name: "benefits/gold"
      display_name: "not asked for"
      validity_days: 60
      eligibility { tiers: [ TIER_KEY ] }
      etag: "v1"
    }
    update_mask { paths: [ "validity_days", "eligibility" ] })pb");
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->display_name(), "A person");
  EXPECT_EQ(updated->validity_days(), 60);
  EXPECT_EQ(updated->eligibility().tiers_size(), 1);
  EXPECT_NE(updated->etag(), "v1");
  EXPECT_TRUE(HasReason(
      Update(R"pb(benefit { name: "benefits/gold" display_name: "late" etag: "v1" })pb").status(),
      ErrorReason::kEtagMismatch));
  // Without a mask, what is set.
  EXPECT_EQ(Update("benefit { name: 'benefits/gold' stacking_group: 'g' }")->stacking_group(), "g");
  // Cleared by being named and not set.
  const auto cleared = Update(
      "benefit { name: 'benefits/gold' } "
      "update_mask { paths: ['stacking_group', 'eligibility'] }");
  EXPECT_EQ(cleared->stacking_group(), "");
  EXPECT_EQ(cleared->eligibility().tiers_size(), 0);
}

TEST_F(BenefitServiceTest, AnUpdateTellsEverythingWrong) {
  ASSERT_TRUE(Create("gold", kContact).ok());
  EXPECT_TRUE(HasReason(Update("benefit { name: 'benefits/none' display_name: 'x' }").status(),
                        ErrorReason::kResourceNotFound));
  EXPECT_THAT(Fields(Update(R"pb(
                       benefit { name: "benefits/gold" }
                       update_mask { paths: [ "state", "budget", "cost", "nonsense" ] })pb")
                         .status()),
              ElementsAre("benefit.cost.model", "update_mask", "update_mask"));
}

TEST_F(BenefitServiceTest, TheKindStaysOnceActivated) {
  ASSERT_TRUE(Create("gold", kContact).ok());
  const auto change = [&] {
    return Update("benefit { name: 'benefits/gold' discount { percent: 5 } }");
  };
  EXPECT_TRUE(change()->has_discount());
  ASSERT_TRUE(Activate("gold").ok());
  EXPECT_TRUE(change().ok());
  EXPECT_THAT(
      Fields(Update("benefit { name: 'benefits/gold' dedicated_contact { role: 'x' } }").status()),
      ElementsAre("benefit.dedicated_contact"));
  EXPECT_TRUE(Get("gold")->has_discount());
}

TEST_F(BenefitServiceTest, ABudgetIsCheckedAndAdjusted) {
  EXPECT_THAT(Fields(CreateBudget(R"pb(
                       budget_id: "bad"
                       budget {
                         limit { currency_code: "EUR" units: 1 }
                         account_limit { currency_code: "USD" units: 1 }
                         start_time { seconds: 5 }
                         end_time { seconds: 5 }
                       })pb")
                         .status()),
              ElementsAre("budget.account_limit.currency_code", "budget.end_time"));
  const auto adjust = [&](const std::string& text) {
    return Ask(&BenefitService::AdjustBudget,
               Parse<v1::AdjustBudgetRequest>("name: 'budgets/year' reason: 'why' " + text));
  };
  EXPECT_THAT(Fields(adjust("").status()), ElementsAre("limit_change"));
  EXPECT_THAT(Fields(adjust("limit_change { currency_code: 'USD' units: 1 }").status()),
              ElementsAre("limit_change.currency_code"));
  EXPECT_TRUE(
      HasReason(adjust("seat_limit_change: 1 etag: 'v99'").status(), ErrorReason::kEtagMismatch));
  EXPECT_TRUE(
      HasReason(adjust("limit_change { currency_code: 'EUR' units: 92233720368547758 }").status(),
                ErrorReason::kAmountOverflow));
  const auto lowered =
      adjust("limit_change { currency_code: 'EUR' units: -400 } seat_limit_change: -3");
  ASSERT_TRUE(lowered.ok()) << lowered.status();
  EXPECT_EQ(lowered->limit().units(), 600);
  EXPECT_EQ(lowered->seat_limit(), 7);
  EXPECT_EQ(lowered->available().units(), 600);
  EXPECT_TRUE(HasReason(adjust("limit_change { currency_code: 'EUR' units: -601 }").status(),
                        ErrorReason::kBudgetExceeded));
  EXPECT_TRUE(HasReason(adjust("seat_limit_change: -8").status(), ErrorReason::kSeatsExceeded));
}

TEST_F(BenefitServiceTest, AGrantAndItsRevokeShowInTheLedger) {
  ASSERT_TRUE(Create("gold", kContact).ok());
  ASSERT_TRUE(Activate("gold").ok());
  const std::string etag = GetBudget()->etag();
  const auto granted = Grant("acme", "gold");
  ASSERT_TRUE(granted.ok()) << granted.status();
  EXPECT_EQ(granted->state(), v1::Entitlement::STATE_ACTIVE);
  EXPECT_EQ(granted->benefit(), "benefits/gold");
  EXPECT_EQ(granted->budget(), "budgets/year");
  EXPECT_EQ(granted->reserved_cost().units(), 100);
  EXPECT_EQ(granted->reserved_cost().nanos(), 500'000'000);
  EXPECT_EQ(granted->reason(), "a good year");
  EXPECT_EQ(granted->principal(), "tester");
  EXPECT_EQ(granted->assessment(), "");
  EXPECT_FALSE(granted->has_revoke_time());
  EXPECT_EQ(GetBudget()->available().units(), 899);
  EXPECT_NE(GetBudget()->etag(), etag);

  v1::RevokeEntitlementRequest revoke;
  revoke.set_name(granted->name());
  revoke.set_etag(granted->etag());
  revoke.set_reason("left");
  const auto revoked = Ask(&BenefitService::RevokeEntitlement, revoke);
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_EQ(revoked->state(), v1::Entitlement::STATE_REVOKED);
  EXPECT_EQ(revoked->revoke_reason(), "left");
  EXPECT_TRUE(revoked->has_revoke_time());
  EXPECT_TRUE(HasReason(Ask(&BenefitService::RevokeEntitlement, revoke).status(),
                        ErrorReason::kEtagMismatch));

  const auto lines = Ask(&BenefitService::ListBudgetEntries,
                         Parse<v1::ListBudgetEntriesRequest>("parent: 'budgets/year'"));
  ASSERT_EQ(lines->entries_size(), 3);
  EXPECT_EQ(lines->entries(0).name(), "budgets/year/entries/3");
  EXPECT_EQ(lines->entries(0).kind(), v1::BudgetEntry::KIND_RELEASE);
  EXPECT_EQ(lines->entries(0).reason(), "left");
  EXPECT_EQ(lines->entries(0).entitlement(), granted->name());
  EXPECT_EQ(lines->entries(1).kind(), v1::BudgetEntry::KIND_RESERVE);
  EXPECT_EQ(lines->entries(1).amount().units(), 100);
  EXPECT_EQ(lines->entries(2).kind(), v1::BudgetEntry::KIND_ADJUST);
  EXPECT_EQ(lines->entries(2).amount().units(), 1000);
  EXPECT_EQ(lines->entries(2).entitlement(), "");
}

TEST_F(BenefitServiceTest, ListsPageByPage) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_TRUE(Create(id, kContact).ok());
    ASSERT_TRUE(Activate(id).ok());
  }
  auto list = Parse<v1::ListBenefitsRequest>("page_size: 2");
  auto page = Ask(&BenefitService::ListBenefits, list);
  EXPECT_EQ(page->benefits_size(), 2);
  list.set_page_token(page->next_page_token());
  page = Ask(&BenefitService::ListBenefits, list);
  ASSERT_EQ(page->benefits_size(), 1);
  EXPECT_EQ(page->benefits(0).name(), "benefits/c");
  EXPECT_EQ(page->next_page_token(), "");
  EXPECT_EQ(Ask(&BenefitService::ListBudgets, v1::ListBudgetsRequest())->budgets_size(), 1);

  const auto acme = Grant("acme", "a");
  const auto blue = Grant("blue", "b");
  ASSERT_TRUE(acme.ok() && blue.ok());
  const auto names = [&](const std::string& text) {
    const auto found =
        Ask(&BenefitService::ListEntitlements, Parse<v1::ListEntitlementsRequest>(text));
    std::vector<std::string> names;
    for (const auto& entitlement : found->entitlements()) names.push_back(entitlement.name());
    return names;
  };
  EXPECT_THAT(names("parent: 'accounts/acme'"), ElementsAre(acme->name()));
  EXPECT_EQ(names("parent: 'accounts/-'").size(), 2u);
  EXPECT_TRUE(HasReason(Ask(&BenefitService::ListEntitlements,
                            Parse<v1::ListEntitlementsRequest>("parent: 'accounts/none'"))
                            .status(),
                        ErrorReason::kResourceNotFound));
  database_.Sql(
      "UPDATE entitlements SET start_time = start_time - interval '31 days', "
      "end_time = end_time - interval '31 days'");
  EXPECT_THAT(names("parent: 'accounts/-' live_only: true"), ElementsAre());
  v1::GetEntitlementRequest get;
  get.set_name(acme->name());
  EXPECT_EQ(Ask(&BenefitService::GetEntitlement, get)->state(), v1::Entitlement::STATE_EXPIRED);
  get.set_name("accounts/blue/entitlements/none");
  EXPECT_TRUE(HasReason(Ask(&BenefitService::GetEntitlement, get).status(),
                        ErrorReason::kResourceNotFound));
}

}  // namespace
}  // namespace kam::rpc
