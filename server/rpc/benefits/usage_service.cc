#include "rpc/benefits/usage_service.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "domain/benefits/usage.h"
#include "model/accounts/names.h"
#include "model/benefits/names.h"
#include "model/error.h"
#include "rpc/benefits/entitlement_convert.h"
#include "rpc/contract/convert.h"
#include "store/accounts/accounts.h"
#include "store/benefits/benefits.h"
#include "store/benefits/entitlements.h"

namespace kam::rpc {

namespace {

// What is known of the calls' accounts and benefits, by id.
struct Known {
  absl::flat_hash_map<std::string, Account> accounts;
  // By account and benefit: what was granted, newest first.
  absl::flat_hash_map<std::pair<std::string, std::string>, std::vector<Entitlement>> granted;
  absl::flat_hash_set<std::string> benefits;  // of those nothing was granted of
};

absl::StatusOr<Known> Load(store::Snapshot& snapshot, const std::vector<store::Usage>& usages) {
  Known known;
  std::vector<std::string> account_ids, unused;
  for (const store::Usage& usage : usages) account_ids.push_back(usage.account_id);
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> accounts,
                       store::FindAccounts(snapshot, account_ids));
  for (const Account& account : accounts) known.accounts.emplace(account.id, account);
  std::set<std::pair<std::string, std::string>> distinct;
  for (const store::Usage& usage : usages) distinct.emplace(usage.account_id, usage.benefit_id);
  std::vector<store::Usage> pairs;
  for (const auto& [account, benefit] : distinct) pairs.push_back({account, benefit});
  KAM_ASSIGN_OR_RETURN(std::vector<Entitlement> found, store::FindByUsage(snapshot, pairs));
  for (Entitlement& entitlement : found) {
    auto& granted = known.granted[{entitlement.account_id, entitlement.benefit_id}];
    granted.push_back(std::move(entitlement));
  }
  // What was granted exists.
  for (const store::Usage& pair : pairs) {
    if (!known.granted.contains({pair.account_id, pair.benefit_id})) {
      unused.push_back(pair.benefit_id);
    }
  }
  if (unused.empty()) return known;
  KAM_ASSIGN_OR_RETURN(const std::vector<Benefit> benefits, store::FindBenefits(snapshot, unused));
  for (const Benefit& benefit : benefits) known.benefits.insert(benefit.id);
  return known;
}

absl::StatusOr<v1::CheckBenefitResponse> Answer(const Known& known, const store::Usage& usage,
                                                absl::Time now) {
  const auto account = known.accounts.find(usage.account_id);
  if (account == known.accounts.end()) return NotFound(AccountName{usage.account_id}.ToString());
  const auto granted = known.granted.find({usage.account_id, usage.benefit_id});
  if (granted == known.granted.end() && !known.benefits.contains(usage.benefit_id)) {
    return NotFound(BenefitName{usage.benefit_id}.ToString());
  }
  absl::Span<const Entitlement> entitlements;
  if (granted != known.granted.end()) entitlements = granted->second;
  const domain::UsageDecision decision = domain::DecideUsage(account->second, entitlements, now);
  v1::CheckBenefitResponse response;
  response.set_allowed(decision.denial == domain::Denial::kNone);
  response.set_denial(ToProtoEnum<v1::CheckBenefitResponse::Denial>(decision.denial));
  if (decision.entitlement) *response.mutable_entitlement() = ToProto(*decision.entitlement, now);
  *response.mutable_check_time() = ToProto(now);
  return response;
}

}  // namespace

absl::Status UsageService::CheckBenefit(store::Snapshot& snapshot, absl::Span<CheckCall> calls) {
  std::vector<store::Usage> usages;
  for (const CheckCall& one : calls) {
    KAM_ASSIGN_OR_RETURN(AccountName account, AccountName::Parse(one.request.account()));
    KAM_ASSIGN_OR_RETURN(BenefitName benefit, BenefitName::Parse(one.request.benefit()));
    usages.push_back({std::move(account.account), std::move(benefit.benefit)});
  }
  KAM_ASSIGN_OR_RETURN(const Known known, Load(snapshot, usages));
  for (size_t i = 0; i < calls.size(); ++i) {
    calls[i].answer = Answer(known, usages[i], snapshot.now());
  }
  return absl::OkStatus();
}

}  // namespace kam::rpc
