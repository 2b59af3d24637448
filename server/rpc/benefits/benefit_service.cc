#include "rpc/benefits/benefit_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/status_macros.h"
#include "domain/benefits/budgets.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/grants.h"
#include "model/accounts/names.h"
#include "model/benefits/names.h"
#include "model/error.h"
#include "rpc/benefits/benefit_convert.h"
#include "rpc/benefits/entitlement_convert.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/page_token.h"
#include "store/accounts/accounts.h"
#include "store/benefits/benefits.h"
#include "store/benefits/budgets.h"
#include "store/benefits/entitlements.h"

namespace kam::rpc {
namespace {

void AddAll(const std::vector<FieldViolation>& found, Violations& violations) {
  for (const FieldViolation& violation : found) {
    violations.Add(violation.field, violation.description);
  }
}

// Answers each call with its verdict; one without is to be run by itself.
template <typename Calls>
void Tell(const std::vector<domain::GrantVerdict>& verdicts, absl::Time now, Calls calls) {
  for (size_t i = 0; i < calls.size(); ++i) {
    const domain::GrantVerdict& verdict = verdicts[i];
    calls[i].alone = !verdict.has_value();
    if (!verdict) continue;
    if (verdict->ok()) {
      calls[i].answer = ToProto(**verdict, now);
    } else {
      calls[i].answer = verdict->status();
    }
  }
}

}  // namespace

absl::StatusOr<v1::Benefit> BenefitService::CreateBenefit(const Call&, store::Transaction& tx,
                                                          const v1::CreateBenefitRequest& request) {
  Violations violations;
  Benefit benefit = FromProto(request.benefit(), violations);
  benefit.id = request.benefit_id();
  KAM_ASSIGN_OR_RETURN(const Benefit created,
                       domain::CreateBenefit(tx, std::move(benefit), violations.Take()));
  return ToProto(created);
}

absl::StatusOr<v1::Benefit> BenefitService::GetBenefit(const Call&, store::Snapshot& tx,
                                                       const v1::GetBenefitRequest& request) {
  KAM_ASSIGN_OR_RETURN(const BenefitName name, BenefitName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const Benefit benefit, store::GetBenefit(tx, name.benefit));
  return ToProto(benefit);
}

absl::StatusOr<v1::ListBenefitsResponse> BenefitService::ListBenefits(
    const Call&, store::Snapshot& tx, const v1::ListBenefitsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const Page<Benefit> found, store::ListBenefits(tx, page));
  v1::ListBenefitsResponse response;
  for (const Benefit& benefit : found.items) *response.add_benefits() = ToProto(benefit);
  response.set_next_page_token(found.next);
  return response;
}

absl::StatusOr<v1::Benefit> BenefitService::UpdateBenefit(const Call&, store::Transaction& tx,
                                                          const v1::UpdateBenefitRequest& request) {
  KAM_ASSIGN_OR_RETURN(const BenefitName name, BenefitName::Parse(request.benefit().name()));
  KAM_ASSIGN_OR_RETURN(const Benefit updated, domain::UpdateBenefit(tx, name, ToUpdate(request)));
  return ToProto(updated);
}

absl::StatusOr<v1::Benefit> BenefitService::ActivateBenefit(
    const Call&, store::Transaction& tx, const v1::ActivateBenefitRequest& request) {
  KAM_ASSIGN_OR_RETURN(const BenefitName name, BenefitName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const Benefit benefit,
                       domain::ActivateBenefit(tx, name.benefit, request.etag()));
  return ToProto(benefit);
}

absl::StatusOr<v1::Benefit> BenefitService::RetireBenefit(const Call&, store::Transaction& tx,
                                                          const v1::RetireBenefitRequest& request) {
  KAM_ASSIGN_OR_RETURN(const BenefitName name, BenefitName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const Benefit benefit,
                       domain::RetireBenefit(tx, name.benefit, request.etag()));
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
                       domain::CreateBudget(tx, std::move(budget), call.principal));
  return ToProto(created);
}

absl::StatusOr<v1::Budget> BenefitService::GetBudget(const Call&, store::Snapshot& tx,
                                                     const v1::GetBudgetRequest& request) {
  KAM_ASSIGN_OR_RETURN(const BudgetName name, BudgetName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const Budget budget, store::GetBudget(tx, name.budget));
  return ToProto(budget);
}

absl::StatusOr<v1::ListBudgetsResponse> BenefitService::ListBudgets(
    const Call&, store::Snapshot& tx, const v1::ListBudgetsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const Page<Budget> found, store::ListBudgets(tx, page));
  v1::ListBudgetsResponse response;
  for (const Budget& budget : found.items) *response.add_budgets() = ToProto(budget);
  response.set_next_page_token(found.next);
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
  KAM_ASSIGN_OR_RETURN(const BudgetName name, BudgetName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const Budget budget,
                       domain::AdjustBudget(tx, name.budget, request.etag(), adjustment));
  return ToProto(budget);
}

