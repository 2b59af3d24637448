#include "rpc/accounts/account_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "model/names.h"
#include "rpc/accounts/account_convert.h"
#include "rpc/accounts/account_filter.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/field_rules.h"
#include "rpc/contract/page_token.h"
#include "rpc/contract/receipt_convert.h"

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
  return Answer(accounts_.Create(tx, ToDraft(request, "", violations)));
}

absl::StatusOr<v1::Account> AccountService::GetAccount(const Call&, store::Snapshot& tx,
                                                       const v1::GetAccountRequest& request) {
  return Answer(tx.accounts().Get(LastId(request.name())));
}

absl::StatusOr<v1::ListAccountsResponse> AccountService::ListAccounts(
    const Call&, store::Snapshot& tx, const v1::ListAccountsRequest& request) {
  AccountQuery query;
  KAM_ASSIGN_OR_RETURN(query.filter, ParseAccountFilter(request.filter()));
  KAM_RETURN_IF_ERROR(ParseAccountOrder(request.order_by(), query));
  query.show_deleted = request.show_deleted();
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const Page<Account> accounts, tx.accounts().List(query, page));
  v1::ListAccountsResponse response;
  for (const Account& account : accounts.items) {
    *response.add_accounts() = ToProto(account);
  }
  response.set_next_page_token(SealPage(request, accounts.next));
  return response;
}

absl::StatusOr<v1::Account> AccountService::UpdateAccount(const Call&, store::Transaction& tx,
                                                          const v1::UpdateAccountRequest& request) {
  return Answer(accounts_.Update(tx, LastId(request.account().name()), request.account().etag(),
                                 ToPatch(request)));
}

absl::StatusOr<v1::Account> AccountService::DeleteAccount(const Call&, store::Transaction& tx,
                                                          const v1::DeleteAccountRequest& request) {
  return Answer(accounts_.Delete(tx, LastId(request.name()), request.etag()));
}

absl::StatusOr<v1::Account> AccountService::UndeleteAccount(
    const Call&, store::Transaction& tx, const v1::UndeleteAccountRequest& request) {
  return Answer(accounts_.Undelete(tx, LastId(request.name())));
}

absl::StatusOr<v1::BatchGetAccountsResponse> AccountService::BatchGetAccounts(
    const Call&, store::Snapshot& tx, const v1::BatchGetAccountsRequest& request) {
  std::vector<std::string> ids;
  for (const std::string& name : request.names()) ids.push_back(LastId(name));
  KAM_ASSIGN_OR_RETURN(const std::vector<Account> accounts, accounts_.BatchGet(tx, ids));
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
                       accounts_.BatchCreate(tx, std::move(drafts), request.allow_partial()));
  v1::BatchCreateAccountsResponse response;
  *response.mutable_receipt() = ToProto(receipt);
  return response;
}

absl::StatusOr<v1::Account> AccountService::LookupAccount(const Call&, store::Snapshot& tx,
                                                          const v1::LookupAccountRequest& request) {
  return Answer(accounts_.Lookup(tx, {request.external_id().system(), request.external_id().id()}));
}

}  // namespace kam::rpc
