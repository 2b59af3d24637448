#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/history/orders.h"
#include "kam/v1/history_service.pb.h"
#include "model/receipt.h"
#include "rpc/pipeline/upload.h"
#include "store/store.h"

namespace kam::rpc {

// One ImportOrders stream. An atomic one is held back and recorded in one transaction at its end;
// one that allows partial success is committed as it comes, limits::kImportCommitRows at a time,
// and what is committed stays.
class OrderImport final : public UploadStream<v1::ImportOrdersRequest, v1::ImportOrdersResponse> {
 public:
  // RESOURCE_EXHAUSTED (kImportTooLarge), INVALID_ARGUMENT for options that come late.
  absl::Status Add(const v1::ImportOrdersRequest& request) override;
  int64_t held() const override { return static_cast<int64_t>(rows_.size()); }
  bool full() const override;
  // INVALID_ARGUMENT when a counted stream ends without its count.
  absl::Status Ended() override;
  absl::StatusOr<std::string> Commit(store::Transaction& tx) override;
  void Committed() override;
  v1::ImportOrdersResponse Finish() override;

 private:
  domain::RecordOptions options_{.repeats = true};
  bool begun_ = false;
  bool counted_ = false;                // the last message says how many rows there were
  bool ended_ = false;                  // it came
  int64_t taken_ = 0;                   // rows of all messages so far
  std::vector<domain::OrderRow> rows_;  // not committed yet
  Receipt batch_;                       // of the last Commit
  Receipt receipt_;                     // of all that is committed
};

}  // namespace kam::rpc
