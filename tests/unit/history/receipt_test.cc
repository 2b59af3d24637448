#include "model/receipt.h"

#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "model/history/errors.h"

namespace kam::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::vector<Rejection> Many(int64_t from, int64_t count) {
  std::vector<Rejection> rejections;
  for (int64_t i = from; i < from + count; ++i) {
    rejections.push_back({i, "key", NotFound("accounts/x")});
  }
  return rejections;
}

TEST(RejectionErrorTest, IsThatOfTheFirstRowWithItsIndex) {
  const absl::Status status = RejectionError(
      "orders",
      {{4, "a", NotFound("accounts/x")}, {7, "b", InvalidField("orders[7].name", "bad")}});
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(std::string(status.message()),
            "orders[4]: accounts/x does not exist (and 1 more rows)");
  const ErrorDetails details = *GetErrorDetails(status);
  EXPECT_EQ(details.reason, ErrorReason::kResourceNotFound);
  EXPECT_EQ(details.resource, "accounts/x");
  EXPECT_THAT(details.metadata, ElementsAre(Pair("resource", "accounts/x"), Pair("index", "4")));
  ASSERT_EQ(details.fields.size(), 2u);
  EXPECT_EQ(details.fields[0].field, "orders[4]");
  EXPECT_EQ(details.fields[0].description, "accounts/x does not exist");
  EXPECT_EQ(details.fields[1].field, "orders[7].name");
}

TEST(RejectionErrorTest, ASingleRowKeepsItsOwnError) {
  const absl::Status status = RejectionError("orders", {{4, "a", NotFound("accounts/x")}});
  EXPECT_TRUE(GetErrorDetails(status)->fields.empty());
}

TEST(RejectionErrorTest, ListsWhatIsWrongWithEveryRow) {
  const absl::Status status = RejectionError(
      "orders",
      {{0, "a", CurrencyMismatch("orders[0].list_amount", "EUR", "USD")},
       {1, "b", NotFound("accounts/x")},
       {2, "c", InvalidFields({{"orders[2].name", "bad"}, {"orders[2].brand", "long"}})}});
  EXPECT_EQ(std::string(status.message()).rfind("orders[0]: list_amount.currency_code: ", 0), 0u);
  const ErrorDetails details = *GetErrorDetails(status);
  EXPECT_EQ(details.reason, ErrorReason::kCurrencyMismatch);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : details.fields) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("orders[0].list_amount.currency_code", "orders[1]",
                                  "orders[2].name", "orders[2].brand"));
}

TEST(ReceiptTest, CountsAllRejectionsAndListsTheFirst) {
  Receipt receipt;
  AddRejections(receipt, Many(0, limits::kMaxRejectionsListed - 1));
  AddRejections(receipt, Many(5000, 3));
  EXPECT_EQ(receipt.rejected_count, limits::kMaxRejectionsListed + 2);
  ASSERT_EQ(receipt.rejected.size(), static_cast<size_t>(limits::kMaxRejectionsListed));
  EXPECT_EQ(receipt.rejected.back().index, 5000);
}

TEST(ReceiptTest, AddsUp) {
  Receipt total{.recorded = 1, .unchanged = 2, .corrected = 3};
  AddRejections(total, Many(0, 1));
  Receipt later{.recorded = 10, .unchanged = 20, .corrected = 30};
  AddRejections(later, Many(10, limits::kMaxRejectionsListed + 5));
  AddReceipt(total, std::move(later));
  EXPECT_EQ(total.recorded, 11);
  EXPECT_EQ(total.unchanged, 22);
  EXPECT_EQ(total.corrected, 33);
  EXPECT_EQ(total.rejected_count, limits::kMaxRejectionsListed + 6);
  EXPECT_EQ(total.rejected.size(), static_cast<size_t>(limits::kMaxRejectionsListed));
  EXPECT_EQ(total.rejected[1].index, 10);
}

}  // namespace
}  // namespace kam::domain
