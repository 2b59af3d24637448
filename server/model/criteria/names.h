#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "model/resource_name.h"

namespace kam {

struct ScorecardName {
  static constexpr absl::string_view kPattern = "scorecards/{scorecard}";
  std::string scorecard;
  static constexpr auto kParts = std::tuple(&ScorecardName::scorecard);

  static absl::StatusOr<ScorecardName> Parse(absl::string_view name) {
    return ParseName<ScorecardName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

struct RevisionName {
  static constexpr absl::string_view kPattern = "scorecards/{scorecard}/revisions/{number}";
  std::string scorecard;
  int32_t number = 0;
  static constexpr auto kParts = std::tuple(&RevisionName::scorecard, &RevisionName::number);

  static absl::StatusOr<RevisionName> Parse(absl::string_view name) {
    return ParseName<RevisionName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

struct LifetimeModelName {
  static constexpr absl::string_view kPattern = "lifetimeModels/{number}";
  int32_t number = 0;
  static constexpr auto kParts = std::tuple(&LifetimeModelName::number);

  static absl::StatusOr<LifetimeModelName> Parse(absl::string_view name) {
    return ParseName<LifetimeModelName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

struct EvaluationName {
  static constexpr absl::string_view kPattern = "evaluations/{evaluation}";
  std::string evaluation;
  static constexpr auto kParts = std::tuple(&EvaluationName::evaluation);

  static absl::StatusOr<EvaluationName> Parse(absl::string_view name) {
    return ParseName<EvaluationName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

struct AssessmentName {
  static constexpr absl::string_view kPattern =
      "accounts/{account}/assessments/{evaluation_or_dash}";
  std::string account;
  std::string evaluation;  // `-` asks for the newest
  static constexpr auto kParts = std::tuple(&AssessmentName::account, &AssessmentName::evaluation);

  static absl::StatusOr<AssessmentName> Parse(absl::string_view name) {
    return ParseName<AssessmentName>(name);
  }
  std::string ToString() const { return FormatName(*this); }
};

}  // namespace kam
