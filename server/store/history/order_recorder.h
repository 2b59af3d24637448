#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/history/order.h"
#include "store/engine/session.h"
#include "store/history/history_table.h"

namespace kam::store {

// HistoryTable::RecordOrders: two statements, whatever the number of rows.
absl::StatusOr<std::vector<RecordResult>> RecordOrders(Session& session,
                                                       absl::Span<const Order> orders,
                                                       absl::Time record_time, bool correct);

}  // namespace kam::store
