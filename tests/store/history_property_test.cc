// The two ways to an account's history – the rollups, and the raw versions as known at a time –
// must agree: now, and for every past moment with what the rollups said at that moment.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "model/history/account_history.h"
#include "store/history/history_reader.h"
#include "support/facts.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

constexpr int kAccounts = 6;
constexpr int kRounds = 60;
constexpr int32_t kFirstDay = 9'980;

class HistoryPropertyTest : public ::testing::Test {
 protected:
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  Order RandomOrder() {
    Order order = testing::MakeOrder(absl::StrCat("c", Below(kAccounts)),
                                     absl::StrCat("o", Below(40)), kFirstDay + Below(100), 0);
    OrderContent& content = order.content;
    content.order_time += absl::Microseconds(Below(2'000'000'000)) - absl::Hours(12);
    content.list_amount = Below(1000);
    content.net_amount = Below(3) == 0 ? content.list_amount : Below(1200);
    content.status = *EnumFromNumber<OrderStatus>(1 + Below(10) % 4);
    return order;
  }

  // Up to 30 orders, none twice.
  std::vector<Order> RandomCall() {
    std::map<std::pair<std::string, std::string>, Order> orders;
    for (int n = 1 + Below(30); n > 0; --n) {
      const Order order = RandomOrder();
      orders[{order.account_id, order.order_id}] = order;
    }
    std::vector<Order> call;
    for (const auto& [key, order] : orders) call.push_back(order);
    std::shuffle(call.begin(), call.end(), random_);
    return call;
  }

  std::vector<AccountHistory> Read(Snapshot& tx, int32_t until_day,
                                   std::optional<absl::Time> known_at) {
    std::vector<AccountHistory> histories;
    const absl::Status status = ReadHistories(tx, until_day, known_at, [&](AccountHistory history) {
      histories.push_back(std::move(history));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return histories;
  }

  uint64_t seed_ = std::getenv("KAM_TEST_SEED") != nullptr
                       ? std::strtoull(std::getenv("KAM_TEST_SEED"), nullptr, 10)
                       : std::random_device{}();
  std::mt19937_64 random_{seed_};
  testing::TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open();
};

TEST_F(HistoryPropertyTest, RollupsAndRawVersionsAgreeNowAndInThePast) {
  SCOPED_TRACE(absl::StrCat("KAM_TEST_SEED=", seed_));
  std::printf("KAM_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed_));
  std::vector<std::string> ids;
  for (int i = 0; i < kAccounts; ++i) ids.push_back(absl::StrCat("c", i));
  ASSERT_TRUE(testing::AddAccounts(*store_, ids).ok());

  std::vector<std::pair<absl::Time, std::vector<AccountHistory>>> past;
  for (int round = 0; round < kRounds; ++round) {
    const auto results = testing::RecordOrders(*store_, RandomCall(), /*correct=*/Below(4) != 0);
    ASSERT_TRUE(results.ok()) << results.status();
    const absl::Status read =
        store_->ReadAtCut(Deadline::Never(), [&](Snapshot& tx, const Cut& cut) {
          const absl::Time known_at = cut.known_at;
          past.emplace_back(known_at, Read(tx, INT32_MAX, std::nullopt));
          EXPECT_EQ(past.back().second.size(), static_cast<size_t>(kAccounts));
          EXPECT_EQ(Read(tx, INT32_MAX, known_at), past.back().second) << "round " << round;
          const int32_t until_day = kFirstDay + Below(100);
          EXPECT_EQ(Read(tx, until_day, known_at), Read(tx, until_day, std::nullopt));
          return absl::OkStatus();
        });
    ASSERT_TRUE(read.ok()) << read;
  }
  ASSERT_NE(database_.Sql("SELECT count(*) FROM order_versions"), "0");
  for (const auto& cut : past) {
    const absl::Time known_at = cut.first;
    const std::vector<AccountHistory>& then = cut.second;
    const absl::Status read = store_->Transact({}, [&](Transaction& tx) {
      EXPECT_EQ(Read(tx, INT32_MAX, known_at), then) << known_at;
      return absl::OkStatus();
    });
    ASSERT_TRUE(read.ok()) << read;
  }
}

}  // namespace
}  // namespace kam::store
