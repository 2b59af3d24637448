#include "model/resource_name.h"

#include "gtest/gtest.h"
#include "model/accounts/names.h"
#include "model/error.h"
#include "model/history/names.h"

namespace kam {
namespace {

TEST(ResourceName, PartsAreReadByTheirNames) {
  const absl::StatusOr<OrderName> name = OrderName::Parse("accounts/acme/orders/a%2Fb%20c");
  ASSERT_TRUE(name.ok()) << name.status();
  EXPECT_EQ(name->account, "acme");
  EXPECT_EQ(name->order, "a/b c");
  EXPECT_EQ(name->ToString(), "accounts/acme/orders/a%2Fb%20c");
}

TEST(ResourceName, WhatDoesNotFollowThePatternIsNoName) {
  for (const char* text :
       {"", "accounts", "accounts/", "accounts/Acme", "accounts/acme/", "accounts/-acme",
        "accounts/acme/orders/1", "budgets/acme", "accounts/acme%2Fx", "accounts/a\xff"}) {
    const absl::StatusOr<AccountName> name = AccountName::Parse(text);
    EXPECT_TRUE(HasReason(name.status(), ErrorReason::kInvalidFields)) << text;
  }
  for (const char* text : {"accounts/acme/orders/", "accounts/acme/orders/a/b",
                           "accounts/acme/orders/a%2", "accounts/acme/orders/a%00"}) {
    EXPECT_FALSE(OrderName::Parse(text).ok()) << text;
  }
}

TEST(ResourceName, WhatRefersToNothingHasNoName) {
  EXPECT_EQ(AccountName{""}.ToString(), "");
  EXPECT_EQ(AccountName{"acme"}.ToString(), "accounts/acme");
}

struct NumberedName {
  static constexpr absl::string_view kPattern = "scorecards/{scorecard}/revisions/{number}";
  std::string scorecard;
  int32_t number = 0;
  static constexpr auto kParts = std::tuple(&NumberedName::scorecard, &NumberedName::number);
};

TEST(ResourceName, PartsMayBeNumbers) {
  const auto name = ParseName<NumberedName>("scorecards/gold/revisions/12");
  ASSERT_TRUE(name.ok()) << name.status();
  EXPECT_EQ(name->number, 12);
  EXPECT_EQ(FormatName(*name), "scorecards/gold/revisions/12");
  EXPECT_EQ(FormatName(NumberedName{"gold", 0}), "");
  EXPECT_FALSE(ParseName<NumberedName>("scorecards/gold/revisions/012").ok());
}

}  // namespace
}  // namespace kam
