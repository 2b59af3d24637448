#include "rpc/history/history_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "domain/history/orders.h"
#include "model/accounts/names.h"
#include "model/error.h"
#include "model/history/names.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/page_token.h"
#include "rpc/contract/receipt_convert.h"
#include "rpc/history/order_convert.h"
#include "store/accounts/accounts.h"
#include "store/history/orders.h"

namespace kam::rpc {

absl::Status HistoryService::RecordOrders(
    store::Transaction& tx,
    absl::Span<GroupedCall<v1::RecordOrdersRequest, v1::RecordOrdersResponse>> calls) {
  std::vector<domain::RecordCall> recordings;
  for (const auto& call : calls) {
    domain::RecordCall& recording = recordings.emplace_back();
    recording.options = {.allow_partial = call.request.allow_partial(),
                         .correct = call.request.correct()};
    for (const v1::Order& order : call.request.orders()) {
      recording.rows.push_back(ToRow(order, static_cast<int64_t>(recording.rows.size())));
    }
  }
  KAM_RETURN_IF_ERROR(domain::RecordOrdersTogether(tx, absl::MakeSpan(recordings)));
  for (size_t i = 0; i < calls.size(); ++i) {
    const absl::StatusOr<Receipt>& receipt = recordings[i].answer;
    if (receipt.ok()) {
      *calls[i].answer.emplace().mutable_receipt() = ToProto(*receipt);
    } else {
      calls[i].alone = HasReason(receipt.status(), ErrorReason::kConflict);
      calls[i].answer = receipt.status();
    }
  }
  return absl::OkStatus();
}

std::unique_ptr<UploadStream<v1::ImportOrdersRequest, v1::ImportOrdersResponse>>
HistoryService::ImportOrders(const Call&) {
  return std::make_unique<OrderImport>();
}

absl::StatusOr<v1::Order> HistoryService::GetOrder(const Call&, store::Snapshot& tx,
                                                   const v1::GetOrderRequest& request) {
  std::optional<absl::Time> known_at;
  if (request.has_known_at()) {
    known_at = FromProto(request.known_at());
    if (*known_at > tx.now()) return InvalidField("known_at", "must not be in the future");
  }
  KAM_ASSIGN_OR_RETURN(const OrderName name, OrderName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const Order order, store::GetOrder(tx, name, known_at));
  return ToProto(order);
}

absl::StatusOr<v1::ListOrdersResponse> HistoryService::ListOrders(
    const Call&, store::Snapshot& tx, const v1::ListOrdersRequest& request) {
  KAM_ASSIGN_OR_RETURN(const PageRequest page, ReadPage(request));
  KAM_ASSIGN_OR_RETURN(const AccountName parent, AccountName::Parse(request.parent()));
  KAM_RETURN_IF_ERROR(store::GetAccount(tx, parent.account).status());
  KAM_ASSIGN_OR_RETURN(const Page<Order> orders, store::ListOrders(tx, parent.account, page));
  v1::ListOrdersResponse response;
  for (const Order& order : orders.items) *response.add_orders() = ToProto(order);
  response.set_next_page_token(orders.next);
  return response;
}

absl::StatusOr<v1::ListOrderVersionsResponse> HistoryService::ListOrderVersions(
    const Call&, store::Snapshot& tx, const v1::ListOrderVersionsRequest& request) {
  KAM_ASSIGN_OR_RETURN(const OrderName name, OrderName::Parse(request.name()));
  KAM_ASSIGN_OR_RETURN(const std::vector<Order> versions, store::ListOrderVersions(tx, name));
  if (versions.empty()) return NotFound(request.name());
  v1::ListOrderVersionsResponse response;
  for (const Order& order : versions) *response.add_versions() = ToProto(order);
  return response;
}

}  // namespace kam::rpc
