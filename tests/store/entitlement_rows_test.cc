#include "store/benefits/entitlements.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/benefits.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using testing::Do;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::TestDatabase;
using testing::TestNow;

Entitlement Right(const std::string& account_id, const std::string& id, absl::Duration from,
                  absl::Duration until) {
  Entitlement entitlement = {.id = id,
                             .account_id = account_id,
                             .benefit_id = "gold",
                             .stacking_group = "club",
                             .budget_id = "year",
                             .reserved_cost = 100,
                             .currency = "EUR",
                             .seats = 2,
                             .plan_id = "p1",
                             .evaluation_id = "v1",
                             .principal = "tester",
                             .reason = "earned, \"it\"",
                             .version = 1};
  entitlement.start_time = TestNow() + from;
  entitlement.end_time = TestNow() + until;
  entitlement.create_time = TestNow();
  return entitlement;
}

class EntitlementRowsTest : public ::testing::Test {
 protected:
  EntitlementRowsTest() {
    EXPECT_TRUE(Insert({Right("acme", "e1", -absl::Hours(2), -absl::Hours(1)),
                        Right("acme", "e3", -absl::Hours(1), absl::Hours(1)),
                        Right("blue", "e2", absl::Hours(1), absl::Hours(2)),
                        Right("blue", "e4", absl::ZeroDuration(), absl::Hours(1))})
                    .ok());
  }
  template <typename T>
  absl::StatusOr<T> Ask(absl::FunctionRef<absl::StatusOr<T>(Transaction&)> question) {
    return TransactFor<T>(*store_, {}, question);
  }
  absl::Status Insert(const std::vector<Entitlement>& entitlements) {
    return Do(*store_, [&](Transaction& tx) { return InsertEntitlements(tx, entitlements); });
  }
  void Revoke(const std::string& account_id, const std::string& id) {
    const EntitlementName name = {account_id, id};
    ASSERT_TRUE(Do(*store_, [&](Transaction& tx) -> absl::Status {
                  auto found = FindEntitlementsForUpdate(tx, {&name, 1}, Locked::kWait);
                  if (!found.ok()) return found.status();
                  Entitlement& entitlement = found->at(0);
                  entitlement.state = EntitlementState::kRevoked;
                  entitlement.revoke_time = TestNow();
                  entitlement.revoke_reason = "left";
                  ++entitlement.version;
                  return RevokeEntitlements(tx, *found);
                }).ok());
  }
  static std::vector<std::string> Ids(const std::vector<Entitlement>& entitlements) {
    std::vector<std::string> ids;
    for (const Entitlement& entitlement : entitlements) ids.push_back(entitlement.id);
    return ids;
  }
  // All pages of two.
  std::vector<std::string> List(const std::string& account_id, std::optional<absl::Time> live_at) {
    std::vector<std::string> ids;
    PageRequest page = {.size = 2};
    do {
      const auto found = Ask<Page<Entitlement>>(
          [&](Transaction& tx) { return ListEntitlements(tx, account_id, live_at, page); });
      for (const std::string& id : Ids(found->items)) ids.push_back(id);
      page.after = found->next;
    } while (!page.after.empty());
    return ids;
  }

