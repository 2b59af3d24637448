#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/history/names.h"
#include "model/history/order.h"
#include "model/page.h"
#include "store/transaction.h"

// Every version of every order.
namespace kam::store {

// The version current at `known_at`, or now. NOT_FOUND.
absl::StatusOr<Order> GetOrder(Snapshot& tx, const OrderName& name,
                               std::optional<absl::Time> known_at);
// Current versions, newest order time first.
absl::StatusOr<Page<Order>> ListOrders(Snapshot& tx, absl::string_view account_id,
                                       const PageRequest& page);
// All versions, newest first; empty when the order does not exist.
absl::StatusOr<std::vector<Order>> ListOrderVersions(Snapshot& tx, const OrderName& name);
// The current versions of those orders that exist, in no order. Each is found by its key, whatever
// the planner believes of a table that is just being filled.
absl::StatusOr<std::vector<Order>> FindOrders(Snapshot& tx, absl::Span<const OrderName> names);

// Begins a transaction that records facts (recording_gate.h) and answers its record time: later
// than every cut made before. Call it first. The transaction ends by itself when its server falls
// silent for limits::kMaxPause, so that nothing waits long for it.
absl::StatusOr<absl::Time> BeginRecording(Transaction& tx);

// New versions of orders whose accounts are locked; each order is `recorded` or `corrected`.
struct OrderWrites {
  std::vector<Order> recorded;   // current versions of orders that had none
  std::vector<Order> corrected;  // current versions of orders that had one
  std::vector<Order> replaced;   // the versions that these had
  std::vector<Order> passing;    // new versions that are replaced already
};

// Writes them, set-based, with a change for each new version.
absl::Status SaveOrders(Transaction& tx, const OrderWrites& writes);

}  // namespace kam::store
