#include "rpc/benefits/usage_service.h"

#include <memory>
#include <string>

#include "domain/benefits/entitlements.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "model/names.h"
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
      return service_.CheckBenefit({.now = now}, tx, request);
    });
  }
  Entitlement Grant(absl::Time start_time) {
    return *store::TransactFor<Entitlement>(*store_, {}, [&](store::Transaction& tx) {
      return domain::GrantEntitlement(
          tx, {.account_id = "acme", .benefit_id = "gold", .start_time = start_time}, TestNow());
    });
  }

  TestDatabase database_;
  std::unique_ptr<store::Store> store_ = database_.Open();
  UsageService service_;
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
  const std::string name = EntitlementName("acme", granted.id);

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
                return domain::RevokeEntitlement(
                           tx, {.account_id = "acme", .entitlement_id = granted.id}, start)
                    .status();
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

}  // namespace
}  // namespace kam::rpc
