#include "rpc/benefits/benefit_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "domain/benefits/budgets.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/entitlements.h"
#include "google/protobuf/util/field_mask_util.h"
#include "model/names.h"
#include "rpc/benefits/benefit_convert.h"
#include "rpc/benefits/entitlement_convert.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/page_token.h"
#include "store/accounts/accounts.h"

namespace kam::rpc {
namespace {

using google::protobuf::util::FieldMaskUtil;

void AddAll(const std::vector<FieldViolation>& found, Violations& violations) {
  for (const FieldViolation& violation : found) {
    violations.Add(violation.field, violation.description);
  }
}

// What may be changed of a benefit; naming a field of the kind changes the kind.
std::vector<std::string> MutableFields() {
  return {"display_name",
          "discount",
          "credit_terms",
          "club_membership",
          "event",
          "payment_mode",
          "delivery_arrangement",
          "dedicated_contact",
          "eligibility",
          "stacking_group",
          "cost",
          "value",
          "validity_days",
          "budget"};
}

// `current` with the fields at `paths` as `wanted` has them.
v1::Benefit Merge(const Benefit& current, const v1::Benefit& wanted,
                  const std::vector<std::string>& paths) {
  v1::Benefit merged = ToProto(current);
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(wanted, mask, options, &merged);
  return merged;
}

}  // namespace

absl::StatusOr<v1::Benefit> BenefitService::CreateBenefit(const Call& call, store::Transaction& tx,
                                                          const v1::CreateBenefitRequest& request) {
  Violations violations;
  Benefit benefit = FromProto(request.benefit(), violations);
  benefit.id = request.benefit_id();
  KAM_ASSIGN_OR_RETURN(const std::vector<FieldViolation> found,
                       domain::CheckBenefit(tx, benefit, nullptr));
  AddAll(found, violations);
  KAM_RETURN_IF_ERROR(violations.ToStatus());
  KAM_ASSIGN_OR_RETURN(const Benefit created,
                       domain::CreateBenefit(tx, std::move(benefit), call.now));
  return ToProto(created);
}

absl::StatusOr<v1::Benefit> BenefitService::GetBenefit(const Call&, store::Snapshot& tx,
                                                       const v1::GetBenefitRequest& request) {
  KAM_ASSIGN_OR_RETURN(const Benefit benefit, tx.benefits().GetBenefit(LastId(request.name())));
  return ToProto(benefit);
}

absl::StatusOr<v1::ListBenefitsResponse> BenefitService::ListBenefits(
    const Call&, store::Snapshot& tx, const v1::ListBenefitsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const Page<Benefit> found, tx.benefits().ListBenefits(page));
  v1::ListBenefitsResponse response;
  for (const Benefit& benefit : found.items) *response.add_benefits() = ToProto(benefit);
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

absl::StatusOr<v1::Benefit> BenefitService::UpdateBenefit(const Call& call, store::Transaction& tx,
                                                          const v1::UpdateBenefitRequest& request) {
  Violations violations;
  const std::vector<std::string> paths =
      UpdatePaths(request.update_mask(), request.benefit(), MutableFields(), violations);
  KAM_ASSIGN_OR_RETURN(
      const Benefit current,
      domain::LockForUpdate(tx, LastId(request.benefit().name()), request.benefit().etag()));
  Benefit wanted = FromProto(Merge(current, request.benefit(), paths), violations);
  wanted.id = current.id;
  wanted.state = current.state;
  wanted.was_activated = current.was_activated;
  wanted.version = current.version;
  wanted.create_time = current.create_time;
  KAM_ASSIGN_OR_RETURN(const std::vector<FieldViolation> found,
                       domain::CheckBenefit(tx, wanted, &current));
  AddAll(found, violations);
  KAM_RETURN_IF_ERROR(violations.ToStatus());
  KAM_ASSIGN_OR_RETURN(const Benefit updated,
                       domain::UpdateBenefit(tx, std::move(wanted), call.now));
  return ToProto(updated);
}

absl::StatusOr<v1::Benefit> BenefitService::ActivateBenefit(
    const Call& call, store::Transaction& tx, const v1::ActivateBenefitRequest& request) {
  KAM_ASSIGN_OR_RETURN(const Benefit benefit, domain::ActivateBenefit(tx, LastId(request.name()),
                                                                      request.etag(), call.now));
  return ToProto(benefit);
}

absl::StatusOr<v1::Benefit> BenefitService::RetireBenefit(const Call& call, store::Transaction& tx,
                                                          const v1::RetireBenefitRequest& request) {
  KAM_ASSIGN_OR_RETURN(const Benefit benefit,
                       domain::RetireBenefit(tx, LastId(request.name()), request.etag(), call.now));
  return ToProto(benefit);
}

absl::StatusOr<v1::Budget> BenefitService::CreateBudget(const Call& call, store::Transaction& tx,
                                                        const v1::CreateBudgetRequest& request) {
  Violations violations;
  Budget budget = FromProto(request.budget(), violations);
  budget.id = request.budget_id();
  AddAll(domain::ViolationsOf(budget), violations);
  KAM_RETURN_IF_ERROR(violations.ToStatus());
  KAM_ASSIGN_OR_RETURN(const Budget created,
                       domain::CreateBudget(tx, budget, call.principal, call.now));
  return ToProto(created);
}

absl::StatusOr<v1::Budget> BenefitService::GetBudget(const Call&, store::Snapshot& tx,
                                                     const v1::GetBudgetRequest& request) {
  KAM_ASSIGN_OR_RETURN(const Budget budget, tx.benefits().GetBudget(LastId(request.name())));
  return ToProto(budget);
}

absl::StatusOr<v1::ListBudgetsResponse> BenefitService::ListBudgets(
    const Call&, store::Snapshot& tx, const v1::ListBudgetsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const Page<Budget> found, tx.benefits().ListBudgets(page));
  v1::ListBudgetsResponse response;
  for (const Budget& budget : found.items) *response.add_budgets() = ToProto(budget);
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

absl::StatusOr<v1::Budget> BenefitService::AdjustBudget(const Call& call, store::Transaction& tx,
                                                        const v1::AdjustBudgetRequest& request) {
  Violations violations;
  domain::BudgetAdjustment adjustment = {.seat_limit_change = request.seat_limit_change(),
                                         .reason = request.reason(),
                                         .principal = call.principal};
  if (request.has_limit_change()) {
    adjustment.limit_change = FromProto(request.limit_change(), "limit_change", violations);
  }
  KAM_RETURN_IF_ERROR(violations.ToStatus());
  KAM_ASSIGN_OR_RETURN(
      const Budget budget,
      domain::AdjustBudget(tx, LastId(request.name()), request.etag(), adjustment, call.now));
  return ToProto(budget);
}

absl::StatusOr<v1::ListBudgetEntriesResponse> BenefitService::ListBudgetEntries(
    const Call&, store::Snapshot& tx, const v1::ListBudgetEntriesRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const Budget budget, tx.benefits().GetBudget(LastId(request.parent())));
  KAM_ASSIGN_OR_RETURN(const Page<BudgetEntry> found, tx.benefits().ListEntries(budget.id, page));
  v1::ListBudgetEntriesResponse response;
  for (const BudgetEntry& entry : found.items) {
    *response.add_entries() = ToProto(entry, budget.currency);
  }
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

absl::StatusOr<v1::Entitlement> BenefitService::GrantEntitlement(
    const Call& call, store::Transaction& tx, const v1::GrantEntitlementRequest& request) {
  const v1::Entitlement& wanted = request.entitlement();
  domain::GrantRequest grant = {.account_id = LastId(request.parent()),
                                .benefit_id = LastId(wanted.benefit()),
                                .reason = wanted.reason(),
                                .principal = call.principal};
  if (wanted.has_start_time()) grant.start_time = FromProto(wanted.start_time());
  KAM_ASSIGN_OR_RETURN(const Entitlement entitlement,
                       domain::GrantEntitlement(tx, grant, call.now));
  return ToProto(entitlement, call.now);
}

absl::StatusOr<v1::Entitlement> BenefitService::RevokeEntitlement(
    const Call& call, store::Transaction& tx, const v1::RevokeEntitlementRequest& request) {
  const std::vector<std::string> ids = IdsOf(request.name());
  const domain::RevokeRequest revoke = {.account_id = ids[0],
                                        .entitlement_id = ids[1],
                                        .etag = request.etag(),
                                        .reason = request.reason(),
                                        .principal = call.principal};
  KAM_ASSIGN_OR_RETURN(const Entitlement entitlement,
                       domain::RevokeEntitlement(tx, revoke, call.now));
  return ToProto(entitlement, call.now);
}

absl::StatusOr<v1::Entitlement> BenefitService::GetEntitlement(
    const Call& call, store::Snapshot& tx, const v1::GetEntitlementRequest& request) {
  const std::vector<std::string> ids = IdsOf(request.name());
  KAM_ASSIGN_OR_RETURN(const Entitlement entitlement, tx.benefits().GetEntitlement(ids[0], ids[1]));
  return ToProto(entitlement, call.now);
}

absl::StatusOr<v1::ListEntitlementsResponse> BenefitService::ListEntitlements(
    const Call& call, store::Snapshot& tx, const v1::ListEntitlementsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  std::string account_id = LastId(request.parent());
  if (account_id == "-") {
    account_id.clear();
  } else {
    KAM_RETURN_IF_ERROR(store::GetAccount(tx, account_id).status());
  }
  const std::optional<absl::Time> live_at =
      request.live_only() ? std::optional<absl::Time>(call.now) : std::nullopt;
  KAM_ASSIGN_OR_RETURN(const Page<Entitlement> found,
                       tx.benefits().ListEntitlements(account_id, live_at, page));
  v1::ListEntitlementsResponse response;
  for (const Entitlement& entitlement : found.items) {
    *response.add_entitlements() = ToProto(entitlement, call.now);
  }
  response.set_next_page_token(SealPage(request, found.next));
  return response;
}

}  // namespace kam::rpc