  std::vector<Entitlement> Find(const std::vector<EntitlementName>& names) {
    return *Ask<std::vector<Entitlement>>(
        [&](Transaction& tx) { return FindEntitlements(tx, names); });
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

TEST_F(EntitlementRowsTest, KeepsThemAsTheyAre) {
  Revoke("acme", "e3");
  const auto found = Find({{"acme", "e3"}});
  ASSERT_EQ(found.size(), 1u);
  const Entitlement* const read = &found[0];
  EXPECT_EQ(read->benefit_id, "gold");
  EXPECT_EQ(read->stacking_group, "club");
  EXPECT_EQ(read->state, EntitlementState::kRevoked);
  EXPECT_EQ(read->start_time, TestNow() - absl::Hours(1));
  EXPECT_EQ(read->end_time, TestNow() + absl::Hours(1));
  EXPECT_EQ(read->budget_id, "year");
  EXPECT_EQ(read->reserved_cost, 100);
  EXPECT_EQ(read->currency, "EUR");
  EXPECT_EQ(read->seats, 2);
  EXPECT_EQ(read->plan_id, "p1");
  EXPECT_EQ(read->evaluation_id, "v1");
  EXPECT_EQ(read->principal, "tester");
  EXPECT_EQ(read->reason, "earned, \"it\"");
  EXPECT_EQ(read->version, 2);
  EXPECT_EQ(read->create_time, TestNow());
  EXPECT_EQ(read->revoke_time, TestNow());
  EXPECT_EQ(read->revoke_reason, "left");
}

TEST_F(EntitlementRowsTest, TellsMissingOnesAndRefusesDoubles) {
  EXPECT_TRUE(Find({{"blue", "e1"}}).empty()) << "it is of another account";
  const Entitlement missing = Right("none", "e1", absl::ZeroDuration(), absl::Hours(1));
  EXPECT_FALSE(Do(*store_, [&](Transaction& tx) {
                 return RevokeEntitlements(tx, {&missing, 1});
               }).ok());
  EXPECT_FALSE(Insert({Right("acme", "e1", absl::ZeroDuration(), absl::Hours(1))}).ok());
}

TEST_F(EntitlementRowsTest, FindsLiveOnes) {
  const auto live = [&](const std::vector<std::string>& accounts) {
    return Ids(*Ask<std::vector<Entitlement>>(
        [&](Transaction& tx) { return FindLive(tx, accounts, TestNow()); }));
  };
  const auto all_live = [&] {
    return Ids(*Ask<std::vector<Entitlement>>(
        [&](Transaction& tx) { return FindAllLive(tx, TestNow()); }));
  };
  EXPECT_THAT(all_live(), ElementsAre("e3", "e2", "e4"));
  EXPECT_THAT(live({"acme", "none"}), ElementsAre("e3"));
  EXPECT_THAT(live({}), IsEmpty());
  Revoke("acme", "e3");
  EXPECT_THAT(live({"acme"}), IsEmpty());
  EXPECT_THAT(all_live(), ElementsAre("e2", "e4"));
}

TEST_F(EntitlementRowsTest, FindsThoseOfPairsNewestFirst) {
  const auto find = [&](const std::vector<Usage>& usages) {
    return Ids(
        *Ask<std::vector<Entitlement>>([&](Transaction& tx) { return FindByUsage(tx, usages); }));
  };
  EXPECT_THAT(find({{"acme", "gold"}}), ElementsAre("e3", "e1"));
  EXPECT_THAT(find({{"acme", "silver"}}), IsEmpty());
  EXPECT_THAT(find({{"acme", "gold"}, {"acme", "silver"}, {"blue", "gold"}}),
              ElementsAre("e4", "e3", "e2", "e1"));
}

TEST_F(EntitlementRowsTest, SkipsWhatAnotherHasLocked) {
  const std::vector<EntitlementName> names = {{"blue", "e2"}, {"acme", "e3"}, {"none", "e9"}};
  const auto lock = [&](Transaction& tx, Locked locked) {
    std::vector<std::string> ids;
    const auto found = FindEntitlementsForUpdate(tx, names, locked);
    for (const Entitlement& entitlement : *found) ids.push_back(entitlement.id);
    return ids;
  };
  ASSERT_TRUE(Do(*store_, [&](Transaction& tx) -> absl::Status {
                EXPECT_THAT(lock(tx, Locked::kWait), ElementsAre("e3", "e2"));
                return Do(*store_, [&](Transaction& other) -> absl::Status {
                  EXPECT_THAT(lock(other, Locked::kSkip), IsEmpty());
                  return absl::OkStatus();
                });
              }).ok());
}

TEST_F(EntitlementRowsTest, ListsNewestFirst) {
  EXPECT_THAT(List("acme", std::nullopt), ElementsAre("e3", "e1"));
  EXPECT_THAT(List("", std::nullopt), ElementsAre("e4", "e3", "e2", "e1"));
  EXPECT_THAT(List("", TestNow()), ElementsAre("e4", "e3"));
  EXPECT_THAT(List("blue", TestNow()), ElementsAre("e4"));
  EXPECT_THAT(List("blue", TestNow() + absl::Hours(1)), ElementsAre("e2"));
  EXPECT_THAT(List("none", std::nullopt), IsEmpty());
  // Equal ids of two accounts are both listed.
  ASSERT_TRUE(Insert({Right("blue", "e3", absl::ZeroDuration(), absl::Hours(1))}).ok());
  EXPECT_THAT(List("", std::nullopt), ElementsAre("e4", "e3", "e3", "e2", "e1"));
}

TEST_F(EntitlementRowsTest, AddsUpWhatAccountsHaveTaken) {
  const auto text = [](const absl::StatusOr<std::vector<Taking>>& takings) {
    std::set<std::string> sums;
    for (const Taking& taking : *takings) {
      sums.insert(absl::StrCat(taking.budget_id, " ", taking.account_id, " ", taking.amount));
    }
    return sums;
  };
  const auto taken = [&](const std::vector<std::string>& budgets) {
    return text(Ask<std::vector<Taking>>([&](Transaction& tx) {
      return FindTakings(tx, budgets, {"acme", "none"});
    }));
  };
  EXPECT_THAT(taken({"year", "other"}), ElementsAre("year acme 200"));  // an expired one counts
  EXPECT_THAT(taken({"other"}), IsEmpty());
  Revoke("acme", "e3");
  EXPECT_THAT(taken({"year"}), ElementsAre("year acme 100"));
  EXPECT_THAT(
      text(Ask<std::vector<Taking>>([](Transaction& tx) { return FindAllTakings(tx, {"year"}); })),
      ElementsAre("year acme 100", "year blue 200"));
}

TEST_F(EntitlementRowsTest, EveryOneLeavesItsOwnChange) {
  Revoke("acme", "e3");
  EXPECT_EQ(database_.Sql("SELECT string_agg(concat_ws(' ', kind, resource, account_id, version), "
                          "  ', ' ORDER BY resource, version) FROM changes"),
            "entitlement.granted accounts/acme/entitlements/e1 acme 1, "
            "entitlement.granted accounts/acme/entitlements/e3 acme 1, "
            "entitlement.revoked accounts/acme/entitlements/e3 acme 2, "
            "entitlement.granted accounts/blue/entitlements/e2 blue 1, "
            "entitlement.granted accounts/blue/entitlements/e4 blue 1");
}

}  // namespace
}  // namespace kam::store
