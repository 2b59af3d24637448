#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "model/accounts/account.h"

namespace kam {

// The external id belongs to the account `holder_id`.
absl::Status ExternalIdTaken(const ExternalId& external_id, absl::string_view holder_id);

// No account has the external id.
absl::Status ExternalIdNotFound(const ExternalId& external_id);

}  // namespace kam
