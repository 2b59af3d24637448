#include "rpc/contract/field_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "kam/v1/account_service.pb.h"
#include "kam/v1/benefit_service.pb.h"
#include "kam/v1/criteria_service.pb.h"
#include "kam/v1/history_service.pb.h"
#include "model/error.h"

namespace kam::rpc {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::string> FieldsOf(const Violations& violations) {
  const std::optional<ErrorDetails> details = GetErrorDetails(violations.ToStatus());
  std::vector<std::string> fields;
  if (!details) return fields;
  for (const FieldViolation& violation : details->fields) fields.push_back(violation.field);
  return fields;
}

std::vector<std::string> Broken(const google::protobuf::Message& request) {
  Violations violations;
  CheckRequest(request, violations);
  return FieldsOf(violations);
}

v1::CreateAccountRequest GoodAccount() {
  v1::CreateAccountRequest request;
  request.set_account_id("acme");
  request.mutable_account()->set_display_name("Acme");
  request.mutable_account()->set_currency_code("EUR");
  return request;
}

TEST(FieldRulesTest, AcceptsAGoodRequest) { EXPECT_THAT(Broken(GoodAccount()), IsEmpty()); }

TEST(FieldRulesTest, NamesEveryViolationAtOnce) {
  v1::CreateAccountRequest request;
  request.set_account_id("Not An Id");
  request.set_request_id("no spaces please");
  v1::Account& account = *request.mutable_account();
  account.set_currency_code("XXQ");
  account.set_parent_account("accounts/UPPER");
  account.mutable_declared_annual_spend()->set_currency_code("EUR");
  account.add_external_ids()->set_system("crm");
  EXPECT_THAT(Broken(request),
              UnorderedElementsAre("account_id", "request_id", "account.display_name",
                                   "account.currency_code", "account.parent_account",
                                   "account.declared_annual_spend", "account.external_ids[0].id"));
}

TEST(FieldRulesTest, IgnoresWhatTheServerWrites) {
  v1::CreateAccountRequest request = GoodAccount();
  request.mutable_account()->mutable_create_time()->set_nanos(-5);
  request.mutable_account()->set_state(static_cast<v1::Account::State>(99));
  EXPECT_THAT(Broken(request), IsEmpty());
}

TEST(FieldRulesTest, RefusesNulCharactersAndLongText) {
  v1::CreateAccountRequest request = GoodAccount();
  request.mutable_account()->set_display_name(std::string("a\0b", 3));
  request.mutable_account()->set_industry(std::string(101, 'x'));
  EXPECT_THAT(Broken(request), UnorderedElementsAre("account.display_name", "account.industry"));
}

TEST(FieldRulesTest, CountsCharactersNotBytes) {
  v1::CreateAccountRequest request = GoodAccount();
  std::string umlauts;
  for (int i = 0; i < 256; ++i) umlauts += "ü";
  request.mutable_account()->set_display_name(umlauts);
  EXPECT_THAT(Broken(request), IsEmpty());
}

TEST(FieldRulesTest, AnUpdateNeedsOnlyWhatItsMaskNames) {
  v1::UpdateAccountRequest request;
  request.mutable_account()->set_name("accounts/acme");
  request.mutable_account()->set_industry("retail");
  request.mutable_update_mask()->add_paths("industry");
  EXPECT_THAT(Broken(request), IsEmpty());
  request.mutable_update_mask()->add_paths("display_name");
  EXPECT_THAT(Broken(request), UnorderedElementsAre("account.display_name"));
  request.mutable_account()->clear_name();
  EXPECT_THAT(Broken(request), UnorderedElementsAre("account.name", "account.display_name"));
}

TEST(FieldRulesTest, CountsRowsAndLeavesTheirContentToTheMethod) {
  v1::RecordOrdersRequest request;
  EXPECT_THAT(Broken(request), UnorderedElementsAre("orders"));
  for (int i = 0; i < 1000; ++i) request.add_orders()->set_name("nonsense");
  EXPECT_THAT(Broken(request), IsEmpty());
  request.add_orders();
  EXPECT_THAT(Broken(request), UnorderedElementsAre("orders"));
}

TEST(FieldRulesTest, ChecksARowByItself) {
  v1::Order order;
  order.set_name("accounts/acme/orders/17");
  order.mutable_order_time()->set_seconds(std::numeric_limits<int64_t>::max());
  order.mutable_net_amount()->set_currency_code("EUR");
  order.mutable_net_amount()->set_units(-1);
  order.set_service_level(static_cast<v1::Order::ServiceLevel>(42));
  Violations violations;
  CheckFieldRules(order, "orders[3]", violations);
  EXPECT_THAT(
      FieldsOf(violations),
      UnorderedElementsAre("orders[3].order_time.seconds", "orders[3].list_amount",
                           "orders[3].net_amount", "orders[3].service_level", "orders[3].status"));
}

TEST(FieldRulesTest, RefusesNumbersThatAreNone) {
  v1::CreateScorecardRequest request;
  request.set_scorecard_id("s");
  request.mutable_scorecard()->set_display_name("S");
  auto& definition = *request.mutable_scorecard()->mutable_definition();
  auto& criterion = *definition.add_criteria();
  criterion.set_id("c");
  criterion.set_weight(std::numeric_limits<double>::quiet_NaN());
  criterion.set_pass_mark(101);
  auto& metric = *criterion.add_metrics();
  metric.set_metric(v1::METRIC_P_ALIVE);
  metric.add_curve()->set_score(std::numeric_limits<double>::infinity());
  auto& tier = *definition.add_tiers();
  tier.set_tier(static_cast<v1::Tier>(12));
  EXPECT_THAT(Broken(request),
              UnorderedElementsAre("scorecard.definition.criteria[0].weight",
                                   "scorecard.definition.criteria[0].pass_mark",
                                   "scorecard.definition.criteria[0].metrics[0].weight",
                                   "scorecard.definition.criteria[0].metrics[0].curve[0].score",
                                   "scorecard.definition.tiers[0].tier"));
}

TEST(FieldRulesTest, RefusesMoneyOfMixedSigns) {
  v1::AdjustBudgetRequest request;
  request.set_name("budgets/b");
  request.set_reason("because");
  request.mutable_limit_change()->set_currency_code("EUR");
  request.mutable_limit_change()->set_units(1);
  request.mutable_limit_change()->set_nanos(-1);
  EXPECT_THAT(Broken(request), UnorderedElementsAre("limit_change.nanos"));
  request.mutable_limit_change()->set_units(-1);
  EXPECT_THAT(Broken(request), IsEmpty());
}

TEST(FieldRulesTest, RefusesATimeBefore1970WhereItMustBePositive) {
  v1::EvaluateAccountRequest request;
  request.set_account("accounts/a");
  EXPECT_THAT(Broken(request), IsEmpty());
  request.mutable_as_of()->set_seconds(-62135596800);  // the first second of year 1
  EXPECT_THAT(Broken(request), UnorderedElementsAre("as_of"));
  request.mutable_as_of()->set_seconds(1);
  EXPECT_THAT(Broken(request), IsEmpty());
}

TEST(FieldRulesTest, WritesBoundsAsWholeNumbers) {
  v1::AdjustBudgetRequest request;
  request.set_name("budgets/b");
  request.set_reason("because");
  request.set_seat_limit_change(2'000'000'000);
  Violations violations;
  CheckRequest(request, violations);
  EXPECT_EQ(std::string(violations.ToStatus().message()),
            "seat_limit_change: must be at most 1000000000");
}

TEST(FieldRulesTest, EveryPatternOfTheContractIsValid) {
  const google::protobuf::FileDescriptor& file = *v1::CreateAccountRequest::descriptor()->file();
  for (int i = 0; i < file.message_type_count(); ++i) {
    EXPECT_TRUE(ValidateRules(*file.message_type(i)).ok());
  }
}

}  // namespace
}  // namespace kam::rpc
