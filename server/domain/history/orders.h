#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "model/error.h"
#include "model/history/order.h"
#include "model/receipt.h"
#include "store/transaction.h"

namespace kam::domain {

// A row to record, as the caller sent it. `order.currency` is that of the amounts.
struct OrderRow {
  int64_t index = 0;  // position in the request, or in the whole stream
  std::string key;    // the name it was sent with
  Order order;
  std::vector<FieldViolation> violations;  // what was wrong with it so far; paths `orders[index].…`
};

struct RecordOptions {
  bool allow_partial = false;  // record the good rows and list the others
  bool correct = false;        // replace recorded content that differs
  bool repeats = false;        // a later row may hold an order again, as if sent in a later call
};

// Records rows and brings what hangs on them up to date. A bad row is rejected: INVALID_ARGUMENT
// (kInvalidFields, kCurrencyMismatch), NOT_FOUND for an unknown account, FAILED_PRECONDITION
// (kResourceDeleted) for a deleted one, ALREADY_EXISTS (kFactDiffers) for other content without
// `correct`. Without `allow_partial` the first rejection is the call's error. OUT_OF_RANGE
// (kAmountOverflow) when a day's sum does not fit. A call that is refused leaves nothing.
absl::StatusOr<Receipt> RecordOrders(store::Transaction& tx, absl::Span<const OrderRow> rows,
                                     const RecordOptions& options);

// One of several calls that are recorded together.
struct RecordCall {
  std::vector<OrderRow> rows;
  RecordOptions options;
  absl::StatusOr<Receipt> answer = absl::UnknownError("the call was not decided");
};

// The same for many calls, one after the other. Of more than one, a call whose account another
// transaction has locked is not waited for: ABORTED (kConflict), to be run again alone.
absl::Status RecordOrdersTogether(store::Transaction& tx, absl::Span<RecordCall> calls);

}  // namespace kam::domain
