#include "domain/benefits/entitlements.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/cost_and_value.h"
#include "domain/benefits/eligibility.h"
#include "model/accounts/names.h"
#include "model/benefits/errors.h"
#include "model/etag.h"
#include "model/names.h"
#include "store/accounts/accounts.h"

namespace kam::domain {
namespace {

constexpr int kMaxStartAheadDays = 3650;

absl::string_view StateLabel(EntitlementState state) {
  switch (state) {
    case EntitlementState::kActive:
      return "ACTIVE";
    case EntitlementState::kExpired:
      return "EXPIRED";
    case EntitlementState::kRevoked:
      return "REVOKED";
  }
  return "UNKNOWN";
}

absl::Status CheckStart(absl::Time start_time, absl::Time now) {
  if (start_time < now) {
    return InvalidField("entitlement.start_time", "must not be in the past; leave it out for now");
  }
  if (start_time > now + absl::Hours(24) * kMaxStartAheadDays) {
    return InvalidField("entitlement.start_time",
                        absl::StrCat("must be within ", kMaxStartAheadDays, " days from now"));
  }
  return absl::OkStatus();
}

// The account must not get more out of the budget than its limit per account.
absl::Status CheckAccountLimit(store::Transaction& tx, const Budget& budget,
                               absl::string_view account_id, int64_t cost) {
  if (!budget.account_limit) return absl::OkStatus();
  KAM_ASSIGN_OR_RETURN(const int64_t taken, tx.benefits().ReservedByAccount(budget.id, account_id));
  const int64_t available = *budget.account_limit - taken;
  if (cost <= available) return absl::OkStatus();
  return AccountLimitExceeded(budget.id, account_id, available, cost, budget.currency);
}

absl::Status CheckFree(store::Transaction& tx, const Benefit& benefit,
                       const Entitlement& entitlement, absl::Time now) {
  KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> held,
                       tx.benefits().FindLive({&entitlement.account_id, 1}, now));
  const Entitlement* conflict =
      FindConflict(held, benefit, entitlement.start_time, entitlement.end_time);
  if (conflict == nullptr) return absl::OkStatus();
  return AlreadyEntitled(EntitlementName(conflict->account_id, conflict->id));
}

// The entitlement that the request asks for, checked against everything but its budget's balance.
absl::StatusOr<Entitlement> Draw(store::Transaction& tx, const GrantRequest& request,
                                 const Account& account, const Benefit& benefit,
                                 const Budget* budget, absl::Time now) {
  KAM_ASSIGN_OR_RETURN(const std::optional<StoredAssessment> assessment,
                       tx.criteria().NewestAssessment(account.id));
  std::vector<PreconditionViolation> lacking =
      LackingFor(benefit.eligibility, account.id, assessment ? &*assessment : nullptr);
  if (!lacking.empty()) return NotEligible(benefit.id, account.id, std::move(lacking));

  Entitlement entitlement = {.id = NewTimeOrderedId(now),
                             .account_id = account.id,
                             .benefit_id = benefit.id,
                             .stacking_group = benefit.stacking_group,
                             .budget_id = benefit.budget_id,
                             .currency = CurrencyOf(benefit, budget),
                             .seats = SeatsOf(benefit),
                             .evaluation_id = assessment ? assessment->evaluation_id : "",
                             .principal = request.principal,
                             .reason = request.reason,
                             .version = 1};
  entitlement.start_time = request.start_time.value_or(now);
  entitlement.end_time = EndOf(benefit, entitlement.start_time);
  entitlement.create_time = now;
  KAM_RETURN_IF_ERROR(CheckFree(tx, benefit, entitlement, now));
  if (entitlement.currency != account.content.currency) {
    return FxRateMissing(entitlement.currency, account.content.currency,
                         budget != nullptr ? BudgetName(budget->id) : BenefitName(benefit.id));
  }
  KAM_ASSIGN_OR_RETURN(
      entitlement.reserved_cost,
      ExpectedCost(benefit, assessment ? ExpectedYearOf(*assessment) : ExpectedYear()));
  if (budget != nullptr) {
    KAM_RETURN_IF_ERROR(CheckAccountLimit(tx, *budget, account.id, entitlement.reserved_cost));
  }
  return entitlement;
}

}  // namespace

