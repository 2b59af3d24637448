#include "rpc/history/history_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "model/error.h"
#include "model/names.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/page_token.h"
#include "rpc/contract/receipt_convert.h"
#include "rpc/history/order_convert.h"

namespace kam::rpc {

absl::StatusOr<v1::RecordOrdersResponse> HistoryService::RecordOrders(
    const Call&, store::Transaction& tx, const v1::RecordOrdersRequest& request) {
  std::vector<domain::OrderRow> rows;
  rows.reserve(request.orders_size());
  for (const v1::Order& order : request.orders()) {
    rows.push_back(ToRow(order, static_cast<int64_t>(rows.size())));
  }
  const domain::RecordOptions options{.allow_partial = request.allow_partial(),
                                      .correct = request.correct()};
  KAM_ASSIGN_OR_RETURN(const Receipt receipt, orders_.Record(tx, rows, options));
  v1::RecordOrdersResponse response;
  *response.mutable_receipt() = ToProto(receipt);
  return response;
}

std::unique_ptr<UploadStream<v1::ImportOrdersRequest, v1::ImportOrdersResponse>>
HistoryService::ImportOrders(const Call&) {
  return std::make_unique<OrderImport>(orders_);
}

absl::StatusOr<v1::Order> HistoryService::GetOrder(const Call& call, store::Snapshot& tx,
                                                   const v1::GetOrderRequest& request) {
  std::optional<absl::Time> known_at;
  if (request.has_known_at()) {
    known_at = FromProto(request.known_at());
    if (*known_at > call.now) return InvalidField("known_at", "must not be in the future");
  }
  const std::vector<std::string> ids = IdsOf(request.name());
  KAM_ASSIGN_OR_RETURN(const Order order, tx.history().GetOrder(ids[0], ids[1], known_at));
  return ToProto(order);
}

absl::StatusOr<v1::ListOrdersResponse> HistoryService::ListOrders(
    const Call&, store::Snapshot& tx, const v1::ListOrdersRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  const std::string account_id = LastId(request.parent());
  KAM_RETURN_IF_ERROR(tx.accounts().Get(account_id).status());
  KAM_ASSIGN_OR_RETURN(const Page<Order> orders, tx.history().ListOrders(account_id, page));
  v1::ListOrdersResponse response;
  for (const Order& order : orders.items) *response.add_orders() = ToProto(order);
  response.set_next_page_token(SealPage(request, orders.next));
  return response;
}

absl::StatusOr<v1::ListOrderVersionsResponse> HistoryService::ListOrderVersions(
    const Call&, store::Snapshot& tx, const v1::ListOrderVersionsRequest& request) {
  const std::vector<std::string> ids = IdsOf(request.name());
  KAM_ASSIGN_OR_RETURN(const std::vector<Order> versions,
                       tx.history().ListVersions(ids[0], ids[1]));
  if (versions.empty()) return NotFound(request.name());
  v1::ListOrderVersionsResponse response;
  for (const Order& order : versions) *response.add_versions() = ToProto(order);
  return response;
}

}  // namespace kam::rpc
