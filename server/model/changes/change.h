#pragma once

#include <cstdint>
#include <string>

#include "base/enum_map.h"

namespace kam {

// What happened to a resource. Names are stored: they never change.
enum class ChangeKind {
  kAccountCreated,
  kAccountUpdated,
  kAccountDeleted,
  kAccountUndeleted,
  kOrderRecorded,   // version 1 of an order
  kOrderCorrected,  // a later one
  kScorecardCreated,
  kScorecardUpdated,
  kScorecardPublished,
  kLifetimeModelCreated,
  kLifetimeModelSucceeded,
  kLifetimeModelFailed,
  kEvaluationCreated,
  kEvaluationSucceeded,
  kEvaluationFailed,
  kBenefitCreated,
  kBenefitUpdated,
  kBenefitActivated,
  kBenefitRetired,
  kBudgetCreated,
  kBudgetAdjusted,  // its limits
  kBudgetMoved,     // its balance
  kEntitlementGranted,
  kEntitlementRevoked,
  kPlanCreated,
  kPlanReady,
  kPlanFailed,
  kPlanCommitting,
  kPlanCommitted,
  kPlanDiscarded,
};

template <>
inline constexpr auto kEnumNames<ChangeKind> = EnumMap<ChangeKind, 30>{{{
    {ChangeKind::kAccountCreated, "account.created"},
    {ChangeKind::kAccountUpdated, "account.updated"},
    {ChangeKind::kAccountDeleted, "account.deleted"},
    {ChangeKind::kAccountUndeleted, "account.undeleted"},
    {ChangeKind::kOrderRecorded, "order.recorded"},
    {ChangeKind::kOrderCorrected, "order.corrected"},
    {ChangeKind::kScorecardCreated, "scorecard.created"},
    {ChangeKind::kScorecardUpdated, "scorecard.updated"},
    {ChangeKind::kScorecardPublished, "scorecard.published"},
    {ChangeKind::kLifetimeModelCreated, "lifetime_model.created"},
    {ChangeKind::kLifetimeModelSucceeded, "lifetime_model.succeeded"},
    {ChangeKind::kLifetimeModelFailed, "lifetime_model.failed"},
    {ChangeKind::kEvaluationCreated, "evaluation.created"},
    {ChangeKind::kEvaluationSucceeded, "evaluation.succeeded"},
    {ChangeKind::kEvaluationFailed, "evaluation.failed"},
    {ChangeKind::kBenefitCreated, "benefit.created"},
    {ChangeKind::kBenefitUpdated, "benefit.updated"},
    {ChangeKind::kBenefitActivated, "benefit.activated"},
    {ChangeKind::kBenefitRetired, "benefit.retired"},
    {ChangeKind::kBudgetCreated, "budget.created"},
    {ChangeKind::kBudgetAdjusted, "budget.adjusted"},
    {ChangeKind::kBudgetMoved, "budget.moved"},
    {ChangeKind::kEntitlementGranted, "entitlement.granted"},
    {ChangeKind::kEntitlementRevoked, "entitlement.revoked"},
    {ChangeKind::kPlanCreated, "plan.created"},
    {ChangeKind::kPlanReady, "plan.ready"},
    {ChangeKind::kPlanFailed, "plan.failed"},
    {ChangeKind::kPlanCommitting, "plan.committing"},
    {ChangeKind::kPlanCommitted, "plan.committed"},
    {ChangeKind::kPlanDiscarded, "plan.discarded"},
}}};

// One line of the change log: a resource has reached a version. The log is complete: replaying it
// gives the version of every resource that has one.
struct Change {
  ChangeKind kind = ChangeKind::kAccountCreated;
  std::string resource;    // its full name
  std::string account_id;  // the account it concerns, or empty
  int64_t version = 0;     // the resource's, after the change
};

}  // namespace kam
