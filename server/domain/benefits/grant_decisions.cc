#include "domain/benefits/grant_decisions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "domain/benefits/catalogue.h"
#include "domain/benefits/cost_and_value.h"
#include "domain/benefits/eligibility.h"
#include "domain/benefits/ledger.h"
#include "domain/benefits/terms.h"
#include "model/accounts/names.h"
#include "model/benefits/errors.h"
#include "model/error.h"
#include "model/etag.h"

namespace kam::domain {
namespace {

absl::Status CheckStart(absl::Time start_time, absl::Time now) {
  if (start_time < now) {
    return InvalidField("entitlement.start_time", "must not be in the past; leave it out for now");
  }
  if (start_time > now + absl::Hours(24) * limits::kMaxStartAheadDays) {
    return InvalidField(
        "entitlement.start_time",
        absl::StrCat("must be within ", limits::kMaxStartAheadDays, " days from now"));
  }
  return absl::OkStatus();
}

absl::Status CheckFree(const GrantedAccount& account, const Benefit& benefit,
                       const Entitlement& entitlement) {
  std::vector<const Entitlement*> held;
  held.reserve(account.held.size());
  for (const auto& [id, other] : account.held) held.push_back(&other);
  const Entitlement* conflict =
      FindConflict(held, benefit, entitlement.start_time, entitlement.end_time);
  if (conflict == nullptr) return absl::OkStatus();
  return AlreadyEntitled(EntitlementName{conflict->account_id, conflict->id}.ToString());
}

BudgetEntry LineOf(const Entitlement& entitlement, BudgetEntryKind kind) {
  return {.budget_id = entitlement.budget_id,
          .kind = kind,
          .amount = entitlement.reserved_cost,
          .seats = entitlement.seats,
          .account_id = entitlement.account_id,
          .entitlement_id = entitlement.id,
          .reason = entitlement.reason,
          .principal = entitlement.principal,
          .create_time = entitlement.create_time};
}

}  // namespace

const Budget* GrantBook::BudgetOf(absl::string_view id) const {
  const auto found = budgets.find(id);
  return found == budgets.end() ? nullptr : &found->second;
}

absl::Status GrantBook::CheckAccountLimit(const GrantedAccount& account,
                                          const Entitlement& entitlement) const {
  const Budget* budget = BudgetOf(entitlement.budget_id);
  if (budget == nullptr || !budget->account_limit) return absl::OkStatus();
  const auto taken = account.taken.find(budget->id);
  const int64_t before = taken == account.taken.end() ? 0 : taken->second;
  const int64_t available = *budget->account_limit - before;
  if (entitlement.reserved_cost <= available) return absl::OkStatus();
  return AccountLimitExceeded(budget->id, entitlement.account_id, available,
                              entitlement.reserved_cost, budget->currency);
}

// The entitlement that the request asks for, checked against everything but its budget's balance.
absl::StatusOr<Entitlement> GrantBook::Draw(const GrantRequest& request,
                                            const GrantedAccount& account, absl::string_view id,
                                            absl::Time now) const {
  const Grantee& grantee = account.grantee;
  if (grantee.delete_time) return Deleted(AccountName{grantee.account_id}.ToString());
  const auto found = benefits.find(request.benefit_id);
  if (found == benefits.end()) return NotFound(BenefitName{request.benefit_id}.ToString());
  const Benefit& benefit = found->second;
  const Budget* budget = BudgetOf(benefit.budget_id);
  if (budget == nullptr && !benefit.budget_id.empty()) {
    return NotFound(BudgetName{benefit.budget_id}.ToString());
  }
  KAM_RETURN_IF_ERROR(CheckGrantable(benefit, budget, now));

  const StoredAssessment* assessment =
      grantee.assessment.evaluation_id.empty() ? nullptr : &grantee.assessment;
  std::vector<PreconditionViolation> lacking =
      LackingFor(benefit.terms.eligibility(), grantee.account_id, assessment);
  if (!lacking.empty()) return NotEligible(benefit.id, grantee.account_id, std::move(lacking));

  Entitlement entitlement = {.id = std::string(id),
                             .account_id = grantee.account_id,
                             .benefit_id = benefit.id,
                             .stacking_group = benefit.stacking_group,
                             .start_time = request.start_time.value_or(now),
                             .budget_id = benefit.budget_id,
                             .currency = CurrencyOf(benefit, budget),
                             .seats = SeatsOf(benefit.terms),
                             .evaluation_id = grantee.assessment.evaluation_id,
                             .principal = request.principal,
                             .reason = request.reason,
                             .version = 1,
                             .create_time = now};
  entitlement.end_time = EndOf(benefit, entitlement.start_time);
  KAM_RETURN_IF_ERROR(CheckFree(account, benefit, entitlement));
  if (entitlement.currency != grantee.currency) {
    return FxRateMissing(
        entitlement.currency, grantee.currency,
        budget != nullptr ? BudgetName{budget->id}.ToString() : BenefitName{benefit.id}.ToString());
  }
  KAM_ASSIGN_OR_RETURN(
      entitlement.reserved_cost,
      ExpectedCost(benefit, assessment ? ExpectedYearOf(*assessment) : ExpectedYear()));
  KAM_RETURN_IF_ERROR(CheckAccountLimit(account, entitlement));
  return entitlement;
}

absl::Status GrantBook::PostLine(BudgetEntry line) {
  const auto budget = budgets.find(line.budget_id);
  if (budget == budgets.end()) return Internal("the budget of an entitlement is not loaded");
  KAM_RETURN_IF_ERROR(Post(line, budget->second));
  moved_.insert(line.budget_id);
  effects_.lines.push_back(std::move(line));
  return absl::OkStatus();
}

absl::Status GrantBook::Add(Entitlement& entitlement) {
  if (!entitlement.budget_id.empty()) {
    KAM_RETURN_IF_ERROR(PostLine(LineOf(entitlement, BudgetEntryKind::kReserve)));
    // The ledger's time: it never runs backwards.
    entitlement.create_time = effects_.lines.back().create_time;
  }
  effects_.granted.push_back(entitlement);
  return absl::OkStatus();
}

absl::StatusOr<Entitlement> GrantBook::Grant(const GrantRequest& request, absl::string_view id,
                                             absl::Time now) {
  if (request.start_time) KAM_RETURN_IF_ERROR(CheckStart(*request.start_time, now));
  const auto account = accounts.find(request.account_id);
  if (account == accounts.end()) return NotFound(AccountName{request.account_id}.ToString());
  KAM_ASSIGN_OR_RETURN(Entitlement entitlement, Draw(request, account->second, id, now));
  KAM_RETURN_IF_ERROR(Add(entitlement));
  account->second.held[entitlement.id] = entitlement;
  if (!entitlement.budget_id.empty()) {
    account->second.taken[entitlement.budget_id] += entitlement.reserved_cost;
  }
  return entitlement;
}

absl::StatusOr<Entitlement> GrantBook::Revoke(const RevokeRequest& request, absl::Time now) {
  const std::string name = request.name.ToString();
  const auto account = accounts.find(request.name.account);
  if (account == accounts.end()) return NotFound(name);
  const auto found = account->second.held.find(request.name.entitlement);
  if (found == account->second.held.end()) return NotFound(name);
  KAM_RETURN_IF_ERROR(CheckEtag(name, request.etag, found->second.version));
  if (const EntitlementState state = StateAt(found->second, now);
      state != EntitlementState::kActive) {
    return WrongState(name, NameOf(state), NameOf(EntitlementState::kActive));
  }
  Entitlement revoked = found->second;
  revoked.state = EntitlementState::kRevoked;
  revoked.revoke_time = std::max(now, revoked.create_time);
  revoked.revoke_reason = request.reason;
  ++revoked.version;
  if (!revoked.budget_id.empty()) {
    BudgetEntry line = LineOf(revoked, BudgetEntryKind::kRelease);
    line.reason = request.reason;
    line.principal = request.principal;
    line.create_time = *revoked.revoke_time;
    KAM_RETURN_IF_ERROR(PostLine(std::move(line)));
    revoked.revoke_time = effects_.lines.back().create_time;
    account->second.taken[revoked.budget_id] -= revoked.reserved_cost;
  }
  found->second = revoked;
  effects_.revoked.push_back(revoked);
  return revoked;
}

GrantEffects GrantBook::TakeEffects() {
  for (const std::string& id : moved_) {
    Budget& budget = budgets.at(id);
    ++budget.version;
    effects_.budgets.push_back(budget);
  }
  std::sort(effects_.budgets.begin(), effects_.budgets.end(),
            [](const Budget& a, const Budget& b) { return a.id < b.id; });
  moved_.clear();
  return std::exchange(effects_, {});
}

const Entitlement* FindConflict(absl::Span<const Entitlement* const> held, const Benefit& benefit,
                                absl::Time start_time, absl::Time end_time) {
  for (const Entitlement* other : held) {
    const bool same =
        other->benefit_id == benefit.id ||
        (!benefit.stacking_group.empty() && other->stacking_group == benefit.stacking_group);
    if (same && other->state == EntitlementState::kActive && other->start_time < end_time &&
        start_time < other->end_time) {
      return other;
    }
  }
  return nullptr;
}

}  // namespace kam::domain
