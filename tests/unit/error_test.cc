#include "model/error.h"

#include <gtest/gtest.h>

#include "store/engine/codec.h"

namespace kam {
namespace {

absl::Status Everything() {
  return MakeError(absl::StatusCode::kAborted, "no",
                   {.reason = ErrorReason::kOutcomeUnknown,
                    .metadata = {{"b", "1"}, {"a", "2"}},
                    .fields = {{"orders[0].id", "is required"}},
                    .preconditions = {{"BUDGET", "budgets/b", "is empty"}},
                    .resource = "accounts/acme",
                    .retry_after = absl::Microseconds(1'500'001)});
}

void ExpectEverything(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(status.message(), "no");
  const auto details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, ErrorReason::kOutcomeUnknown);
  const std::vector<std::pair<std::string, std::string>> metadata = {{"b", "1"}, {"a", "2"}};
  EXPECT_EQ(details->metadata, metadata);
  ASSERT_EQ(details->fields.size(), 1u);
  EXPECT_EQ(details->fields[0].field, "orders[0].id");
  EXPECT_EQ(details->fields[0].description, "is required");
  ASSERT_EQ(details->preconditions.size(), 1u);
  EXPECT_EQ(details->preconditions[0].type, "BUDGET");
  EXPECT_EQ(details->preconditions[0].subject, "budgets/b");
  EXPECT_EQ(details->preconditions[0].description, "is empty");
  EXPECT_EQ(details->resource, "accounts/acme");
  EXPECT_EQ(details->retry_after, absl::Microseconds(1'500'001));
}

TEST(ErrorTest, AStatusCarriesItsDetails) { ExpectEverything(Everything()); }

TEST(ErrorTest, DetailsSurviveBeingKept) {
  const absl::Status status = Everything();
  const std::string kept = store::codec::ToJson(*StoredDetails(status));
  stored::v1::ErrorDetails read;
  ASSERT_TRUE(store::codec::FromJson(kept, read));
  ExpectEverything(WithDetails(status.code(), status.message(), read));
}

TEST(ErrorTest, HasReasonIsOfThatReasonOnly) {
  for (const ErrorReason reason : {ErrorReason::kInvalidFields, ErrorReason::kDatabaseUnavailable,
                                   ErrorReason::kDatabaseFull}) {
    const absl::Status status = MakeError(absl::StatusCode::kAborted, "", {.reason = reason});
    EXPECT_TRUE(HasReason(status, reason));
    EXPECT_FALSE(HasReason(status, ErrorReason::kConflict));
  }
  EXPECT_FALSE(HasReason(absl::OkStatus(), ErrorReason::kInternal));
  EXPECT_FALSE(HasReason(absl::AbortedError(""), ErrorReason::kInternal));
}

TEST(ErrorTest, WhatIsNoTextBecomesQuestionMarks) {
  const absl::Status status =
      MakeError(absl::StatusCode::kInvalidArgument, "",
                {.reason = ErrorReason::kInvalidFields,
                 .metadata = {{"k", std::string("a\0b\xff\xc3\xa9\xed\xa0\x80\xc0", 10)}}});
  const auto details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->metadata[0].second, "a?b?\xc3\xa9????");
}

}  // namespace
}  // namespace kam
