#include "store/accounts/accounts.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/facts.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MakeAccount;
using testing::TestDatabase;

class AccountsTest : public ::testing::Test {
 protected:
  absl::Status Insert(const Account& account) {
    return store_->Transact({}, [&](Transaction& tx) { return InsertAccount(tx, account); });
  }
  absl::Status Update(const Account& account) {
    return store_->Transact({}, [&](Transaction& tx) {
      return UpdateAccount(tx, account, ChangeKind::kAccountUpdated);
    });
  }
  absl::StatusOr<Account> Get(const std::string& id) {
    return TransactFor<Account>(*store_, {}, [&](Transaction& tx) { return GetAccount(tx, id); });
  }
  std::vector<std::string> Ancestry(const std::string& id) {
    return *TransactFor<std::vector<std::string>>(
        *store_, {}, [&](Transaction& tx) { return ListAncestry(tx, id); });
  }
  Page<Account> List(const AccountQuery& query, PageRequest page = {.size = 100}) {
    auto result = TransactFor<Page<Account>>(
        *store_, {}, [&](Transaction& tx) { return ListAccounts(tx, query, page); });
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : Page<Account>();
  }
  std::vector<std::string> ListIds(const AccountQuery& query) {
    std::vector<std::string> ids;
    for (const Account& account : List(query).items) ids.push_back(account.id);
    return ids;
  }
  // All ids, page by page.
  std::vector<std::string> ListIdsByPages(const AccountQuery& query, int size) {
    std::vector<std::string> ids;
    std::string after;
    do {
      const Page<Account> page = List(query, {.size = size, .after = after});
      EXPECT_LE(static_cast<int>(page.items.size()), size);
      for (const Account& account : page.items) ids.push_back(account.id);
      after = page.next;
    } while (!after.empty());
    return ids;
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

Account FullAccount() {
  Account account = MakeAccount("full", "JPY");
  account.content.display_name = "Ünïcödé \"quoted\" \\ {braces}, 'n' more";
  account.content.parent_id = "acme";
  account.content.external_ids = {{"crm", "4711 \"x\""}, {"erp-eu", "a,b{}"}};
  account.content.industry = "retail";
  account.content.declared_annual_spend = INT64_MAX;
  account.content.marketing_budget = 0;
  account.content.labels = {{"region", "emea"}, {"tier", "gold \"1\""}};
  return account;
}

void ExpectSame(const Account& actual, const Account& expected) {
  EXPECT_EQ(actual.id, expected.id);
  EXPECT_EQ(actual.content, expected.content);
  EXPECT_EQ(actual.version, expected.version);
  EXPECT_EQ(actual.create_time, expected.create_time);
  EXPECT_EQ(actual.update_time, expected.update_time);
  EXPECT_EQ(actual.delete_time, expected.delete_time);
}

TEST_F(AccountsTest, MissingAccountsAreNamed) {
  const absl::StatusOr<Account> missing = Get("nobody");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorDetails(missing.status())->resource, "accounts/nobody");
  const absl::Status locked =
      store_->Transact({}, [](Transaction& tx) { return LockAccount(tx, "nobody").status(); });
  EXPECT_EQ(locked.code(), absl::StatusCode::kNotFound);
}

TEST_F(AccountsTest, InsertKeepsEverything) {
  ASSERT_TRUE(Insert(FullAccount()).ok());
  ExpectSame(*Get("full"), FullAccount());
}

TEST_F(AccountsTest, InsertRefusesATakenId) {
  ASSERT_TRUE(Insert(FullAccount()).ok());
  Account other = MakeAccount("full");
  EXPECT_TRUE(HasReason(Insert(other), ErrorReason::kResourceAlreadyExists));
  ExpectSame(*Get("full"), FullAccount());
}

TEST_F(AccountsTest, AnExternalIdBelongsToOneAccountAlsoWhenThatIsDeleted) {
  Account first = MakeAccount("first");
  first.content.external_ids = {{"crm", "1"}};
  first.delete_time = first.update_time;
  ASSERT_TRUE(Insert(MakeAccount("second")).ok());
  ASSERT_TRUE(Insert(first).ok());
  ASSERT_TRUE(Update(first).ok());

  Account taker = MakeAccount("taker");
  taker.content.external_ids = {{"crm", "1"}};
  const absl::Status status = Insert(taker);
  EXPECT_TRUE(HasReason(status, ErrorReason::kExternalIdTaken)) << status;
  EXPECT_EQ(GetErrorDetails(status)->resource, "accounts/first");
  EXPECT_EQ(Get("taker").status().code(), absl::StatusCode::kNotFound);

  Account second = MakeAccount("second");
  second.content.external_ids = {{"crm", "1"}};
  EXPECT_TRUE(HasReason(Update(second), ErrorReason::kExternalIdTaken));
  EXPECT_THAT(Get("second")->content.external_ids, IsEmpty());
}

TEST_F(AccountsTest, UpdateReplacesContentAndFreesExternalIds) {
  ASSERT_TRUE(Insert(FullAccount()).ok());
  Account changed = MakeAccount("full", "JPY");
  changed.content.external_ids = {{"crm", "other"}};
  changed.version = 2;
  changed.update_time += absl::Microseconds(1);
  changed.delete_time = changed.update_time;
  ASSERT_TRUE(Update(changed).ok());
  ExpectSame(*Get("full"), changed);

  Account heir = MakeAccount("heir");
  heir.content.external_ids = {{"erp-eu", "a,b{}"}};
  EXPECT_TRUE(Insert(heir).ok());
}

TEST_F(AccountsTest, FindsByExternalId) {
  ASSERT_TRUE(Insert(FullAccount()).ok());
  const auto find = [&](const ExternalId& id) {
    return TransactFor<std::string>(*store_, {},
                                    [&](Transaction& tx) { return FindByExternalId(tx, id); });
  };
  EXPECT_EQ(*find({"crm", "4711 \"x\""}), "full");
  EXPECT_EQ(find({"erp-eu", "4711 \"x\""}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(AccountsTest, FindTakenAnswersOnlyTheTakenOnes) {
  ASSERT_TRUE(Insert(FullAccount()).ok());
  const absl::Status status = store_->Transact({}, [](Transaction& tx) {
    const std::vector<ExternalId> wanted = {
        {"crm", "free"}, {"erp-eu", "a,b{}"}, {"erp-eu", "a,b{}"}};
    const auto taken = FindTakenExternalIds(tx, wanted);
    if (!taken.ok()) return taken.status();
    EXPECT_THAT(*taken, ElementsAre(std::pair(ExternalId{"erp-eu", "a,b{}"}, std::string("full"))));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(AccountsTest, InsertNewAddsWhatIsFree) {
  ASSERT_TRUE(Insert(MakeAccount("b")).ok());
  Account b = MakeAccount("b");
  b.content.external_ids = {{"crm", "b"}};
  Account c = MakeAccount("c");
  c.content.external_ids = {{"crm", "c"}};
  const std::vector<Account> accounts = {MakeAccount("a"), b, c};
  const auto added = TransactFor<std::vector<std::string>>(
      *store_, {}, [&](Transaction& tx) { return InsertNewAccounts(tx, accounts); });
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_THAT(*added, ElementsAre("a", "c"));
  EXPECT_THAT(Get("b")->content.external_ids, IsEmpty());
  EXPECT_EQ(database_.Sql("SELECT string_agg(external_id, ',') FROM account_external_ids"), "c");
}

TEST_F(AccountsTest, FindAnswersAlsoDeletedOnes) {
  Account gone = MakeAccount("gone");
  ASSERT_TRUE(Insert(gone).ok());
  gone.delete_time = gone.update_time;
  ASSERT_TRUE(Update(gone).ok());
  const std::vector<std::string> ids = {"gone", "nobody"};
  const auto found = TransactFor<std::vector<Account>>(
      *store_, {}, [&](Transaction& tx) { return FindAccounts(tx, ids); });
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().delete_time, gone.delete_time);
}

TEST_F(AccountsTest, AncestryGoesUpToTheTopAndNeverInCircles) {
  Account top = MakeAccount("top"), middle = MakeAccount("middle"), leaf = MakeAccount("leaf");
  middle.content.parent_id = "top";
  leaf.content.parent_id = "middle";
  for (const Account& account : {top, middle, leaf}) ASSERT_TRUE(Insert(account).ok());
  EXPECT_THAT(Ancestry("leaf"), ElementsAre("leaf", "middle", "top"));
  EXPECT_THAT(Ancestry("top"), ElementsAre("top"));
  EXPECT_THAT(Ancestry("nobody"), IsEmpty());
  top.content.parent_id = "leaf";  // a circle, which the domain never lets happen
  ASSERT_TRUE(Update(top).ok());
  EXPECT_THAT(Ancestry("leaf"), ElementsAre("leaf", "middle", "top"));
}

class AccountListTest : public AccountsTest {
 protected:
  void SetUp() override {
    // Names and times run against the ids, with ties.
    for (int i = 0; i < 7; ++i) {
      Account account = MakeAccount(absl::StrCat("a", i));
      account.content.display_name = i < 3 ? "Same" : absl::StrCat("Name ", 9 - i);
      account.content.industry = i % 2 == 0 ? "retail" : "steel";
      account.content.parent_id = i >= 5 ? "a0" : "";
      if (i > 0) account.content.labels = {{"region", i < 4 ? "emea" : "apac"}};
      account.create_time -= absl::Seconds(i / 2);
      ASSERT_TRUE(Insert(account).ok());
    }
    Account deleted = MakeAccount("zz", "USD");
    ASSERT_TRUE(Insert(deleted).ok());
    deleted.delete_time = deleted.update_time;
    ASSERT_TRUE(Update(deleted).ok());
  }

  static AccountQuery Where(AccountFilterTerm::Field field, AccountFilterTerm::Operation operation,
                            const std::string& value, const std::string& label = "") {
    return {.filter = {{field, label, operation, value}}};
  }
};

TEST_F(AccountListTest, EveryOrderIsTheSameInPagesAndTurnsRound) {
  using Order = AccountQuery::Order;
  const std::vector<std::pair<Order, std::vector<std::string>>> expected = {
      {Order::kId, {"a0", "a1", "a2", "a3", "a4", "a5", "a6"}},
      {Order::kCreateTime, {"a6", "a4", "a5", "a2", "a3", "a0", "a1"}},
      {Order::kDisplayName, {"a6", "a5", "a4", "a3", "a0", "a1", "a2"}},
  };
  for (const auto& [order, ids] : expected) {
    AccountQuery query{.order = order};
    EXPECT_EQ(ListIds(query), ids);
    EXPECT_EQ(ListIdsByPages(query, 1), ids);
    EXPECT_EQ(ListIdsByPages(query, 3), ids);
    std::vector<std::string> reversed(ids.rbegin(), ids.rend());
    query.descending = true;
    EXPECT_EQ(ListIdsByPages(query, 2), reversed);
  }
}

TEST_F(AccountListTest, AFullLastPageHasNoNext) {
  EXPECT_EQ(List({}, {.size = 7}).next, "");
  EXPECT_NE(List({}, {.size = 6}).next, "");
}

TEST_F(AccountListTest, DeletedOnesAreShownOnRequest) {
  EXPECT_THAT(ListIds({.show_deleted = true}),
              ElementsAre("a0", "a1", "a2", "a3", "a4", "a5", "a6", "zz"));
}

TEST_F(AccountListTest, FiltersByEachField) {
  using Field = AccountFilterTerm::Field;
  using Operation = AccountFilterTerm::Operation;
  EXPECT_THAT(ListIds(Where(Field::kIndustry, Operation::kEquals, "steel")),
              ElementsAre("a1", "a3", "a5"));
  EXPECT_THAT(ListIds(Where(Field::kIndustry, Operation::kNotEquals, "steel")),
              ElementsAre("a0", "a2", "a4", "a6"));
  EXPECT_THAT(ListIds(Where(Field::kCurrency, Operation::kNotEquals, "EUR")), IsEmpty());
  EXPECT_THAT(ListIds(Where(Field::kParent, Operation::kEquals, "a0")), ElementsAre("a5", "a6"));
  EXPECT_THAT(ListIds(Where(Field::kParent, Operation::kNotEquals, "")), ElementsAre("a5", "a6"));
  EXPECT_THAT(ListIds(Where(Field::kLabel, Operation::kEquals, "emea", "region")),
              ElementsAre("a1", "a2", "a3"));
  EXPECT_THAT(ListIds(Where(Field::kLabel, Operation::kEquals, "", "region")), ElementsAre("a0"));
  EXPECT_THAT(ListIds(Where(Field::kLabel, Operation::kNotEquals, "emea", "region")),
              ElementsAre("a0", "a4", "a5", "a6"));
  EXPECT_THAT(ListIds(Where(Field::kDisplayName, Operation::kEquals, "same")), IsEmpty());
  EXPECT_THAT(ListIds(Where(Field::kDisplayName, Operation::kEquals, "Same")),
              ElementsAre("a0", "a1", "a2"));
  EXPECT_THAT(ListIds(Where(Field::kDisplayName, Operation::kContains, "AM")),
              ElementsAre("a0", "a1", "a2", "a3", "a4", "a5", "a6"));
  EXPECT_THAT(ListIds(Where(Field::kDisplayName, Operation::kContains, "name 3")),
              ElementsAre("a6"));
}

TEST_F(AccountListTest, AllTermsOfAFilterMustHoldAndSurvivePaging) {
  using Field = AccountFilterTerm::Field;
  using Operation = AccountFilterTerm::Operation;
  AccountQuery query;
  query.filter = {{Field::kParent, "", Operation::kEquals, ""},
                  {Field::kIndustry, "", Operation::kEquals, "retail"},
                  {Field::kLabel, "region", Operation::kNotEquals, "apac"}};
  EXPECT_THAT(ListIdsByPages(query, 1), ElementsAre("a0", "a2"));
  query.filter.push_back({Field::kParent, "", Operation::kEquals, "a0"});
  EXPECT_THAT(ListIds(query), IsEmpty());
}

TEST_F(AccountListTest, TextOfACallerIsNeverSql) {
  using Field = AccountFilterTerm::Field;
  const std::string hostile = "x'; DROP TABLE accounts; -- \\ \" {,} %_ :name";
  EXPECT_THAT(ListIds(Where(Field::kIndustry, AccountFilterTerm::Operation::kEquals, hostile)),
              IsEmpty());
  EXPECT_THAT(ListIds(Where(Field::kDisplayName, AccountFilterTerm::Operation::kContains, "%")),
              IsEmpty());
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM accounts"), "8");
}

// Runs the store's own statements often enough that PostgreSQL may settle for a generic plan, and
// asks its counters what was read.
TEST_F(AccountListTest, PagesAreReadByTheIndexOfTheirOrder) {
  using Order = AccountQuery::Order;
  database_.Sql(
      "INSERT INTO accounts (account_id, display_name, parent_id, external_ids, currency, industry,"
      " labels, version, create_time, update_time)"
      " SELECT 'n' || i, 'N' || i, CASE WHEN i % 1000 = 0 THEN 'a0' ELSE '' END, '{}', 'EUR', '',"
      " '{}', 1, now() + i * interval '1 s', now() FROM generate_series(1, 20000) AS i;"
      "ANALYZE accounts");
  const auto read_by = [&](const AccountQuery& query, const std::string& index) {
    database_.Sql("SELECT pg_stat_reset()");
    store_ = database_.Open();
    std::string after;
    for (int i = 0; i < 12; ++i) after = List(query, {.size = 10, .after = after}).next;
    store_.reset();  // its sessions hand in their counts at their end
    std::string read;
    for (int tries = 0; tries < 100; ++tries) {
      read = database_.Sql(
          "SELECT idx_tup_read FROM pg_stat_user_indexes WHERE idx_scan > 0 AND indexrelname = '" +
          index + "'");
      if (!read.empty()) break;
      absl::SleepFor(absl::Milliseconds(50));
    }
    EXPECT_EQ(database_.Sql("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'accounts'"),
              "0")
        << index;
    return read.empty() ? -1 : std::stoi(read);
  };
  using ::testing::AllOf;
  using ::testing::Gt;
  using ::testing::Lt;
  for (const bool down : {false, true}) {
    const auto is_small = AllOf(Gt(0), Lt(200));
    EXPECT_THAT(read_by({.order = Order::kId, .descending = down}, "accounts_pkey"), is_small);
    EXPECT_THAT(read_by({.order = Order::kCreateTime, .descending = down}, "accounts_create_time"),
                is_small);
    EXPECT_THAT(
        read_by({.order = Order::kDisplayName, .descending = down}, "accounts_display_name"),
        is_small);
  }
  EXPECT_THAT(
      read_by(Where(AccountFilterTerm::Field::kParent, AccountFilterTerm::Operation::kEquals, "a0"),
              "accounts_parent"),
      AllOf(Gt(0), Lt(400)));
}

TEST_F(AccountsTest, WritersOfOneExternalIdDoNotBothWin) {
  std::vector<absl::Status> results(8);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      Account account = MakeAccount(absl::StrCat("t", i));
      account.content.external_ids = {{"crm", "a"}, {"crm", "b"}};
      results[i] = Insert(account);
    });
  }
  for (std::thread& thread : threads) thread.join();
  int won = 0;
  for (const absl::Status& result : results) {
    won += result.ok() ? 1 : 0;
    EXPECT_TRUE(result.ok() || HasReason(result, ErrorReason::kExternalIdTaken)) << result;
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM accounts"), "1");
}

TEST_F(AccountsTest, LocksManyInTheOrderOfIds) {
  std::vector<std::string> ids;
  for (int i = 0; i < 50; ++i) ids.push_back(absl::StrCat("l", i));
  ASSERT_TRUE(testing::AddAccounts(*store_, ids).ok());
  std::vector<std::thread> threads;
  std::atomic<int> runs = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::vector<std::string> mine = ids;
      if (t % 2 == 1) std::reverse(mine.begin(), mine.end());
      for (int i = 0; i < 10; ++i) {
        const absl::Status status = store_->Transact({}, [&](Transaction& tx) {
          ++runs;
          return LockAccounts(tx, mine).status();
        });
        EXPECT_TRUE(status.ok()) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(runs, 40) << "a deadlock made a transaction run again";
}

}  // namespace
}  // namespace kam::store
