#pragma once

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "kam/v1/history_service.pb.h"
#include "rpc/history/order_import.h"
#include "rpc/pipeline/call.h"
#include "rpc/pipeline/group.h"
#include "store/store.h"

namespace kam::rpc {

// kam.v1.HistoryService. Thread-safe.
class HistoryService {
 public:
  absl::Status RecordOrders(
      store::Transaction& tx,
      absl::Span<GroupedCall<v1::RecordOrdersRequest, v1::RecordOrdersResponse>> calls);
  std::unique_ptr<UploadStream<v1::ImportOrdersRequest, v1::ImportOrdersResponse>> ImportOrders(
      const Call& call);
  absl::StatusOr<v1::Order> GetOrder(const Call& call, store::Snapshot& tx,
                                     const v1::GetOrderRequest& request);
  absl::StatusOr<v1::ListOrdersResponse> ListOrders(const Call& call, store::Snapshot& tx,
                                                    const v1::ListOrdersRequest& request);
  absl::StatusOr<v1::ListOrderVersionsResponse> ListOrderVersions(
      const Call& call, store::Snapshot& tx, const v1::ListOrderVersionsRequest& request);
};

}  // namespace kam::rpc