absl::StatusOr<v1::ListBudgetEntriesResponse> BenefitService::ListBudgetEntries(
    const Call&, store::Snapshot& tx, const v1::ListBudgetEntriesRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const BudgetName parent, BudgetName::Parse(request.parent()));
  KAM_ASSIGN_OR_RETURN(const Budget budget, store::GetBudget(tx, parent.budget));
  KAM_ASSIGN_OR_RETURN(const Page<BudgetEntry> found, store::ListEntries(tx, budget.id, page));
  v1::ListBudgetEntriesResponse response;
  for (const BudgetEntry& entry : found.items) {
    *response.add_entries() = ToProto(entry, budget.currency);
  }
  response.set_next_page_token(found.next);
  return response;
}

absl::Status BenefitService::GrantEntitlement(store::Transaction& tx, absl::Span<GrantCall> calls) {
  std::vector<domain::GrantRequest> requests;
  requests.reserve(calls.size());
  for (const GrantCall& one : calls) {
    const v1::Entitlement& wanted = one.request.entitlement();
    KAM_ASSIGN_OR_RETURN(AccountName parent, AccountName::Parse(one.request.parent()));
    KAM_ASSIGN_OR_RETURN(BenefitName benefit, BenefitName::Parse(wanted.benefit()));
    requests.push_back({.account_id = std::move(parent.account),
                        .benefit_id = std::move(benefit.benefit),
                        .reason = wanted.reason(),
                        .principal = one.call.principal});
    if (wanted.has_start_time()) requests.back().start_time = FromProto(wanted.start_time());
  }
  KAM_ASSIGN_OR_RETURN(const std::vector<domain::GrantVerdict> verdicts,
                       domain::GrantEntitlements(tx, requests));
  Tell(verdicts, tx.now(), calls);
  return absl::OkStatus();
}

absl::Status BenefitService::RevokeEntitlement(store::Transaction& tx,
                                               absl::Span<RevokeCall> calls) {
  std::vector<domain::RevokeRequest> requests;
  requests.reserve(calls.size());
  for (const RevokeCall& one : calls) {
    KAM_ASSIGN_OR_RETURN(EntitlementName name, EntitlementName::Parse(one.request.name()));
    requests.push_back({.name = std::move(name),
                        .etag = one.request.etag(),
                        .reason = one.request.reason(),
                        .principal = one.call.principal});
  }
  KAM_ASSIGN_OR_RETURN(const std::vector<domain::GrantVerdict> verdicts,
                       domain::RevokeEntitlements(tx, requests));
  Tell(verdicts, tx.now(), calls);
  return absl::OkStatus();
}

absl::Status BenefitService::GetEntitlement(store::Snapshot& snapshot,
                                            absl::Span<GetEntitlementCall> calls) {
  std::vector<EntitlementName> names;
  for (const GetEntitlementCall& one : calls) {
    KAM_ASSIGN_OR_RETURN(names.emplace_back(), EntitlementName::Parse(one.request.name()));
  }
  KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> found,
                       store::FindEntitlements(snapshot, names));
  absl::flat_hash_map<std::string, const Entitlement*> by_name;
  for (const Entitlement& entitlement : found) {
    by_name[EntitlementName{entitlement.account_id, entitlement.id}.ToString()] = &entitlement;
  }
  for (GetEntitlementCall& one : calls) {
    const auto entitlement = by_name.find(one.request.name());
    if (entitlement == by_name.end()) {
      one.answer = NotFound(one.request.name());
    } else {
      one.answer = ToProto(*entitlement->second, snapshot.now());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ListEntitlementsResponse> BenefitService::ListEntitlements(
    const Call&, store::Snapshot& tx, const v1::ListEntitlementsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  std::string account_id;  // empty: of all accounts
  if (request.parent() != "accounts/-") {
    KAM_ASSIGN_OR_RETURN(AccountName parent, AccountName::Parse(request.parent()));
    account_id = std::move(parent.account);
    KAM_RETURN_IF_ERROR(store::GetAccount(tx, account_id).status());
  }
  const std::optional<absl::Time> live_at =
      request.live_only() ? std::optional<absl::Time>(tx.now()) : std::nullopt;
  KAM_ASSIGN_OR_RETURN(const Page<Entitlement> found,
                       store::ListEntitlements(tx, account_id, live_at, page));
  v1::ListEntitlementsResponse response;
  for (const Entitlement& entitlement : found.items) {
    *response.add_entitlements() = ToProto(entitlement, tx.now());
  }
  response.set_next_page_token(found.next);
  return response;
}

}  // namespace kam::rpc
