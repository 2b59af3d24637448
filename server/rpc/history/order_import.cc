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

OrderImport::OrderImport(Call call, const domain::Orders& orders, store::Store& store)
    : call_(std::move(call)), orders_(orders), store_(store) {
  options_.repeats = true;
}

absl::Status OrderImport::Add(const v1::ImportOrdersRequest& request) {
  if (request.has_options()) {
    if (begun_) return InvalidField("options", "may be set in the first message only");
    options_.allow_partial = request.options().allow_partial();
    options_.correct = request.options().correct();
  }
  begun_ = true;
  if (!options_.allow_partial && taken_ + request.orders_size() > limits::kMaxAtomicImportRows) {
    return ImportTooLarge();
  }
  for (const v1::Order& order : request.orders()) rows_.push_back(ToRow(order, taken_++));
  const bool full = rows_.size() >= limits::kImportCommitRows;
  return options_.allow_partial && full ? Commit() : absl::OkStatus();
}

absl::Status OrderImport::Commit() {
  Receipt batch;
  KAM_RETURN_IF_ERROR(
      store_.Transact({.deadline = call_.deadline}, [&](store::Transaction& tx) -> absl::Status {
        KAM_ASSIGN_OR_RETURN(batch, orders_.Record(tx, rows_, options_));
        return tx.calls().Audit(
            {.principal = call_.principal,
             .method = call_.method,
             .peer = call_.peer,
             .request_id = call_.request_id,
             .resource = "",
             .outcome = "OK",
             .detail = absl::StrCat("orders recorded ", batch.recorded, ", unchanged ",
                                    batch.unchanged, ", corrected ", batch.corrected, ", rejected ",
                                    batch.rejected_count)});
      }));
  rows_.clear();
  AddReceipt(receipt_, std::move(batch));
  return absl::OkStatus();
}

absl::StatusOr<v1::ImportOrdersResponse> OrderImport::Finish() {
  if (!rows_.empty()) KAM_RETURN_IF_ERROR(Commit());
  v1::ImportOrdersResponse response;
  *response.mutable_receipt() = ToProto(receipt_);
  return response;
}

}  // namespace kam::rpc
