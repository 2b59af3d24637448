#include "support/contract_enums.h"
#include "domain/benefits/usage.h"
#include "gtest/gtest.h"
#include "kam/v1/allocation_plan.pb.h"
#include "kam/v1/benefit.pb.h"
#include "kam/v1/budget.pb.h"
#include "kam/v1/entitlement.pb.h"
#include "kam/v1/evaluation.pb.h"
#include "kam/v1/lifetime_model.pb.h"
#include "kam/v1/metric.pb.h"
#include "kam/v1/operation_metadata.pb.h"
#include "kam/v1/order.pb.h"
#include "kam/v1/usage_service.pb.h"
#include "model/allocation/plan.h"
#include "model/benefits/benefit.h"
#include "model/benefits/budget.h"
#include "model/benefits/entitlement.h"
#include "model/criteria/lifetime_model.h"
#include "model/criteria/metric.h"
#include "model/criteria/scorecard.h"
#include "model/criteria/verdict.h"
#include "model/history/order.h"
#include "model/operations/operation.h"

namespace kam::rpc {
namespace {

// Every enumeration that rpc/contract/convert.h casts between.
TEST(ContractEnumsTest, HaveTheNumbersAndNamesOfOurs) {
  testing::ExpectSameEnum<v1::AllocationItem::Decision, AllocationDecision>();
  testing::ExpectSameEnum<v1::AllocationPlan::State, PlanState>();
  testing::ExpectSameEnum<v1::Benefit::State, BenefitState>();
  testing::ExpectSameEnum<v1::BudgetEntry::Kind, BudgetEntryKind>();
  testing::ExpectSameEnum<v1::CheckBenefitResponse::Denial, domain::Denial>();
  testing::ExpectSameEnum<v1::Entitlement::State, EntitlementState>();
  testing::ExpectSameEnum<v1::Evaluation::State, RunState>();
  testing::ExpectSameEnum<v1::LifetimeModel::PurchaseKind, PurchaseModelKind>();
  testing::ExpectSameEnum<v1::LifetimeModel::State, RunState>();
  testing::ExpectSameEnum<v1::Metric, Metric>();
  testing::ExpectSameEnum<v1::OperationMetadata::Kind, OperationKind>();
  testing::ExpectSameEnum<v1::Order::ServiceLevel, ServiceLevel>();
  testing::ExpectSameEnum<v1::Order::Status, OrderStatus>();
  testing::ExpectSameEnum<v1::Tier, Tier>();
  testing::ExpectSameEnum<v1::Verdict, Verdict>();
}

}  // namespace
}  // namespace kam::rpc
