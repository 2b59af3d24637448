#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "domain/history/orders.h"
#include "kam/v1/history_service.pb.h"
#include "rpc/history/order_import.h"
#include "rpc/pipeline/call.h"
#include "store/store.h"

namespace kam::rpc {

// kam.v1.HistoryService. Thread-safe.
class HistoryService {
 public:
  explicit HistoryService(const domain::Orders& orders) : orders_(orders) {}

  absl::StatusOr<v1::RecordOrdersResponse> RecordOrders(const Call& call, store::Transaction& tx,
                                                        const v1::RecordOrdersRequest& request);
  std::unique_ptr<UploadStream<v1::ImportOrdersRequest, v1::ImportOrdersResponse>> ImportOrders(
      const Call& call);
  absl::StatusOr<v1::Order> GetOrder(const Call& call, store::Snapshot& tx,
                                     const v1::GetOrderRequest& request);
  absl::StatusOr<v1::ListOrdersResponse> ListOrders(const Call& call, store::Snapshot& tx,
                                                    const v1::ListOrdersRequest& request);
  absl::StatusOr<v1::ListOrderVersionsResponse> ListOrderVersions(
      const Call& call, store::Snapshot& tx, const v1::ListOrderVersionsRequest& request);

 private:
  const domain::Orders& orders_;
};

}  // namespace kam::rpc
