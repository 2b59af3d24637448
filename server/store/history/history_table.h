#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "model/history/account_history.h"
#include "model/history/order.h"
#include "model/page.h"

namespace kam::store {

// What became of a row.
enum class RecordOutcome { kRecorded, kUnchanged, kCorrected, kDiffers };

// The outcome of a row, with the version that is current afterwards.
struct RecordResult {
  RecordOutcome outcome = RecordOutcome::kRecorded;
  int32_t version = 0;
};

// Facts: every version of every order, and the rollups made of them. Part of a Transaction.
class HistoryTable {
 public:
  virtual ~HistoryTable() = default;

  // Takes the shared side of the gate that ReadAtCut closes, and answers the record time of this
  // transaction: later than every cut made before. Call it first in a recording transaction.
  virtual absl::StatusOr<absl::Time> BeginRecording() = 0;
  // Records orders of accounts the caller has locked (AccountTable::FindForUpdate), each (account,
  // order) at most once in the call; `version` and `record_time` of the input are ignored. A row
  // whose recorded content differs is replaced only with `correct`, else left as it is (kDiffers).
  // Brings the rollups of the touched months up to date. Results are in the order of the input.
  // OUT_OF_RANGE (kAmountOverflow) when a rollup would overflow.
  virtual absl::StatusOr<std::vector<RecordResult>> RecordOrders(absl::Span<const Order> orders,
                                                                 absl::Time record_time,
                                                                 bool correct) = 0;
  // The version current at `known_at`, or now. NOT_FOUND.
  virtual absl::StatusOr<Order> GetOrder(absl::string_view account_id, absl::string_view order_id,
                                         std::optional<absl::Time> known_at) = 0;
  // Current versions, newest order time first.
  virtual absl::StatusOr<Page<Order>> ListOrders(absl::string_view account_id,
                                                 const PageRequest& page) = 0;
  // All versions, newest first; empty when the order does not exist.
  virtual absl::StatusOr<std::vector<Order>> ListVersions(absl::string_view account_id,
                                                          absl::string_view order_id) = 0;
  // Hands the history of every account that is not deleted (or of the one account, deleted or not)
  // to `visit`, in the order of account ids, orders before `until_day` only. Without `known_at`
  // from the rollups; with it from raw versions as known then (an account counts if it was created
  // by then). `visit` ends the reading by an error. Account attributes are always today's.
  virtual absl::Status ReadHistories(std::optional<absl::string_view> account_id, int32_t until_day,
                                     std::optional<absl::Time> known_at,
                                     absl::FunctionRef<absl::Status(AccountHistory)> visit) = 0;
};

}  // namespace kam::store
