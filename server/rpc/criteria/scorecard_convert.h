#pragma once

#include "domain/update.h"
#include "kam/v1/criteria_service.pb.h"
#include "kam/v1/metric.pb.h"
#include "kam/v1/scorecard.pb.h"
#include "model/criteria/metric_catalogue.h"
#include "model/criteria/scorecard.h"

namespace kam::rpc {

v1::MetricInfo ToProto(const MetricDescription& metric);

// As it was sent: domain/criteria/scorecard_rules.h resolves defaults and checks.
ScorecardDefinition FromProto(const v1::ScorecardDefinition& proto);
v1::Scorecard ToProto(const Scorecard& scorecard);
domain::Update<Scorecard> ToUpdate(const v1::UpdateScorecardRequest& request);
v1::ScorecardRevision ToProto(const ScorecardRevision& revision);

}  // namespace kam::rpc