const Entitlement* FindConflict(absl::Span<const Entitlement> held, const Benefit& benefit,
                                absl::Time start_time, absl::Time end_time) {
  for (const Entitlement& other : held) {
    const bool same =
        other.benefit_id == benefit.id ||
        (!benefit.stacking_group.empty() && other.stacking_group == benefit.stacking_group);
    if (same && other.start_time < end_time && start_time < other.end_time) return &other;
  }
  return nullptr;
}

BudgetEntry ReserveLine(const Entitlement& entitlement) {
  return {.budget_id = entitlement.budget_id,
          .kind = BudgetEntryKind::kReserve,
          .amount = entitlement.reserved_cost,
          .seats = entitlement.seats,
          .account_id = entitlement.account_id,
          .entitlement_id = entitlement.id,
          .reason = entitlement.reason,
          .principal = entitlement.principal,
          .create_time = entitlement.create_time};
}

absl::StatusOr<Entitlement> GrantEntitlement(store::Transaction& tx, const GrantRequest& request,
                                             absl::Time now) {
  if (request.start_time) KAM_RETURN_IF_ERROR(CheckStart(*request.start_time, now));
  // Grants to one account go one after the other, so that what it holds is known.
  KAM_ASSIGN_OR_RETURN(const Account account, store::LockAccount(tx, request.account_id));
  if (account.delete_time) return Deleted(AccountName{account.id}.ToString());
  KAM_ASSIGN_OR_RETURN(const Benefit benefit, tx.benefits().GetBenefit(request.benefit_id));
  KAM_ASSIGN_OR_RETURN(const std::optional<Budget> budget, BudgetOf(tx, benefit));
  const Budget* paying = budget ? &*budget : nullptr;
  KAM_RETURN_IF_ERROR(CheckGrantable(benefit, paying, now));
  KAM_ASSIGN_OR_RETURN(const Entitlement entitlement,
                       Draw(tx, request, account, benefit, paying, now));

  KAM_RETURN_IF_ERROR(tx.benefits().InsertEntitlements({&entitlement, 1}));
  KAM_RETURN_IF_ERROR(tx.calls().AppendChange("entitlement.granted", account.id,
                                              EntitlementName(account.id, entitlement.id)));
  if (budget) {
    const BudgetEntry line = ReserveLine(entitlement);
    KAM_RETURN_IF_ERROR(tx.benefits().ApplyEntries(budget->id, {&line, 1}));
  }
  return entitlement;
}

absl::StatusOr<Entitlement> RevokeEntitlement(store::Transaction& tx, const RevokeRequest& request,
                                              absl::Time now) {
  KAM_RETURN_IF_ERROR(store::LockAccount(tx, request.account_id).status());
  KAM_ASSIGN_OR_RETURN(Entitlement entitlement, tx.benefits().GetEntitlementForUpdate(
                                                    request.account_id, request.entitlement_id));
  const std::string name = EntitlementName(entitlement.account_id, entitlement.id);
  KAM_RETURN_IF_ERROR(CheckEtag(name, request.etag, entitlement.version));
  if (const EntitlementState state = StateAt(entitlement, now);
      state != EntitlementState::kActive) {
    return WrongState(name, StateLabel(state), "ACTIVE");
  }
  entitlement.state = EntitlementState::kRevoked;
  entitlement.revoke_time = now;
  entitlement.revoke_reason = request.reason;
  ++entitlement.version;
  KAM_RETURN_IF_ERROR(tx.benefits().UpdateEntitlement(entitlement));
  KAM_RETURN_IF_ERROR(tx.calls().AppendChange("entitlement.revoked", entitlement.account_id, name));
  if (!entitlement.budget_id.empty()) {
    BudgetEntry line = ReserveLine(entitlement);
    line.kind = BudgetEntryKind::kRelease;
    line.reason = request.reason;
    line.principal = request.principal;
    line.create_time = now;
    KAM_RETURN_IF_ERROR(tx.benefits().ApplyEntries(entitlement.budget_id, {&line, 1}));
  }
  return entitlement;
}

}  // namespace kam::domain
