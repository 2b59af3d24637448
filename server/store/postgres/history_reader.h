#pragma once

#include <cstdint>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "domain/history/account_history.h"
#include "store/postgres/session.h"

namespace kam::store::postgres {

// HistoryTable::ReadHistories.
absl::Status ReadHistories(Session& session, std::optional<absl::string_view> account_id,
                           int32_t until_day, std::optional<absl::Time> known_at,
                           absl::FunctionRef<absl::Status(domain::AccountHistory)> visit);

}  // namespace kam::store::postgres
