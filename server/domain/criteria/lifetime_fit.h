#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "domain/criteria/criteria_settings.h"
#include "domain/criteria/lifetime_metrics.h"
#include "jobs/job.h"
#include "model/criteria/evaluation.h"

namespace kam::domain {

// Fits `model`'s kind to what is known of the customers who ordered, and writes parameters and
// evidence into it. Without enough customers who spent again there is no spend, and its evidence
// says so. FAILED_PRECONDITION (kNotEnoughData); INTERNAL when a likelihood cannot be computed.
absl::Status FitLifetimeModel(absl::Span<const LifetimeEvidence> customers, LifetimeModel& model);

// Fits a lifetime model to all accounts, read at a cut of the facts.
class LifetimeFit final : public jobs::Job {
 public:
  explicit LifetimeFit(CriteriaSettings settings) : settings_(std::move(settings)) {}

  OperationKind kind() const override { return OperationKind::kFitLifetimeModel; }
  absl::Status Run(jobs::JobContext& context) override;
  absl::StatusOr<bool> Abandon(store::Transaction& tx, const Operation& operation) override;

 private:
  CriteriaSettings settings_;
};

}  // namespace kam::domain
