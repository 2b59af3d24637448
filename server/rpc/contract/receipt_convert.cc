#include "rpc/contract/receipt_convert.h"

#include <utility>

#include "rpc/contract/status.h"

namespace kam::rpc {

v1::Receipt ToProto(const Receipt& receipt) {
  v1::Receipt proto;
  proto.set_recorded(receipt.recorded);
  proto.set_unchanged(receipt.unchanged);
  proto.set_corrected(receipt.corrected);
  for (const Rejection& rejection : receipt.rejected) {
    v1::Receipt::Rejection& row = *proto.add_rejected();
    row.set_index(rejection.index);
    row.set_key(rejection.key);
    *row.mutable_status() = ToRpcStatus(rejection.status);
  }
  proto.set_rejected_count(receipt.rejected_count);
  return proto;
}

}  // namespace kam::rpc
