#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace kam {

// A row of a call that was not recorded.
struct Rejection {
  int64_t index = 0;  // position in the request, from 0; in a stream, over all messages
  std::string key;    // what the caller called it: a resource name or id
  absl::Status status;
};

// What became of the rows of a call.
struct Receipt {
  int64_t recorded = 0;
  int64_t unchanged = 0;
  int64_t corrected = 0;
  std::vector<Rejection> rejected;  // by index; the first limits::kMaxRejectionsListed of them
  int64_t rejected_count = 0;
};

// Adds rejections that come after those in the receipt.
void AddRejections(Receipt& receipt, std::vector<Rejection> rejections);

// Adds what became of later rows.
void AddReceipt(Receipt& total, Receipt later);

// What a call answers that takes all rows or none: the error of the first rejected row, by `index`
// in the metadata. Of several rows everything that is wrong is listed as field violations: of a row
// that is not wrong in a field, the row itself. `rows` is the name of the repeated field, such as
// `orders`; there must be at least one rejection.
absl::Status RejectionError(absl::string_view rows, absl::Span<const Rejection> rejections);

}  // namespace kam
