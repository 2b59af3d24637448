#include "rpc/contract/convert.h"

#include <gtest/gtest.h>

#include <limits>

#include "kam/v1/account_service.pb.h"
#include "rpc/contract/page_token.h"

namespace kam::rpc {
namespace {

google::type::Money Of(const char* currency, int64_t units, int32_t nanos) {
  google::type::Money money;
  money.set_currency_code(currency);
  money.set_units(units);
  money.set_nanos(nanos);
  return money;
}

TEST(MoneyTest, RefusesMoreDecimalsThanTheCurrencyHas) {
  Violations violations;
  EXPECT_FALSE(FromProto(Of("EUR", 1, 5'000'000), "amount", violations));  // 1.005
  EXPECT_FALSE(FromProto(Of("JPY", 1, 500'000'000), "amount", violations));
  EXPECT_FALSE(violations.empty());
}

TEST(MoneyTest, RefusesOverflowAndUnknownCurrencies) {
  Violations violations;
  EXPECT_FALSE(FromProto(Of("EUR", std::numeric_limits<int64_t>::max(), 0), "amount", violations));
  EXPECT_FALSE(FromProto(Of("QQQ", 1, 0), "amount", violations));
  EXPECT_FALSE(MinorFromProto(Of("USD", 1, 0), "EUR", "amount", violations));
}

TEST(MoneyTest, ReadsAndWritesMinorUnitsOfEveryKindOfCurrency) {
  Violations violations;
  EXPECT_EQ(FromProto(Of("EUR", -3, -250'000'000), "amount", violations)->minor, -325);
  EXPECT_EQ(FromProto(Of("JPY", 250, 0), "amount", violations)->minor, 250);
  EXPECT_EQ(FromProto(Of("KWD", 1, 1'000'000), "amount", violations)->minor, 1001);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(MoneyToProto(-325, "EUR").units(), -3);
  EXPECT_EQ(MoneyToProto(-325, "EUR").nanos(), -250'000'000);
  EXPECT_EQ(MoneyToProto(1001, "KWD").nanos(), 1'000'000);
}

TEST(TimeTest, KeepsMicrosecondsBeforeAndAfter1970) {
  for (const int64_t micros : {int64_t{-1}, int64_t{0}, int64_t{1'234'567'890'123'456}}) {
    const absl::Time time = absl::FromUnixMicros(micros);
    EXPECT_EQ(FromProto(ToProto(time)), time);
    EXPECT_GE(ToProto(time).nanos(), 0);
  }
}

TEST(ReadPageTest, BoundsThePage) {
  v1::ListAccountsRequest request;
  EXPECT_EQ(ReadPage(request)->size, 50);
  request.set_page_size(100'000);
  EXPECT_EQ(ReadPage(request)->size, 1000);
}

TEST(UpdatePathsTest, NamesWhatCannotBeChanged) {
  v1::Account account;
  account.set_industry("retail");
  account.set_name("accounts/acme");
  google::protobuf::FieldMask mask;
  Violations violations;
  EXPECT_EQ(UpdatePaths(mask, account, {"industry", "display_name"}, violations),
            std::vector<std::string>{"industry"});
  mask.add_paths("*");
  EXPECT_EQ(UpdatePaths(mask, account, {"industry", "display_name"}, violations).size(), 2u);
  EXPECT_TRUE(violations.empty());
  mask.add_paths("create_time");
  mask.set_paths(0, "industry.x");
  UpdatePaths(mask, account, {"industry", "display_name"}, violations);
  EXPECT_FALSE(violations.empty());
}

}  // namespace
}  // namespace kam::rpc
