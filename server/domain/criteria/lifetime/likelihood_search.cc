#include "domain/criteria/lifetime/likelihood_search.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <nlopt.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace kam::domain {
namespace {

// Slopes are by the logarithm of a parameter, as a share of the log-likelihood. A climb goes on to
// the first, unless rounding stops it; up to the second is a maximum: what is still to be gained
// there is far below anything that tells one set of parameters from another.
constexpr double kSlopeSought = 1e-8;
constexpr double kSlopeAccepted = 1e-6;
// A parameter within this distance (of its logarithm) of the edge of its range lies on the edge.
constexpr double kEdgeDistance = 1e-3;
constexpr int kMaxEvaluationsPerClimb = 400;
// L-BFGS may stop on a curved ridge; climbing again from there forgets the old curvature.
constexpr int kMaxClimbsPerStart = 4;

struct Point {
  std::vector<double> logs;
  double log_likelihood = -std::numeric_limits<double>::infinity();
  // By the logarithms.
  std::vector<double> slopes;
};

// The objective as NLopt wants it; remembers the highest point it was asked about, which is kept
// even if the search then fails.
class Climb {
 public:
  Climb(LogLikelihoodFunction log_likelihood, Point start)
      : log_likelihood_(log_likelihood), best_(std::move(start)) {}

  static double Evaluate(const std::vector<double>& logs, std::vector<double>& slopes, void* self) {
    return static_cast<Climb*>(self)->Evaluate(logs, slopes);
  }

  const Point& best() const { return best_; }
  int evaluations() const { return evaluations_; }

 private:
  double Evaluate(const std::vector<double>& logs, std::vector<double>& slopes) {
    ++evaluations_;
    std::vector<double> parameters(logs.size());
    std::vector<double> gradient(logs.size());
    std::transform(logs.begin(), logs.end(), parameters.begin(),
                   [](double value) { return std::exp(value); });
    const double value = log_likelihood_(parameters, absl::MakeSpan(gradient));
    std::transform(gradient.begin(), gradient.end(), parameters.begin(), gradient.begin(),
                   [](double slope, double parameter) { return slope * parameter; });
    const bool finite =
        std::isfinite(value) && std::all_of(gradient.begin(), gradient.end(),
                                            [](double slope) { return std::isfinite(slope); });
    // NLopt's way to end a search from within; caught in RunOnce().
    if (!finite) throw nlopt::forced_stop();
    if (!slopes.empty()) slopes = gradient;
    if (value > best_.log_likelihood) best_ = Point{logs, value, std::move(gradient)};
    return value;
  }

  LogLikelihoodFunction log_likelihood_;
  Point best_;
  int evaluations_ = 0;
};

double SteepestSlope(const Point& point) {
  double steepest = 0;
  for (double slope : point.slopes) steepest = std::max(steepest, std::abs(slope));
  return steepest;
}

bool IsFlat(const Point& point, double tolerance) {
  return SteepestSlope(point) <= tolerance * std::max(1.0, std::abs(point.log_likelihood));
}

// One run of NLopt. Returns what it says about how it ended.
std::string RunOnce(Climb& climb, const std::vector<double>& lowest,
                    const std::vector<double>& highest) {
  try {
    nlopt::opt search(nlopt::LD_LBFGS, static_cast<unsigned>(lowest.size()));
    search.set_max_objective(&Climb::Evaluate, &climb);
    search.set_lower_bounds(lowest);
    search.set_upper_bounds(highest);
    search.set_ftol_rel(1e-15);
    search.set_maxeval(kMaxEvaluationsPerClimb);
    std::vector<double> at = climb.best().logs;
    double value = 0;
    return search.optimize(at, value) == nlopt::MAXEVAL_REACHED ? "the evaluation limit was reached"
                                                                : "the likelihood stopped rising";
  } catch (const nlopt::forced_stop&) {
    return "the likelihood was not finite";
  } catch (const std::exception& failure) {
    return absl::StrCat("the search failed: ", failure.what());
  }
}

// The end of the climb from one start, and why it ended.
std::pair<Point, std::string> ClimbFrom(LogLikelihoodFunction log_likelihood, Point start,
                                        const std::vector<double>& lowest,
                                        const std::vector<double>& highest, int& evaluations) {
  std::string reason;
  for (int run = 0; run < kMaxClimbsPerStart; ++run) {
    const double before = start.log_likelihood;
    Climb climb(log_likelihood, std::move(start));
    reason = RunOnce(climb, lowest, highest);
    evaluations += climb.evaluations();
    start = climb.best();
    if (IsFlat(start, kSlopeSought) || !(start.log_likelihood > before)) break;
  }
  return {std::move(start), std::move(reason)};
}

void Judge(const Point& point, absl::Span<const ParameterRange> ranges, const std::string& reason,
           LikelihoodMaximum& result) {
  for (size_t i = 0; i < ranges.size(); ++i) {
    const bool low = point.logs[i] - std::log(ranges[i].lowest) < kEdgeDistance;
    const bool high = std::log(ranges[i].highest) - point.logs[i] < kEdgeDistance;
    if (!low && !high) continue;
    result.stop_reason =
        absl::StrCat("parameter ", ranges[i].name, " reached the ", low ? "lower" : "upper",
                     " edge of its range, ", low ? ranges[i].lowest : ranges[i].highest,
                     ": the data do not determine it");
    return;
  }
  result.converged = IsFlat(point, kSlopeAccepted);
  result.stop_reason = result.converged ? "the maximum was found"
                                        : absl::StrCat(reason, " while the steepest slope was ",
                                                       SteepestSlope(point));
}

absl::Status CheckStarts(absl::Span<const ParameterRange> ranges,
                         absl::Span<const std::vector<double>> starts) {
  if (starts.empty()) return absl::InvalidArgumentError("no starting point");
  for (const std::vector<double>& start : starts) {
    if (start.size() != ranges.size()) {
      return absl::InvalidArgumentError("a starting point has the wrong number of parameters");
    }
    for (size_t i = 0; i < ranges.size(); ++i) {
      if (start[i] >= ranges[i].lowest && start[i] <= ranges[i].highest) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("the start of ", ranges[i].name, ", ", start[i], ", is outside its range"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LikelihoodMaximum> MaximizeLikelihood(LogLikelihoodFunction log_likelihood,
                                                     absl::Span<const ParameterRange> ranges,
                                                     absl::Span<const std::vector<double>> starts) {
  if (absl::Status status = CheckStarts(ranges, starts); !status.ok()) return status;
  std::vector<double> lowest, highest;
  for (const ParameterRange& range : ranges) {
    lowest.push_back(std::log(range.lowest));
    highest.push_back(std::log(range.highest));
  }
  Point best;
  std::string reason;
  LikelihoodMaximum result{};
  for (const std::vector<double>& start : starts) {
    Point first;
    for (size_t i = 0; i < start.size(); ++i) {
      first.logs.push_back(std::clamp(std::log(start[i]), lowest[i], highest[i]));
    }
    auto [end, ended_by] =
        ClimbFrom(log_likelihood, std::move(first), lowest, highest, result.evaluations);
    if (end.log_likelihood <= best.log_likelihood) continue;
    best = std::move(end);
    reason = std::move(ended_by);
  }
  if (best.logs.empty()) return absl::InternalError("the likelihood is not finite at any start");
  result.log_likelihood = best.log_likelihood;
  for (double value : best.logs) result.parameters.push_back(std::exp(value));
  Judge(best, ranges, reason, result);
  return result;
}

}  // namespace kam::domain
