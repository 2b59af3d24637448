#pragma once

#include "domain/criteria/metric_catalogue.h"
#include "domain/criteria/scorecard.h"
#include "kam/v1/metric.pb.h"
#include "kam/v1/scorecard.pb.h"

namespace kam::rpc {

v1::MetricInfo ToProto(const domain::MetricDescription& metric);

// Windows that are 0 stay 0: domain/criteria/scorecard_rules.h resolves and checks them.
domain::ScorecardDefinition FromProto(const v1::ScorecardDefinition& proto);
v1::ScorecardDefinition ToProto(const domain::ScorecardDefinition& definition);
v1::Scorecard ToProto(const domain::Scorecard& scorecard);
v1::ScorecardRevision ToProto(const domain::ScorecardRevision& revision);

}  // namespace kam::rpc
