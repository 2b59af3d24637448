#pragma once

#include "domain/error.h"
#include "domain/receipt.h"
#include "kam/v1/receipt.pb.h"
#include "rpc/convert.h"

namespace kam::rpc {

v1::Receipt ToProto(const domain::Receipt& receipt);

// What was found wrong with one row, to be carried on with it.
std::vector<domain::FieldViolation> TakeViolations(const Violations& violations);

}  // namespace kam::rpc
