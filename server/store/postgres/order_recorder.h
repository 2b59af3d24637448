#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "domain/history/order.h"
#include "store/history_table.h"
#include "store/postgres/session.h"

namespace kam::store::postgres {

// HistoryTable::RecordOrders: two statements, whatever the number of rows.
absl::StatusOr<std::vector<RecordResult>> RecordOrders(Session& session,
                                                       absl::Span<const domain::Order> orders,
                                                       absl::Time record_time, bool correct);

}  // namespace kam::store::postgres
