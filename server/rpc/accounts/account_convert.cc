#include "rpc/accounts/account_convert.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "model/etag.h"
#include "model/names.h"
#include "rpc/contract/receipt_convert.h"

namespace kam::rpc {
namespace {

std::vector<ExternalId> ReadExternalIds(const v1::Account& account) {
  std::vector<ExternalId> ids;
  for (const v1::ExternalId& id : account.external_ids()) ids.push_back({id.system(), id.id()});
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::map<std::string, std::string> ReadLabels(const v1::Account& account) {
  return {account.labels().begin(), account.labels().end()};
}

// An amount of a new account; the field rules have refused unknown currencies already.
std::optional<int64_t> ReadAmount(const google::type::Money& amount, const std::string& currency,
                                  const std::string& field, Violations& violations) {
  if (!CurrencyDecimals(amount.currency_code())) return std::nullopt;
  return MinorFromProto(amount, currency, field, violations);
}

}  // namespace

v1::Account ToProto(const Account& account) {
  const AccountContent& content = account.content;
  v1::Account proto;
  proto.set_name(AccountName(account.id));
  proto.set_display_name(content.display_name);
  if (!content.parent_id.empty()) {
    proto.set_parent_account(AccountName(content.parent_id));
  }
  for (const ExternalId& id : content.external_ids) {
    v1::ExternalId& added = *proto.add_external_ids();
    added.set_system(id.system);
    added.set_id(id.id);
  }
  proto.set_currency_code(content.currency);
  proto.set_industry(content.industry);
  if (content.declared_annual_spend) {
    *proto.mutable_declared_annual_spend() =
        MoneyToProto(*content.declared_annual_spend, content.currency);
  }
  if (content.marketing_budget) {
    *proto.mutable_marketing_budget() = MoneyToProto(*content.marketing_budget, content.currency);
  }
  for (const auto& [key, value] : content.labels) (*proto.mutable_labels())[key] = value;
  proto.set_state(account.delete_time ? v1::Account::STATE_DELETED : v1::Account::STATE_ACTIVE);
  *proto.mutable_create_time() = ToProto(account.create_time);
  *proto.mutable_update_time() = ToProto(account.update_time);
  if (account.delete_time) *proto.mutable_delete_time() = ToProto(*account.delete_time);
  proto.set_etag(EtagOf(account.version));
  return proto;
}

domain::AccountDraft ToDraft(const v1::CreateAccountRequest& request, const std::string& path,
                             Violations& violations) {
  const v1::Account& account = request.account();
  domain::AccountDraft draft{.id = request.account_id(), .path = path};
  AccountContent& content = draft.content;
  content.display_name = account.display_name();
  content.parent_id = LastId(account.parent_account());
  content.external_ids = ReadExternalIds(account);
  content.currency = account.currency_code();
  content.industry = account.industry();
  content.labels = ReadLabels(account);
  if (account.has_declared_annual_spend()) {
    content.declared_annual_spend =
        ReadAmount(account.declared_annual_spend(), content.currency,
                   absl::StrCat(path, "account.declared_annual_spend"), violations);
  }
  if (account.has_marketing_budget()) {
    content.marketing_budget =
        ReadAmount(account.marketing_budget(), content.currency,
                   absl::StrCat(path, "account.marketing_budget"), violations);
  }
  draft.violations = TakeViolations(violations);
  return draft;
}

domain::AccountPatch ToPatch(const v1::UpdateAccountRequest& request) {
  static const auto* const kAllowed = new std::vector<std::string>{
      "display_name", "parent_account",        "external_ids",     "currency_code",
      "industry",     "declared_annual_spend", "marketing_budget", "labels"};
  const v1::Account& account = request.account();
  domain::AccountPatch patch;
  Violations violations;
  const std::vector<std::string> paths =
      UpdatePaths(request.update_mask(), account, *kAllowed, violations);
  const auto amount = [&](bool present, const google::type::Money& money,
                          const std::string& field) {
    return present ? FromProto(money, field, violations) : std::nullopt;
  };
  for (const std::string& path : paths) {
    const std::string field = absl::StrCat("account.", path);
    if (path == "display_name") patch.display_name = account.display_name();
    if (path == "parent_account") patch.parent_id = LastId(account.parent_account());
    if (path == "external_ids") patch.external_ids = ReadExternalIds(account);
    if (path == "currency_code" && !account.currency_code().empty()) {
      patch.currency = account.currency_code();
    }
    if (path == "industry") patch.industry = account.industry();
    if (path == "labels") patch.labels = ReadLabels(account);
    if (path == "declared_annual_spend") {
      patch.declared_annual_spend =
          amount(account.has_declared_annual_spend(), account.declared_annual_spend(), field);
    }
    if (path == "marketing_budget") {
      patch.marketing_budget =
          amount(account.has_marketing_budget(), account.marketing_budget(), field);
    }
  }
  patch.violations = TakeViolations(violations);
  return patch;
}

}  // namespace kam::rpc
