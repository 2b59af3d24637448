#include "domain/criteria/flips.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "model/criteria/metric_catalogue.h"

namespace kam::domain {
namespace {

// Judges an account with other values of one metric.
class Experiment {
 public:
  Experiment(const ScorecardDefinition& definition, absl::Span<const Measurement> measurements,
             Tier previous, size_t changed)
      : definition_(definition),
        measurements_(measurements.begin(), measurements.end()),
        previous_(previous),
        changed_(changed),
        current_(*measurements[changed].value) {}

  Judgement At(double value) {
    measurements_[changed_].value = value;
    return Judge(definition_, measurements_, previous_);
  }

  const ScorecardDefinition& definition() const { return definition_; }
  const MetricKey& key() const { return measurements_[changed_].key; }
  double current() const { return current_; }

 private:
  const ScorecardDefinition& definition_;
  std::vector<Measurement> measurements_;
  Tier previous_;
  size_t changed_;
  double current_;
};

// The rules that use the metric, with the criterion each stands in.
struct Use {
  const Criterion* criterion;
  int criterion_index;
  const MetricRule* rule;
};

std::vector<Use> UsesOf(const ScorecardDefinition& definition, const MetricKey& key) {
  std::vector<Use> uses;
  for (int i = 0; i < definition.criteria_size(); ++i) {
    for (const MetricRule& rule : definition.criteria(i).metrics()) {
      if (KeyOf(rule) == key) uses.push_back({&definition.criteria(i), i, &rule});
    }
  }
  return uses;
}

// Where the line through (a, at_a) and (b, at_b) crosses `target` strictly inside (a, b).
void AddCrossing(double a, double at_a, double b, double at_b, double target,
                 std::vector<double>& values) {
  if ((at_a - target) * (at_b - target) >= 0) return;
  values.push_back(a + (b - a) * ((target - at_a) / (at_b - at_a)));
}

// Every value at which the outcome can change: between the points of the curves all scores are
// linear, so it changes only where one of them crosses a mark or threshold.
std::vector<double> Breaks(Experiment& experiment, const std::vector<Use>& uses) {
  std::vector<double> knots = {experiment.current()};
  for (const Use& use : uses) {
    for (const CurvePoint& point : use.rule->curve()) knots.push_back(point.value());
  }
  std::sort(knots.begin(), knots.end());
  knots.erase(std::unique(knots.begin(), knots.end()), knots.end());
  std::vector<double> breaks = knots;
  for (size_t i = 1; i < knots.size(); ++i) {
    const double a = knots[i - 1];
    const double b = knots[i];
    const Judgement at_a = experiment.At(a);
    const Judgement at_b = experiment.At(b);
    for (const Use& use : uses) {
      AddCrossing(a, *at_a.criteria[use.criterion_index].score, b,
                  *at_b.criteria[use.criterion_index].score, use.criterion->pass_mark(), breaks);
    }
    for (const TierRule& tier : experiment.definition().tiers()) {
      AddCrossing(a, at_a.score, b, at_b.score, tier.enter_score(), breaks);
      AddCrossing(a, at_a.score, b, at_b.score, tier.leave_score(), breaks);
    }
  }
  std::sort(breaks.begin(), breaks.end());
  return breaks;
}

// The values to try: each break, a value between any two neighbours, and one beyond each end; or
// every class of a metric that has classes. Ascending, within the metric's range.
std::vector<double> Probes(const std::vector<double>& breaks, const MetricDescription& metric) {
  std::vector<double> probes;
  if (metric.whole_numbers) {
    for (double value = *metric.min_value; value <= *metric.max_value; ++value) {
      probes.push_back(value);
    }
    return probes;
  }
  const double beyond = 1 + breaks.back() - breaks.front();
  probes.push_back(breaks.front() - beyond);
  for (size_t i = 0; i < breaks.size(); ++i) {
    if (i > 0) probes.push_back(breaks[i - 1] + (breaks[i] - breaks[i - 1]) / 2);
    probes.push_back(breaks[i]);
  }
  probes.push_back(breaks.back() + beyond);
  for (double& probe : probes) {
    if (metric.min_value) probe = std::max(probe, *metric.min_value);
    if (metric.max_value) probe = std::min(probe, *metric.max_value);
  }
  return probes;
}

using Changed = std::function<bool(const Judgement&)>;

// The value nearest to `same` at which the outcome is changed, up to the last bit of a double:
// it is not at `same` and it is at `other`.
double Narrow(Experiment& experiment, double same, double other, const Changed& changed) {
  while (true) {
    const double middle = same + (other - same) / 2;
    if (middle == same || middle == other) return other;
    (changed(experiment.At(middle)) ? other : same) = middle;
  }
}

// Walks `probes` (away from the current value) to the first change.
std::optional<double> FirstChange(Experiment& experiment, const std::vector<double>& probes,
                                  bool whole_numbers, const Changed& changed) {
  double same = experiment.current();
  for (double probe : probes) {
    if (changed(experiment.At(probe))) {
      return whole_numbers ? probe : Narrow(experiment, same, probe, changed);
    }
    same = probe;
  }
  return std::nullopt;
}

std::optional<double> NearestChange(Experiment& experiment, const std::vector<double>& probes,
                                    bool whole_numbers, const Changed& changed) {
  std::vector<double> above;
  std::vector<double> below;
  for (double probe : probes) {
    if (probe > experiment.current()) above.push_back(probe);
    if (probe < experiment.current()) below.push_back(probe);
  }
  std::reverse(below.begin(), below.end());
  const std::optional<double> up = FirstChange(experiment, above, whole_numbers, changed);
  const std::optional<double> down = FirstChange(experiment, below, whole_numbers, changed);
  if (!up || !down) return up ? up : down;
  return *up - experiment.current() <= experiment.current() - *down ? up : down;
}

// The first criterion with another verdict.
std::optional<VerdictChange> ChangedVerdict(const ScorecardDefinition& definition,
                                            const Judgement& now, const Judgement& then) {
  for (int i = 0; i < definition.criteria_size(); ++i) {
    if (now.criteria[i].verdict != then.criteria[i].verdict) {
      return VerdictChange{definition.criteria(i).id(), then.criteria[i].verdict};
    }
  }
  return std::nullopt;
}

std::optional<Flip> FlipOf(Experiment& experiment) {
  const MetricDescription& metric = Describe(experiment.key().metric);
  const std::vector<Use> uses = UsesOf(experiment.definition(), experiment.key());
  if (uses.empty()) return std::nullopt;
  const std::vector<double> probes = Probes(Breaks(experiment, uses), metric);
  const Judgement now = experiment.At(experiment.current());
  std::optional<double> value =
      NearestChange(experiment, probes, metric.whole_numbers,
                    [&](const Judgement& then) { return then.tier != now.tier; });
  if (!value) {
    value = NearestChange(experiment, probes, metric.whole_numbers, [&](const Judgement& then) {
      return ChangedVerdict(experiment.definition(), now, then).has_value();
    });
  }
  if (!value) return std::nullopt;
  const Judgement then = experiment.At(*value);
  Flip flip{.key = experiment.key(),
            .current_value = experiment.current(),
            .required_value = *value,
            .outcome = then.tier};
  if (then.tier == now.tier) {
    flip.outcome = *ChangedVerdict(experiment.definition(), now, then);
  }
  for (const Use& use : uses) {
    flip.score_distance =
        std::max(flip.score_distance,
                 std::abs(ScoreOf(*use.rule, *value) - ScoreOf(*use.rule, experiment.current())));
  }
  return flip;
}

}  // namespace

WhyNot FindFlips(const ScorecardDefinition& definition, absl::Span<const Measurement> measurements,
                 Tier previous) {
  WhyNot why_not;
  for (size_t i = 0; i < measurements.size(); ++i) {
    if (!measurements[i].value) continue;
    Experiment experiment(definition, measurements, previous, i);
    if (std::optional<Flip> flip = FlipOf(experiment)) {
      why_not.flips.push_back(*std::move(flip));
    } else {
      why_not.none.push_back(measurements[i].key);
    }
  }
  std::stable_sort(why_not.flips.begin(), why_not.flips.end(), [](const Flip& a, const Flip& b) {
    return a.score_distance < b.score_distance;
  });
  return why_not;
}

}  // namespace kam::domain
