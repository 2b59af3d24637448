#include "rpc/contract/status.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "google/rpc/error_details.pb.h"
#include "kam/v1/error_reason.pb.h"
#include "model/error.h"

namespace kam::rpc {
namespace {

template <typename Detail>
Detail Find(const google::rpc::Status& status) {
  Detail detail;
  for (const google::protobuf::Any& any : status.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  ADD_FAILURE() << "no " << detail.GetDescriptor()->name() << " in " << status.DebugString();
  return detail;
}

TEST(StatusTest, TheDomainsReasonsAreTheContracts) {
  const google::protobuf::EnumDescriptor& contract = *v1::ErrorReason_descriptor();
  const std::vector<std::pair<ErrorReason, std::string>> pairs = {
      {ErrorReason::kInvalidFields, "INVALID_FIELDS"},
      {ErrorReason::kInvalidPageToken, "INVALID_PAGE_TOKEN"},
      {ErrorReason::kInvalidFilter, "INVALID_FILTER"},
      {ErrorReason::kRequestIdReused, "REQUEST_ID_REUSED"},
      {ErrorReason::kCurrencyMismatch, "CURRENCY_MISMATCH"},
      {ErrorReason::kResourceNotFound, "RESOURCE_NOT_FOUND"},
      {ErrorReason::kResourceAlreadyExists, "RESOURCE_ALREADY_EXISTS"},
      {ErrorReason::kExternalIdTaken, "EXTERNAL_ID_TAKEN"},
      {ErrorReason::kFactDiffers, "FACT_DIFFERS"},
      {ErrorReason::kEtagMismatch, "ETAG_MISMATCH"},
      {ErrorReason::kConflict, "CONFLICT"},
      {ErrorReason::kResourceDeleted, "RESOURCE_DELETED"},
      {ErrorReason::kWrongState, "WRONG_STATE"},
      {ErrorReason::kNotPublished, "NOT_PUBLISHED"},
      {ErrorReason::kFxRateMissing, "FX_RATE_MISSING"},
      {ErrorReason::kNotEnoughData, "NOT_ENOUGH_DATA"},
      {ErrorReason::kBudgetExceeded, "BUDGET_EXCEEDED"},
      {ErrorReason::kSeatsExceeded, "SEATS_EXCEEDED"},
      {ErrorReason::kAccountLimitExceeded, "ACCOUNT_LIMIT_EXCEEDED"},
      {ErrorReason::kNotEligible, "NOT_ELIGIBLE"},
      {ErrorReason::kAlreadyEntitled, "ALREADY_ENTITLED"},
      {ErrorReason::kPlanStale, "PLAN_STALE"},
      {ErrorReason::kOperationRunning, "OPERATION_RUNNING"},
      {ErrorReason::kAmountOverflow, "AMOUNT_OVERFLOW"},
      {ErrorReason::kPermissionDenied, "PERMISSION_DENIED"},
      {ErrorReason::kUnauthenticated, "UNAUTHENTICATED"},
      {ErrorReason::kOverloaded, "OVERLOADED"},
      {ErrorReason::kImportTooLarge, "IMPORT_TOO_LARGE"},
      {ErrorReason::kDatabaseUnavailable, "DATABASE_UNAVAILABLE"},
      {ErrorReason::kOutcomeUnknown, "OUTCOME_UNKNOWN"},
      {ErrorReason::kShuttingDown, "SHUTTING_DOWN"},
      {ErrorReason::kDeadlineExceeded, "DEADLINE_EXCEEDED"},
      {ErrorReason::kCancelled, "CANCELLED"},
      {ErrorReason::kInternal, "INTERNAL"},
      {ErrorReason::kDatabaseFull, "DATABASE_FULL"},
  };
  EXPECT_EQ(static_cast<int>(pairs.size()), contract.value_count() - 1) << "one is missing here";
  for (const auto& [reason, name] : pairs) {
    const auto* value = contract.FindValueByName(absl::StrCat("ERROR_REASON_", name));
    ASSERT_NE(value, nullptr) << name;
    EXPECT_EQ(value->number(), static_cast<int>(reason)) << name;
  }
}

TEST(StatusTest, CarriesReasonMetadataAndResource) {
  const google::rpc::Status wire = ToRpcStatus(EtagMismatch("accounts/acme", "v7"));
  EXPECT_EQ(wire.code(), static_cast<int>(absl::StatusCode::kAborted));
  const auto info = Find<google::rpc::ErrorInfo>(wire);
  EXPECT_EQ(info.reason(), "ETAG_MISMATCH");
  EXPECT_EQ(info.domain(), "kam.v1");
  EXPECT_EQ(info.metadata().at("etag"), "v7");
  EXPECT_EQ(Find<google::rpc::ResourceInfo>(wire).resource_name(), "accounts/acme");
}

TEST(StatusTest, ListsEveryViolation) {
  const google::rpc::Status wire =
      ToRpcStatus(InvalidFields({{"a", "is required"}, {"b.c", "must be more than 0"}}));
  const auto bad_request = Find<google::rpc::BadRequest>(wire);
  ASSERT_EQ(bad_request.field_violations_size(), 2);
  EXPECT_EQ(bad_request.field_violations(1).field(), "b.c");
  EXPECT_EQ(Find<google::rpc::ErrorInfo>(wire).metadata().count("omitted"), 0u);
}

TEST(StatusTest, CutsLongListsAndSaysHowMany) {
  std::vector<FieldViolation> violations;
  for (int i = 0; i < 1000; ++i) violations.push_back({absl::StrCat("rows[", i, "]"), "is wrong"});
  const google::rpc::Status wire = ToRpcStatus(InvalidFields(violations));
  EXPECT_LE(wire.ByteSizeLong(), limits::kMaxErrorDetailBytes);
  const auto bad_request = Find<google::rpc::BadRequest>(wire);
  EXPECT_GT(bad_request.field_violations_size(), 10);
  EXPECT_EQ(Find<google::rpc::ErrorInfo>(wire).metadata().at("omitted"),
            absl::StrCat(1000 - bad_request.field_violations_size()));
}

TEST(StatusTest, NeverShowsTheTextOfADefect) {
  for (const absl::Status& status :
       {absl::InternalError("relation \"orders\" does not exist"),
        absl::UnknownError("password is hunter2"), Internal("secret detail")}) {
    const grpc::Status wire = ToGrpcStatus(status, "log-line-7");
    EXPECT_EQ(wire.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(wire.error_message().find("orders"), std::string::npos);
    EXPECT_EQ(wire.error_message().find("hunter2"), std::string::npos);
    EXPECT_EQ(wire.error_message().find("secret"), std::string::npos);
    google::rpc::Status details;
    ASSERT_TRUE(details.ParseFromString(wire.error_details()));
    EXPECT_EQ(Find<google::rpc::ErrorInfo>(details).metadata().at("request"), "log-line-7");
  }
}

TEST(StatusTest, SaysWhenToRetry) {
  ErrorDetails details{.reason = ErrorReason::kOverloaded};
  details.retry_after = absl::Milliseconds(1500);
  const google::rpc::Status wire =
      ToRpcStatus(MakeError(absl::StatusCode::kResourceExhausted, "busy", details));
  const auto retry = Find<google::rpc::RetryInfo>(wire);
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
}

}  // namespace
}  // namespace kam::rpc
