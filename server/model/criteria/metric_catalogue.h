#pragma once

#include <cstdint>
#include <optional>
#include "absl/strings/string_view.h"

#include "absl/types/span.h"
#include "model/criteria/metric.h"

namespace kam {

// What a metric is; its id is NameOf(metric). The contract's `Metric` holds the definitions in
// full.
struct MetricDescription {
  Metric metric;
  absl::string_view description;
  absl::string_view unit;         // `1` for ratios
  int32_t default_window_months;  // 0 for metrics without a window
  bool window_adjustable;         // whether a scorecard may set the window
  int64_t evidence_needed;        // pieces of evidence below which the value is absent
  std::optional<double> min_value;
  std::optional<double> max_value;
  bool whole_numbers;  // the value is the number of a class
};

// All metrics, by number. The memory is static.
absl::Span<const MetricDescription> MetricCatalogue();

// The description of a metric, or null for a number that is none.
const MetricDescription* FindMetric(Metric metric);

// The same for a metric that is known to exist.
const MetricDescription& Describe(Metric metric);

}  // namespace kam
