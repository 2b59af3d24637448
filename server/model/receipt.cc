#include "model/receipt.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/limits.h"
#include "model/error.h"

namespace kam {

void AddRejections(Receipt& receipt, std::vector<Rejection> rejections) {
  receipt.rejected_count += static_cast<int64_t>(rejections.size());
  const size_t room = limits::kMaxRejectionsListed - receipt.rejected.size();
  const auto end = rejections.begin() + std::min(room, rejections.size());
  std::move(rejections.begin(), end, std::back_inserter(receipt.rejected));
}

void AddReceipt(Receipt& total, Receipt later) {
  total.recorded += later.recorded;
  total.unchanged += later.unchanged;
  total.corrected += later.corrected;
  const auto listed = static_cast<int64_t>(later.rejected.size());
  AddRejections(total, std::move(later.rejected));
  total.rejected_count += later.rejected_count - listed;
}

namespace {

// What is wrong with every row: its fields, or the row itself where it is not a field's fault.
std::vector<FieldViolation> FieldsOf(absl::string_view rows,
                                     absl::Span<const Rejection> rejections) {
  std::vector<FieldViolation> fields;
  for (const Rejection& rejection : rejections) {
    const std::optional<ErrorDetails> details = GetErrorDetails(rejection.status);
    if (details && !details->fields.empty()) {
      fields.insert(fields.end(), details->fields.begin(), details->fields.end());
    } else {
      fields.push_back(
          {absl::StrCat(rows, "[", rejection.index, "]"), std::string(rejection.status.message())});
    }
  }
  return fields;
}

}  // namespace

absl::Status RejectionError(absl::string_view rows, absl::Span<const Rejection> rejections) {
  const Rejection& first = rejections.front();
  ErrorDetails details = GetErrorDetails(first.status).value_or(ErrorDetails{});
  details.metadata.emplace_back("index", absl::StrCat(first.index));
  if (rejections.size() > 1) details.fields = FieldsOf(rows, rejections);
  const std::string row = absl::StrCat(rows, "[", first.index, "]");
  absl::string_view what = first.status.message();
  absl::ConsumePrefix(&what, absl::StrCat(row, "."));  // the row is named once
  std::string message = absl::StrCat(row, ": ", what);
  if (rejections.size() > 1) {
    absl::StrAppend(&message, " (and ", rejections.size() - 1, " more rows)");
  }
  return MakeError(first.status.code(), message, details);
}

}  // namespace kam
