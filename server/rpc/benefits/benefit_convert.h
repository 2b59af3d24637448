#pragma once

#include "domain/update.h"
#include "kam/v1/benefit.pb.h"
#include "kam/v1/benefit_service.pb.h"
#include "model/benefits/benefit.h"
#include "rpc/contract/convert.h"

namespace kam::rpc {

// What a caller says of a benefit; output-only fields are passed over. What cannot be read becomes
// a violation under `benefit.` and is left at its default.
Benefit FromProto(const v1::Benefit& proto, Violations& violations);

v1::Benefit ToProto(const Benefit& benefit);

domain::Update<Benefit> ToUpdate(const v1::UpdateBenefitRequest& request);

}  // namespace kam::rpc
