#include "rpc/history/order_convert.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "model/history/names.h"
#include "rpc/contract/convert.h"
#include "rpc/contract/field_rules.h"
#include "rpc/contract/receipt_convert.h"

namespace kam::rpc {
namespace {

// The numbers of the domain's enums are those of the contract.
static_assert(v1::Order::SERVICE_LEVEL_STANDARD == static_cast<int>(ServiceLevel::kStandard));
static_assert(v1::Order::SERVICE_LEVEL_EXPRESS == static_cast<int>(ServiceLevel::kExpress));
static_assert(v1::Order::SERVICE_LEVEL_PREMIUM == static_cast<int>(ServiceLevel::kPremium));
static_assert(v1::Order::STATUS_PLACED == static_cast<int>(OrderStatus::kPlaced));
static_assert(v1::Order::STATUS_COMPLETED == static_cast<int>(OrderStatus::kCompleted));
static_assert(v1::Order::STATUS_CANCELLED == static_cast<int>(OrderStatus::kCancelled));
static_assert(v1::Order::STATUS_RETURNED == static_cast<int>(OrderStatus::kReturned));

// An amount that the field rules have not refused already.
std::optional<Money> ReadAmount(const google::type::Money& amount, const std::string& field,
                                Violations& violations) {
  if (!CurrencyDecimals(amount.currency_code())) return std::nullopt;
  std::optional<Money> money = FromProto(amount, field, violations);
  if (money && money->minor > limits::kMaxOrderAmountMinor) {
    violations.Add(field, absl::StrCat("must be at most ", limits::kMaxOrderAmountMinor,
                                       " of the currency's smallest units"));
    return std::nullopt;
  }
  return money;
}

// Both amounts, which must be of one currency.
void ReadAmounts(const v1::Order& proto, const std::string& path, Order& order,
                 Violations& violations) {
  const std::string net_field = absl::StrCat(path, ".net_amount");
  const auto list = ReadAmount(proto.list_amount(), absl::StrCat(path, ".list_amount"), violations);
  const auto net = ReadAmount(proto.net_amount(), net_field, violations);
  if (!list || !net) return;
  if (net->currency != list->currency) {
    violations.Add(
        absl::StrCat(net_field, ".currency_code"),
        absl::StrCat("must be ", list->currency, " as in list_amount, is ", net->currency));
    return;
  }
  order.currency = list->currency;
  order.content.list_amount = list->minor;
  order.content.net_amount = net->minor;
}

}  // namespace

v1::Order ToProto(const Order& order) {
  v1::Order proto;
  proto.set_name(OrderName{order.account_id, order.order_id}.ToString());
  *proto.mutable_order_time() = ToProto(order.content.order_time);
  *proto.mutable_list_amount() = MoneyToProto(order.content.list_amount, order.currency);
  *proto.mutable_net_amount() = MoneyToProto(order.content.net_amount, order.currency);
  proto.set_service_level(ToProtoEnum<v1::Order::ServiceLevel>(order.content.service_level));
  proto.set_status(ToProtoEnum<v1::Order::Status>(order.content.status));
  proto.set_brand(order.content.brand);
  proto.set_channel(order.content.channel);
  proto.set_version(order.version);
  *proto.mutable_record_time() = ToProto(order.record_time);
  if (order.superseded_time) *proto.mutable_superseded_time() = ToProto(*order.superseded_time);
  return proto;
}

domain::OrderRow ToRow(const v1::Order& proto, int64_t index) {
  const std::string path = absl::StrCat("orders[", index, "]");
  domain::OrderRow row{.index = index, .key = proto.name()};
  Violations violations;
  CheckFieldRules(proto, path, violations);
  if (absl::StatusOr<OrderName> name = OrderName::Parse(proto.name()); name.ok()) {
    row.order.account_id = std::move(name->account);
    row.order.order_id = std::move(name->order);
  }
  ReadAmounts(proto, path, row.order, violations);
  OrderContent& content = row.order.content;
  content.order_time = FromProto(proto.order_time());
  // The field rules have refused numbers that are not known; an unspecified level is the standard.
  content.service_level =
      EnumFromNumber<ServiceLevel>(proto.service_level()).value_or(ServiceLevel::kStandard);
  content.status = EnumFromNumber<OrderStatus>(proto.status()).value_or(OrderStatus::kPlaced);
  content.brand = proto.brand();
  content.channel = proto.channel();
  row.violations = violations.Take();
  return row;
}

}  // namespace kam::rpc
