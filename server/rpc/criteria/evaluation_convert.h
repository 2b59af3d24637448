#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "domain/criteria/evaluations.h"
#include "kam/v1/evaluation.pb.h"
#include "kam/v1/lifetime_model.pb.h"
#include "model/criteria/evaluation.h"
#include "store/store.h"

namespace kam::rpc {

v1::Evaluation ToProto(const Evaluation& evaluation);
v1::LifetimeModel ToProto(const LifetimeModel& model);

// The assessment with its criteria; `explain` adds why not.
v1::Assessment ToProto(const domain::Assessment& assessment, bool explain);

// The resource with this id or number. NOT_FOUND.
absl::StatusOr<v1::Evaluation> LoadEvaluation(store::Snapshot& tx, absl::string_view id);
absl::StatusOr<v1::LifetimeModel> LoadLifetimeModel(store::Snapshot& tx, int32_t number);

}  // namespace kam::rpc
