#include "rpc/history/order_import.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "rpc/contract/receipt_convert.h"
#include "rpc/history/order_convert.h"

namespace kam::rpc {
namespace {

absl::Status ImportTooLarge() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   absl::StrCat("an atomic import holds at most ", limits::kMaxAtomicImportRows,
                                " rows: split it or set `allow_partial`"),
                   {.reason = ErrorReason::kImportTooLarge,
                    .metadata = {{"limit_rows", absl::StrCat(limits::kMaxAtomicImportRows)}}});
}

}  // namespace

absl::Status OrderImport::Add(const v1::ImportOrdersRequest& request) {
  if (request.has_options()) {
    if (begun_) return InvalidField("options", "may be set in the first message only");
    options_.allow_partial = request.options().allow_partial();
    options_.correct = request.options().correct();
    counted_ = request.options().counted();
  }
  begun_ = true;
  if (!options_.allow_partial && taken_ + request.orders_size() > limits::kMaxAtomicImportRows) {
    return ImportTooLarge();
  }
  if (ended_) return InvalidField("row_count", "may be set in the last message only");
  for (const v1::Order& order : request.orders()) rows_.push_back(ToRow(order, taken_++));
  ended_ = request.row_count() != 0;
  if (ended_ && request.row_count() != taken_) {
    return InvalidField(
        "row_count", absl::StrCat("is ", request.row_count(), ", but ", taken_, " rows have come"));
  }
  return absl::OkStatus();
}

absl::Status OrderImport::Ended() {
  if (!counted_ || ended_ || taken_ == 0) return absl::OkStatus();
  return InvalidField("row_count",
                      absl::StrCat("is missing: the stream was cut short after ", taken_, " rows"));
}

bool OrderImport::full() const {
  return options_.allow_partial && rows_.size() >= limits::kImportCommitRows;
}

absl::StatusOr<std::string> OrderImport::Commit(store::Transaction& tx) {
  KAM_ASSIGN_OR_RETURN(batch_, domain::RecordOrders(tx, rows_, options_));
  return absl::StrCat("orders recorded ", batch_.recorded, ", unchanged ", batch_.unchanged,
                      ", corrected ", batch_.corrected, ", rejected ", batch_.rejected_count);
}

void OrderImport::Committed() {
  rows_.clear();
  AddReceipt(receipt_, std::move(batch_));
  batch_ = {};
}

v1::ImportOrdersResponse OrderImport::Finish() {
  v1::ImportOrdersResponse response;
  *response.mutable_receipt() = ToProto(receipt_);
  return response;
}

}  // namespace kam::rpc
