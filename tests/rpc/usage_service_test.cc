#include "rpc/benefits/usage_service.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/benefits/grants.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/benefits/names.h"
#include "model/error.h"
#include "support/benefits.h"
#include "support/facts.h"
#include "support/test_database.h"

namespace kam::rpc {
namespace {

using testing::AddAccounts;
using testing::AddBenefit;
using testing::Do;
using testing::MakeBenefit;
using testing::TestDatabase;
using testing::TestNow;
using Response = v1::CheckBenefitResponse;

class UsageServiceTest : public ::testing::Test {
 protected:
  UsageServiceTest() {
    EXPECT_TRUE(AddAccounts(*store_, {"acme"}).ok());
    EXPECT_TRUE(AddBenefit(*store_, MakeBenefit("gold")).ok());
  }
  absl::StatusOr<Response> Check(absl::Time now, const std::string& account = "acme",
                                 const std::string& benefit = "gold") {
    v1::CheckBenefitRequest request;
    request.set_account("accounts/" + account);
    request.set_benefit("benefits/" + benefit);
    return store::TransactFor<Response>(*store_, {.read_only = true}, [&](store::Transaction& tx) {
      store::Snapshot then(tx.session(), now);
      UsageService::CheckCall one{.call = call_, .request = request};
      const absl::Status status = service_.CheckBenefit(then, absl::MakeSpan(&one, 1));
      if (!status.ok()) return absl::StatusOr<Response>(status);
      return one.answer;
    });
  }
  Entitlement Grant(absl::Time start_time) {
    return *store::TransactFor<Entitlement>(*store_, {}, [&](store::Transaction& tx) {
      store::Transaction then(tx.session(), TestNow());
      return testing::GrantOne(
          then, {.account_id = "acme", .benefit_id = "gold", .start_time = start_time});
    });
  }

  TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  UsageService service_;
  const Call call_;
};

TEST_F(UsageServiceTest, OnlyMissingResourcesAreErrors) {
  EXPECT_TRUE(HasReason(Check(TestNow(), "none").status(), ErrorReason::kResourceNotFound));
  EXPECT_TRUE(HasReason(Check(TestNow(), "acme", "none").status(), ErrorReason::kResourceNotFound));
  const auto answer = Check(TestNow());
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_FALSE(answer->allowed());
  EXPECT_EQ(answer->denial(), Response::DENIAL_NOT_ENTITLED);
  EXPECT_FALSE(answer->has_entitlement());
  EXPECT_EQ(answer->check_time().seconds(), absl::ToUnixSeconds(TestNow()));
}

TEST_F(UsageServiceTest, FollowsTheLifeOfAnEntitlement) {
  const absl::Time start = TestNow() + absl::Hours(1);
  const Entitlement granted = Grant(start);
  const std::string name = EntitlementName{"acme", granted.id}.ToString();

  auto answer = Check(start - absl::Microseconds(1));
  EXPECT_EQ(answer->denial(), Response::DENIAL_NOT_STARTED);
  EXPECT_EQ(answer->entitlement().name(), name);
  answer = Check(start);
  EXPECT_TRUE(answer->allowed());
  EXPECT_EQ(answer->denial(), Response::DENIAL_UNSPECIFIED);
  EXPECT_EQ(answer->entitlement().name(), name);
  answer = Check(granted.end_time);
  EXPECT_FALSE(answer->allowed());
  EXPECT_EQ(answer->denial(), Response::DENIAL_EXPIRED);
  EXPECT_EQ(answer->entitlement().state(), v1::Entitlement::STATE_EXPIRED);

  ASSERT_TRUE(Do(*store_, [&](store::Transaction& tx) {
                store::Transaction then(tx.session(), start);
                return testing::RevokeOne(then, {.name = {"acme", granted.id}}).status();
              }).ok());
  answer = Check(start);
  EXPECT_FALSE(answer->allowed());
  EXPECT_EQ(answer->denial(), Response::DENIAL_REVOKED);
}

TEST_F(UsageServiceTest, ADeletedAccountMayUseNothing) {
  Grant(TestNow());
  ASSERT_TRUE(Do(*store_, [](store::Transaction& tx) -> absl::Status {
                Account account = testing::MakeAccount("acme");
                account.delete_time = TestNow();
                return store::UpdateAccount(tx, account, ChangeKind::kAccountUpdated);
              }).ok());
  const auto answer = Check(TestNow());
  EXPECT_FALSE(answer->allowed());
  EXPECT_EQ(answer->denial(), Response::DENIAL_ACCOUNT_DELETED);
}

TEST_F(UsageServiceTest, ManyAreCheckedTogetherEachWithItsOwnAnswer) {
  EXPECT_TRUE(AddAccounts(*store_, {"blue"}).ok());
  EXPECT_TRUE(AddBenefit(*store_, MakeBenefit("silver")).ok());
  Grant(TestNow());
  std::vector<v1::CheckBenefitRequest> requests;
  std::vector<std::string> answers;
  for (const char* account : {"acme", "blue", "none"}) {
    for (const char* benefit : {"gold", "silver", "none", "gold"}) {
      requests.emplace_back().set_account(absl::StrCat("accounts/", account));
      requests.back().set_benefit(absl::StrCat("benefits/", benefit));
    }
  }
  ASSERT_TRUE(store_
                  ->Read({},
                         [&](store::Snapshot& snapshot) {
                           std::vector<UsageService::CheckCall> calls;
                           for (const auto& request : requests) {
                             calls.push_back({.call = call_, .request = request});
                           }
                           absl::Status status =
                               service_.CheckBenefit(snapshot, absl::MakeSpan(calls));
                           answers.clear();
                           for (const UsageService::CheckCall& one : calls) {
                             answers.push_back(one.answer.ok()
                                                   ? absl::StrCat(one.answer->denial())
                                                   : std::string(one.answer.status().message()));
                           }
                           return status;
                         })
                  .ok());
  const std::string no_account = "accounts/none does not exist";
  const std::string no_benefit = "benefits/none does not exist";
  EXPECT_THAT(answers, ::testing::ElementsAre("0", "1", no_benefit, "0", "1", "1", no_benefit, "1",
                                              no_account, no_account, no_account, no_account));
}

}  // namespace
}  // namespace kam::rpc
