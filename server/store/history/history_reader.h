#pragma once

#include <cstdint>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "model/history/account_history.h"
#include "store/engine/session.h"

namespace kam::store {

// HistoryTable::ReadHistories.
absl::Status ReadHistories(Session& session, std::optional<absl::string_view> account_id,
                           int32_t until_day, std::optional<absl::Time> known_at,
                           absl::FunctionRef<absl::Status(AccountHistory)> visit);

}  // namespace kam::store
