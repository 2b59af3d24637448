#pragma once

#include <string>

#include "domain/accounts/accounts.h"
#include "kam/v1/account.pb.h"
#include "kam/v1/account_service.pb.h"
#include "model/accounts/account.h"
#include "rpc/contract/convert.h"

namespace kam::rpc {

v1::Account ToProto(const Account& account);

// A new account with what is wrong with it as such. `path` is that of the request with a dot at the
// end, such as `requests[3].`, or empty.
domain::AccountDraft ToDraft(const v1::CreateAccountRequest& request, const std::string& path,
                             Violations& violations);

// What an update changes.
domain::AccountUpdate ToUpdate(const v1::UpdateAccountRequest& request);

}  // namespace kam::rpc
