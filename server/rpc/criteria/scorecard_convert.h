#pragma once

#include "kam/v1/metric.pb.h"
#include "kam/v1/scorecard.pb.h"
#include "model/criteria/metric_catalogue.h"
#include "model/criteria/scorecard.h"

namespace kam::rpc {

v1::MetricInfo ToProto(const MetricDescription& metric);

// Windows that are 0 stay 0: domain/criteria/scorecard_rules.h resolves and checks them.
ScorecardDefinition FromProto(const v1::ScorecardDefinition& proto);
v1::ScorecardDefinition ToProto(const ScorecardDefinition& definition);
v1::Scorecard ToProto(const Scorecard& scorecard);
v1::ScorecardRevision ToProto(const ScorecardRevision& revision);

}  // namespace kam::rpc
