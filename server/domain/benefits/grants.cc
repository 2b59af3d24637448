#include "domain/benefits/grants.h"

#include <set>
#include <string>
#include <utility>

#include "base/ids.h"
#include "base/status_macros.h"
#include "store/benefits/benefits.h"
#include "store/benefits/budgets.h"
#include "store/benefits/entitlements.h"
#include "store/benefits/grantees.h"

namespace kam::domain {
namespace {

using store::Locked;
using Ids = std::set<std::string>;

// One call may wait; in a group a locked row holds up only its own caller.
template <typename Request>
Locked LockedFor(absl::Span<const Request> requests) {
  return requests.size() == 1 ? Locked::kWait : Locked::kSkip;
}

std::vector<std::string> ListOf(const Ids& ids) { return {ids.begin(), ids.end()}; }

absl::Status LoadBenefits(store::Transaction& tx, const Ids& ids, GrantBook& book) {
  KAM_ASSIGN_OR_RETURN(std::vector<Benefit> found, store::FindBenefits(tx, ListOf(ids)));
  for (Benefit& benefit : found) book.benefits.emplace(benefit.id, std::move(benefit));
  return absl::OkStatus();
}

absl::Status LockBudgets(store::Transaction& tx, const Ids& ids, GrantBook& book) {
  if (ids.empty()) return absl::OkStatus();
  KAM_ASSIGN_OR_RETURN(std::vector<Budget> found, store::FindBudgetsForUpdate(tx, ListOf(ids)));
  for (Budget& budget : found) book.budgets.emplace(budget.id, std::move(budget));
  return absl::OkStatus();
}

// What the accounts hold and have taken. After their locks: a statement of its own, so that it sees
// what the holder of the lock before has done.
absl::Status LoadHeld(store::Transaction& tx, const Ids& account_ids, GrantBook& book) {
  KAM_ASSIGN_OR_RETURN(std::vector<Entitlement> live,
                       store::FindLive(tx, ListOf(account_ids), tx.now()));
  for (Entitlement& entitlement : live) {
    auto& held = book.accounts[entitlement.account_id].held;
    held.emplace(entitlement.id, std::move(entitlement));
  }
  return absl::OkStatus();
}

absl::Status LoadTaken(store::Transaction& tx, const Ids& account_ids, GrantBook& book) {
  std::vector<std::string> limited;
  for (const auto& [id, budget] : book.budgets) {
    if (budget.account_limit) limited.push_back(id);
  }
  if (limited.empty()) return absl::OkStatus();
  KAM_ASSIGN_OR_RETURN(const std::vector<store::Taking> takings,
                       store::FindTakings(tx, limited, ListOf(account_ids)));
  for (const store::Taking& taking : takings) {
    book.accounts[taking.account_id].taken[taking.budget_id] = taking.amount;
  }
  return absl::OkStatus();
}

// Loads everything that the requests are about; answers the accounts that others have locked.
absl::StatusOr<Ids> LoadForGrants(store::Transaction& tx, absl::Span<const GrantRequest> requests,
                                  GrantBook& book) {
  Ids account_ids, benefit_ids;
  for (const GrantRequest& request : requests) {
    account_ids.insert(request.account_id);
    benefit_ids.insert(request.benefit_id);
  }
  KAM_ASSIGN_OR_RETURN(std::vector<Grantee> grantees,
                       store::LockGrantees(tx, ListOf(account_ids), LockedFor(requests)));
  Ids missing = account_ids;
  Ids locked;
  for (Grantee& grantee : grantees) {
    missing.erase(grantee.account_id);
    locked.insert(grantee.account_id);
    book.accounts[grantee.account_id].grantee = std::move(grantee);
  }
  Ids busy;
  if (!missing.empty() && requests.size() > 1) {
    KAM_ASSIGN_OR_RETURN(const std::vector<std::string> existing,
                         store::ExistingAccounts(tx, ListOf(missing)));
    busy.insert(existing.begin(), existing.end());
  }
  KAM_RETURN_IF_ERROR(LoadBenefits(tx, benefit_ids, book));
  KAM_RETURN_IF_ERROR(LoadHeld(tx, locked, book));
  Ids budget_ids;
  for (const auto& [id, benefit] : book.benefits) {
    if (!benefit.budget_id.empty()) budget_ids.insert(benefit.budget_id);
  }
  KAM_RETURN_IF_ERROR(LockBudgets(tx, budget_ids, book));
  KAM_RETURN_IF_ERROR(LoadTaken(tx, locked, book));
  return busy;
}

// The same for revocations; answers the names of the entitlements that others have locked.
absl::StatusOr<Ids> LoadForRevocations(store::Transaction& tx,
                                       absl::Span<const RevokeRequest> requests, GrantBook& book) {
  std::vector<EntitlementName> names;
  Ids distinct;
  for (const RevokeRequest& request : requests) {
    if (distinct.insert(request.name.ToString()).second) names.push_back(request.name);
  }
  KAM_ASSIGN_OR_RETURN(std::vector<Entitlement> found,
                       store::FindEntitlementsForUpdate(tx, names, LockedFor(requests)));
  Ids budget_ids;
  for (Entitlement& entitlement : found) {
    if (!entitlement.budget_id.empty()) budget_ids.insert(entitlement.budget_id);
    distinct.erase(EntitlementName{entitlement.account_id, entitlement.id}.ToString());
    auto& held = book.accounts[entitlement.account_id].held;
    held.emplace(entitlement.id, std::move(entitlement));
  }
  Ids busy;
  if (!distinct.empty() && requests.size() > 1) {
    KAM_ASSIGN_OR_RETURN(const std::vector<Entitlement> existing,
                         store::FindEntitlements(tx, names));
    for (const Entitlement& entitlement : existing) {
      const std::string name = EntitlementName{entitlement.account_id, entitlement.id}.ToString();
      if (distinct.contains(name)) busy.insert(name);
    }
  }
  KAM_RETURN_IF_ERROR(LockBudgets(tx, budget_ids, book));
  return busy;
}

}  // namespace

absl::StatusOr<std::vector<GrantVerdict>> GrantEntitlements(
    store::Transaction& tx, absl::Span<const GrantRequest> requests) {
  GrantBook book;
  KAM_ASSIGN_OR_RETURN(const Ids busy, LoadForGrants(tx, requests, book));
  std::vector<GrantVerdict> verdicts;
  verdicts.reserve(requests.size());
  for (const GrantRequest& request : requests) {
    verdicts.emplace_back();
    if (busy.contains(request.account_id)) continue;
    verdicts.back() = book.Grant(request, NewTimeOrderedId(tx.now()), tx.now());
  }
  KAM_RETURN_IF_ERROR(SaveEffects(tx, book.TakeEffects()));
  return verdicts;
}

absl::StatusOr<std::vector<GrantVerdict>> RevokeEntitlements(
    store::Transaction& tx, absl::Span<const RevokeRequest> requests) {
  GrantBook book;
  KAM_ASSIGN_OR_RETURN(const Ids busy, LoadForRevocations(tx, requests, book));
  std::vector<GrantVerdict> verdicts;
  verdicts.reserve(requests.size());
  for (const RevokeRequest& request : requests) {
    verdicts.emplace_back();
    if (busy.contains(request.name.ToString())) continue;
    verdicts.back() = book.Revoke(request, tx.now());
  }
  KAM_RETURN_IF_ERROR(SaveEffects(tx, book.TakeEffects()));
  return verdicts;
}

absl::Status SaveEffects(store::Transaction& tx, const GrantEffects& effects) {
  KAM_RETURN_IF_ERROR(store::InsertEntitlements(tx, effects.granted));
  KAM_RETURN_IF_ERROR(store::RevokeEntitlements(tx, effects.revoked));
  KAM_RETURN_IF_ERROR(store::UpdateBudgets(tx, effects.budgets, ChangeKind::kBudgetMoved));
  return store::InsertEntries(tx, effects.lines);
}

}  // namespace kam::domain
