#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "kam/v1/account.pb.h"
#include "kam/v1/account_service.pb.h"
#include "rpc/pipeline/call.h"
#include "rpc/pipeline/group.h"
#include "store/transaction.h"

namespace kam::rpc {

// kam.v1.AccountService. Thread-safe.
class AccountService {
 public:
  absl::StatusOr<v1::Account> CreateAccount(const Call& call, store::Transaction& tx,
                                            const v1::CreateAccountRequest& request);
  absl::Status GetAccount(store::Snapshot& tx,
                          absl::Span<GroupedCall<v1::GetAccountRequest, v1::Account>> calls);
  absl::StatusOr<v1::ListAccountsResponse> ListAccounts(const Call& call, store::Snapshot& tx,
                                                        const v1::ListAccountsRequest& request);
  absl::StatusOr<v1::Account> UpdateAccount(const Call& call, store::Transaction& tx,
                                            const v1::UpdateAccountRequest& request);
  absl::StatusOr<v1::Account> DeleteAccount(const Call& call, store::Transaction& tx,
                                            const v1::DeleteAccountRequest& request);
  absl::StatusOr<v1::Account> UndeleteAccount(const Call& call, store::Transaction& tx,
                                              const v1::UndeleteAccountRequest& request);
  absl::StatusOr<v1::BatchGetAccountsResponse> BatchGetAccounts(
      const Call& call, store::Snapshot& tx, const v1::BatchGetAccountsRequest& request);
  absl::StatusOr<v1::BatchCreateAccountsResponse> BatchCreateAccounts(
      const Call& call, store::Transaction& tx, const v1::BatchCreateAccountsRequest& request);
  absl::StatusOr<v1::Account> LookupAccount(const Call& call, store::Snapshot& tx,
                                            const v1::LookupAccountRequest& request);
};

}  // namespace kam::rpc
