#pragma once

#include "model/criteria/evaluation.h"
#include "store/engine/session.h"

// The columns that ReadAssessment takes, of assessments a.
#define KAM_ASSESSMENT_COLUMNS                                                          \
  "a.account_id, a.evaluation_id, a.score, a.tier, a.previous_tier, a.evidence_share, " \
  "a.rank, a.revenue_12m, a.expected_revenue_12m, a.expected_orders_12m, "              \
  "a.pareto_class, a.criteria_met, a.metrics, a.windows_months, a.metric_values, "      \
  "a.evidence_counts, a.evidence_needed "

namespace kam::store {

StoredAssessment ReadAssessment(const Rows& rows, int row);

}  // namespace kam::store
