#pragma once

#include <cstdint>

#include "model/criteria/metric.h"
#include "model/criteria/metric_catalogue.h"

namespace kam {

// A measurement from `evidence` pieces; its value is absent when they are fewer than needed, and
// then `value` is not called.
template <typename Value>
Measurement MeasuredFrom(const MetricKey& key, int64_t evidence, Value value) {
  Measurement measured{.key = key,
                       .evidence_count = evidence,
                       .evidence_needed = Describe(key.metric).evidence_needed};
  if (evidence >= measured.evidence_needed) measured.value = value();
  return measured;
}

// One without evidence.
inline Measurement NotMeasured(const MetricKey& key) {
  return {.key = key, .evidence_needed = Describe(key.metric).evidence_needed};
}

}  // namespace kam
