#include "rpc/accounts/account_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "domain/accounts/accounts.h"
#include "model/accounts/names.h"
#include "model/error.h"
#include "rpc/accounts/account_convert.h"
#include "rpc/accounts/account_filter.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/field_rules.h"
#include "rpc/contract/page_token.h"
#include "rpc/contract/receipt_convert.h"
#include "store/accounts/accounts.h"

namespace kam::rpc {
namespace {

absl::StatusOr<v1::Account> Answer(const absl::StatusOr<Account>& account) {
  if (!account.ok()) return account.status();
  return ToProto(*account);
}

}  // namespace

absl::StatusOr<v1::Account> AccountService::CreateAccount(const Call&, store::Transaction& tx,
                                                          const v1::CreateAccountRequest& request) {
  Violations violations;
  return Answer(domain::CreateAccount(tx, ToDraft(request, "", violations)));
}

absl::Status AccountService::GetAccount(
    store::Snapshot& tx, absl::Span<GroupedCall<v1::GetAccountRequest, v1::Account>> calls) {
  std::vector<std::string> ids;
  for (auto& call : calls) {
    absl::StatusOr<AccountName> name = AccountName::Parse(call.request.name());
    ids.push_back(name.ok() ? std::move(name->account) : "");
    call.answer = name.ok() ? NotFound(call.request.name()) : name.status();
  }
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> found, store::FindAccounts(tx, ids));
  absl::flat_hash_map<absl::string_view, const Account*> by_id;
  for (const Account& account : found) by_id[account.id] = &account;
  for (size_t i = 0; i < calls.size(); ++i) {
    const auto account = by_id.find(ids[i]);
    if (account != by_id.end()) calls[i].answer = ToProto(*account->second);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ListAccountsResponse> AccountService::ListAccounts(
    const Call&, store::Snapshot& tx, const v1::ListAccountsRequest& request) {
  AccountQuery query;
  KAM_ASSIGN_OR_RETURN(query.filter, ParseAccountFilter(request.filter()));
  KAM_RETURN_IF_ERROR(ParseAccountOrder(request.order_by(), query));
  query.show_deleted = request.show_deleted();
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const Page<Account> accounts, store::ListAccounts(tx, query, page));
  v1::ListAccountsResponse response;
  for (const Account& account : accounts.items) {
    *response.add_accounts() = ToProto(account);
  }
  response.set_next_page_token(accounts.next);
  return response;
}

absl::StatusOr<v1::Account> AccountService::UpdateAccount(const Call&, store::Transaction& tx,
                                                          const v1::UpdateAccountRequest& request) {
  KAM_ASSIGN_OR_RETURN(const AccountName name, AccountName::Parse(request.account().name()));
  return Answer(domain::UpdateAccount(tx, name, ToUpdate(request)));
}

absl::StatusOr<v1::Account> AccountService::DeleteAccount(const Call&, store::Transaction& tx,
                                                          const v1::DeleteAccountRequest& request) {
  KAM_ASSIGN_OR_RETURN(const AccountName name, AccountName::Parse(request.name()));
  return Answer(domain::DeleteAccount(tx, name, request.etag()));
}

absl::StatusOr<v1::Account> AccountService::UndeleteAccount(
    const Call&, store::Transaction& tx, const v1::UndeleteAccountRequest& request) {
  KAM_ASSIGN_OR_RETURN(const AccountName name, AccountName::Parse(request.name()));
  return Answer(domain::UndeleteAccount(tx, name));
}

absl::StatusOr<v1::BatchGetAccountsResponse> AccountService::BatchGetAccounts(
    const Call&, store::Snapshot& tx, const v1::BatchGetAccountsRequest& request) {
  std::vector<std::string> ids;
  for (const std::string& text : request.names()) {
    KAM_ASSIGN_OR_RETURN(AccountName name, AccountName::Parse(text));
    ids.push_back(std::move(name.account));
  }
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> accounts, domain::BatchGetAccounts(tx, ids));
  v1::BatchGetAccountsResponse response;
  for (const Account& account : accounts) *response.add_accounts() = ToProto(account);
  return response;
}

absl::StatusOr<v1::BatchCreateAccountsResponse> AccountService::BatchCreateAccounts(
    const Call&, store::Transaction& tx, const v1::BatchCreateAccountsRequest& request) {
  std::vector<domain::AccountDraft> drafts;
  for (const v1::CreateAccountRequest& row : request.requests()) {
    const std::string path = absl::StrCat("requests[", drafts.size(), "]");
    Violations violations;
    CheckFieldRules(row, path, violations);
    if (!row.request_id().empty()) {
      violations.Add(absl::StrCat(path, ".request_id"), "must be empty in a batch");
    }
    if (row.validate_only()) {
      violations.Add(absl::StrCat(path, ".validate_only"), "must not be set in a batch");
    }
    drafts.push_back(ToDraft(row, absl::StrCat(path, "."), violations));
  }
  KAM_ASSIGN_OR_RETURN(const Receipt receipt,
                       domain::BatchCreateAccounts(tx, std::move(drafts), request.allow_partial()));
  v1::BatchCreateAccountsResponse response;
  *response.mutable_receipt() = ToProto(receipt);
  return response;
}

absl::StatusOr<v1::Account> AccountService::LookupAccount(const Call&, store::Snapshot& tx,
                                                          const v1::LookupAccountRequest& request) {
  return Answer(
      domain::LookupAccount(tx, {request.external_id().system(), request.external_id().id()}));
}

}  // namespace kam::rpc
