#include "rpc/accounts/account_filter.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"

namespace kam::rpc {
namespace {

using Term = AccountFilterTerm;
using Field = Term::Field;
using Operation = Term::Operation;

// The position that the error names; 0 when there is none.
int PositionOf(const absl::Status& status) {
  if (!HasReason(status, ErrorReason::kInvalidFilter)) return 0;
  return std::stoi(GetErrorDetails(status)->metadata.at(0).second);
}

TEST(AccountFilterTest, SaysWhereItIsWrong) {
  const std::vector<std::pair<std::string, int>> filters = {
      {"nonsense = 1", 1},
      {"Industry = retail", 1},
      {"labels = x", 1},
      {"labels. = x", 1},
      {"= retail", 1},
      {"industry", 9},
      {"industry retail", 10},
      {"industry > retail", 10},
      {"industry : retail", 10},
      {"display_name != x", 14},
      {"industry =", 11},
      {"industry = \"retail", 12},
      {"industry = \"retail\\", 12},
      {"industry = (retail)", 12},
      {"industry = a OR industry = b", 14},
      {"industry = a AND", 17},
      {"industry = a and industry = b", 14},
      {"industry = a industry = b", 14},
      {"parent_account = acme", 18},
      {"parent_account = \"accounts/ACME\"", 18},
  };
  for (const auto& [filter, position] : filters) {
    EXPECT_EQ(PositionOf(ParseAccountFilter(filter).status()), position) << filter;
  }
}

TEST(AccountFilterTest, ReadsEveryField) {
  const auto terms = ParseAccountFilter(
      "  industry=\"Retail \\\"food\\\" \\\\ AND x\" AND currency_code != EUR\n"
      "AND parent_account = accounts/acme AND labels.cost-center_1 = \"\" AND display_name:gmbh "
      "AND display_name = \"A\" AND parent_account != \"\"");
  ASSERT_TRUE(terms.ok()) << terms.status();
  const std::vector<Term> expected = {
      {Field::kIndustry, "", Operation::kEquals, "Retail \"food\" \\ AND x"},
      {Field::kCurrency, "", Operation::kNotEquals, "EUR"},
      {Field::kParent, "", Operation::kEquals, "acme"},
      {Field::kLabel, "cost-center_1", Operation::kEquals, ""},
      {Field::kDisplayName, "", Operation::kContains, "gmbh"},
      {Field::kDisplayName, "", Operation::kEquals, "A"},
      {Field::kParent, "", Operation::kNotEquals, ""},
  };
  ASSERT_EQ(terms->size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ((*terms)[i].field, expected[i].field) << i;
    EXPECT_EQ((*terms)[i].label, expected[i].label) << i;
    EXPECT_EQ((*terms)[i].operation, expected[i].operation) << i;
    EXPECT_EQ((*terms)[i].value, expected[i].value) << i;
  }
}

TEST(AccountFilterTest, NothingIsNoCondition) {
  EXPECT_THAT(*ParseAccountFilter(""), ::testing::IsEmpty());
  EXPECT_THAT(*ParseAccountFilter(" \n"), ::testing::IsEmpty());
}

TEST(AccountOrderTest, ReadsFieldAndDirection) {
  AccountQuery query;
  ASSERT_TRUE(ParseAccountOrder("", query).ok());
  EXPECT_EQ(query.order, AccountQuery::Order::kId);
  ASSERT_TRUE(ParseAccountOrder(" create_time  desc ", query).ok());
  EXPECT_EQ(query.order, AccountQuery::Order::kCreateTime);
  EXPECT_TRUE(query.descending);
  ASSERT_TRUE(ParseAccountOrder("display_name", query).ok());
  EXPECT_EQ(query.order, AccountQuery::Order::kDisplayName);
  EXPECT_FALSE(query.descending);
}

TEST(AccountOrderTest, SaysWhereItIsWrong) {
  AccountQuery query;
  EXPECT_EQ(PositionOf(ParseAccountOrder("size", query)), 1);
  EXPECT_EQ(PositionOf(ParseAccountOrder("name up", query)), 6);
  EXPECT_EQ(PositionOf(ParseAccountOrder("name desc, create_time", query)), 6);
  EXPECT_EQ(PositionOf(ParseAccountOrder("name desc x", query)), 11);
}

}  // namespace
}  // namespace kam::rpc
