#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/history/orders.h"
#include "kam/v1/history_service.pb.h"
#include "model/receipt.h"
#include "rpc/pipeline/call.h"
#include "store/store.h"

namespace kam::rpc {

// One ImportOrders stream. An atomic one is held back and recorded in one transaction by Finish;
// one that allows partial success is committed as it comes, limits::kImportCommitRows at a time,
// and what is committed stays. Used by one thread at a time.
class OrderImport {
 public:
  // Both references must outlive the import.
  OrderImport(Call call, const domain::Orders& orders, store::Store& store);

  // Takes the next message. After an error the stream is over. RESOURCE_EXHAUSTED
  // (kImportTooLarge), INVALID_ARGUMENT for options that come late.
  absl::Status Add(const v1::ImportOrdersRequest& request);
  // Records what is left and answers what became of all rows.
  absl::StatusOr<v1::ImportOrdersResponse> Finish();

 private:
  absl::Status Commit();

  const Call call_;
  const domain::Orders& orders_;
  store::Store& store_;
  domain::RecordOptions options_;
  bool begun_ = false;
  int64_t taken_ = 0;                   // rows of all messages so far
  std::vector<domain::OrderRow> rows_;  // not committed yet
  Receipt receipt_;
};

}  // namespace kam::rpc
