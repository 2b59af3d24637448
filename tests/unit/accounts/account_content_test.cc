#include <string>
#include <vector>

#include "domain/accounts/accounts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/accounts/account.h"
#include "model/error.h"

namespace kam::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Check(const AccountContent& content) {
  std::vector<FieldViolation> violations;
  CheckContent(content, "account.", violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  return fields;
}

TEST(CheckContentTest, RefusesBadLabelKeys) {
  for (const std::string& key :
       {std::string(), std::string("1a"), std::string("A"), std::string("-a"), std::string("a.b"),
        std::string("ä"), std::string(64, 'a'), std::string("a\0b", 3)}) {
    EXPECT_THAT(Check({.labels = {{key, ""}}}), ElementsAre("account.labels[" + key + "]"));
  }
}

TEST(CheckContentTest, RefusesBadLabelValues) {
  EXPECT_THAT(Check({.labels = {{"a", std::string(64, 'x')}, {"b", std::string("x\0", 2)}}}),
              ElementsAre("account.labels[a]", "account.labels[b]"));
}

TEST(CheckContentTest, CountsCharactersNotBytes) {
  std::string value;
  for (int i = 0; i < 63; ++i) value += "ü";
  EXPECT_THAT(Check({.labels = {{"a", value}, {std::string(63, 'a'), ""}, {"a-b_1", "B c"}}}),
              IsEmpty());
  EXPECT_THAT(Check({.labels = {{"a", value + "ü"}}}), ElementsAre("account.labels[a]"));
}

TEST(CheckContentTest, RefusesAnExternalIdGivenTwice) {
  EXPECT_THAT(Check({.external_ids = {{"crm", "1"}, {"crm", "2"}, {"erp", "1"}}}), IsEmpty());
  EXPECT_THAT(Check({.external_ids = {{"crm", "1"}, {"crm", "1"}}}),
              ElementsAre("account.external_ids"));
}

}  // namespace
}  // namespace kam::domain
