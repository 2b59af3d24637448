#pragma once

#include "kam/v1/receipt.pb.h"
#include "model/error.h"
#include "model/receipt.h"
#include "rpc/contract/convert.h"

namespace kam::rpc {

v1::Receipt ToProto(const Receipt& receipt);

// What was found wrong with one row, to be carried on with it.
std::vector<FieldViolation> TakeViolations(const Violations& violations);

}  // namespace kam::rpc
