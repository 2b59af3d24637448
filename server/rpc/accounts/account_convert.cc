#include "rpc/accounts/account_convert.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "model/accounts/names.h"
#include "model/etag.h"
#include "rpc/contract/receipt_convert.h"

namespace kam::rpc {
namespace {

std::vector<ExternalId> ReadExternalIds(const v1::Account& account) {
  std::vector<ExternalId> ids;
  for (const v1::ExternalId& id : account.external_ids()) ids.push_back({id.system(), id.id()});
  std::sort(ids.begin(), ids.end());
  return ids;
}

// Empty when it names none; the field rules have refused what is no account's name.
std::string ReadParent(const v1::Account& account) {
  absl::StatusOr<AccountName> parent = AccountName::Parse(account.parent_account());
  return parent.ok() ? std::move(parent->account) : "";
}

// All but the amounts, which need a currency.
AccountContent ReadContent(const v1::Account& account) {
  AccountContent content;
  content.display_name = account.display_name();
  content.parent_id = ReadParent(account);
  content.external_ids = ReadExternalIds(account);
  content.currency = account.currency_code();
  content.industry = account.industry();
  content.labels = {account.labels().begin(), account.labels().end()};
  return content;
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
  proto.set_name(AccountName{account.id}.ToString());
  proto.set_display_name(content.display_name);
  if (!content.parent_id.empty()) {
    proto.set_parent_account(AccountName{content.parent_id}.ToString());
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
  content = ReadContent(account);
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
  draft.violations = violations.Take();
  return draft;
}

domain::AccountUpdate ToUpdate(const v1::UpdateAccountRequest& request) {
  static const auto* const kAllowed =
      new std::vector<std::string>(domain::FieldNames(domain::kAccountFields));
  const v1::Account& account = request.account();
  Violations violations;
  domain::AccountUpdate update;
  update.fields = UpdatePaths(request.update_mask(), account, *kAllowed, violations);
  update.etag = account.etag();
  AccountContent& wanted = update.wanted;
  wanted = ReadContent(account);
  const auto amount = [&](const google::type::Money& money, absl::string_view field,
                          std::string& currency) -> std::optional<int64_t> {
    if (!update.Takes(field)) return std::nullopt;
    const auto read = FromProto(money, absl::StrCat("account.", field), violations);
    if (!read) return std::nullopt;
    currency = read->currency;
    return read->minor;
  };
  if (account.has_declared_annual_spend()) {
    wanted.declared_annual_spend =
        amount(account.declared_annual_spend(), "declared_annual_spend", update.spend_currency);
  }
  if (account.has_marketing_budget()) {
    wanted.marketing_budget =
        amount(account.marketing_budget(), "marketing_budget", update.budget_currency);
  }
  update.violations = violations.Take();
  return update;
}

}  // namespace kam::rpc
