#pragma once

#include <cstdint>

#include "domain/history/orders.h"
#include "kam/v1/order.pb.h"
#include "model/history/order.h"

namespace kam::rpc {

v1::Order ToProto(const Order& order);

// A row to record with all that is wrong with it as such; `index` is its position in the request.
domain::OrderRow ToRow(const v1::Order& order, int64_t index);

}  // namespace kam::rpc
