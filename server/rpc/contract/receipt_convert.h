#pragma once

#include "kam/v1/receipt.pb.h"
#include "model/receipt.h"

namespace kam::rpc {

v1::Receipt ToProto(const Receipt& receipt);

}  // namespace kam::rpc
