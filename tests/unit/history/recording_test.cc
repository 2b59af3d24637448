#include "domain/history/recording.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "support/facts.h"

namespace kam::domain {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kRecordTime = absl::FromUnixSeconds(1'700'000'000);

OrderRow RowOf(const Order& order, int64_t index) {
  return {.index = index,
          .key = OrderName{order.account_id, order.order_id}.ToString(),
          .order = order};
}

RecordingState WithAccounts(const std::vector<std::string>& ids) {
  RecordingState state(kRecordTime);
  for (const std::string& id : ids) state.AddAccount(testing::MakeAccount(id));
  return state;
}

TEST(RecordingTest, AVersionIsNeverOlderThanTheOneItReplaces) {
  RecordingState state = WithAccounts({"acme"});
  Order stored = testing::MakeOrder("acme", "1", 10, 5);
  stored.version = 4;
  stored.record_time = kRecordTime + absl::Seconds(1);
  state.AddOrder(stored);
  state.AddMonth({.account_id = "acme", .month = 0, .days = {{10, 1, 1, 5, 5}}});
  ASSERT_TRUE(state.Record(testing::MakeOrder("acme", "1", 10, 6), true).ok());
  const store::OrderWrites writes = state.Writes();
  ASSERT_THAT(writes.corrected, SizeIs(1));
  EXPECT_EQ(writes.corrected[0].version, 5);
  EXPECT_EQ(writes.corrected[0].record_time, stored.record_time);
  ASSERT_THAT(writes.replaced, SizeIs(1));
  EXPECT_EQ(writes.replaced[0].version, 4);
  EXPECT_EQ(writes.replaced[0].superseded_time, stored.record_time);
}

TEST(RecordingTest, ASumThatDoesNotFitRefusesTheCallAndLeavesTheOthers) {
  RecordingState state = WithAccounts({"acme", "beta"});
  const std::vector<OrderRow> huge = {RowOf(testing::MakeOrder("acme", "1", 10, INT64_MAX), 0)};
  const std::vector<OrderRow> more = {RowOf(testing::MakeOrder("beta", "1", 10, 1), 0),
                                      RowOf(testing::MakeOrder("acme", "2", 10, 1), 1)};
  ASSERT_TRUE(DecideRecording(state, huge, {}).ok());
  const absl::Status status = DecideRecording(state, more, {.allow_partial = true}).status();
  EXPECT_TRUE(HasReason(status, ErrorReason::kAmountOverflow)) << status;
  EXPECT_THAT(state.Writes().recorded, SizeIs(1));
  ASSERT_THAT(state.ChangedMonths(), SizeIs(1));
  EXPECT_THAT(state.ChangedMonths()[0].days,
              ::testing::ElementsAre(DayTotals{10, 1, 1, INT64_MAX, INT64_MAX}));
}

TEST(RecordingTest, WhatIsTakenBackLeavesNothing) {
  RecordingState state = WithAccounts({"acme"});
  const std::vector<OrderRow> rows = {RowOf(testing::MakeOrder("acme", "1", 10, 5), 0),
                                      RowOf(testing::MakeOrder("acme", "1", 20, 6), 1),
                                      RowOf(testing::MakeOrder("nobody", "1", 20, 6), 2)};
  const auto refused = DecideRecording(state, rows, {.correct = true, .repeats = true});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(state.Writes().recorded, IsEmpty());
  EXPECT_THAT(state.ChangedMonths(), IsEmpty());
}

// What recordings come to, told simply.
struct Model {
  std::map<OrderName, std::vector<OrderContent>,
           decltype([](const OrderName& a, const OrderName& b) {
             return std::tie(a.account, a.order) < std::tie(b.account, b.order);
           })>
      orders;

  bool Apply(const std::vector<OrderRow>& rows, const RecordOptions& options) {
    auto tried = orders;
    for (const OrderRow& row : rows) {
      auto& versions = tried[{row.order.account_id, row.order.order_id}];
      if (!versions.empty() && versions.back() == row.order.content) continue;
      if (!versions.empty() && !options.correct) {
        if (!options.allow_partial) return false;
        continue;
      }
      versions.push_back(row.order.content);
    }
    orders = std::move(tried);
    return true;
  }

  std::map<store::MonthKey, std::map<int32_t, DayTotals>> Months() const {
    std::map<store::MonthKey, std::map<int32_t, DayTotals>> months;
    for (const auto& [name, versions] : orders) {
      if (versions.empty() || versions.back().status != OrderStatus::kCompleted) continue;
      const OrderContent& content = versions.back();
      const int32_t number = DayOf(content.order_time);
      DayTotals& day = months[{name.account, MonthOf(content.order_time)}][number];
      day.day = number;
      ++day.orders;
      day.full_price_orders += content.net_amount >= content.list_amount ? 1 : 0;
      day.net += content.net_amount;
      day.list += content.list_amount;
    }
    return months;
  }
};

TEST(RecordingTest, RandomCallsAgreeWithASimpleModel) {
  const uint64_t seed = std::getenv("KAM_TEST_SEED") != nullptr
                            ? std::strtoull(std::getenv("KAM_TEST_SEED"), nullptr, 10)
                            : std::random_device{}();
  std::printf("KAM_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  SCOPED_TRACE(absl::StrCat("KAM_TEST_SEED=", seed));
  std::mt19937_64 random(seed);
  const auto below = [&](int limit) {
    return std::uniform_int_distribution<int>(0, limit - 1)(random);
  };
  for (int round = 0; round < 200; ++round) {
    RecordingState state = WithAccounts({"a0", "a1", "a2"});
    Model model;
    for (int call = 0; call < 60; ++call) {
      std::vector<OrderRow> rows;
      for (int n = below(4); n >= 0; --n) {
        Order order = testing::MakeOrder(absl::StrCat("a", below(3)), absl::StrCat(below(6)),
                                         below(70), below(4));
        order.content.net_amount = below(4);
        order.content.status = *EnumFromNumber<OrderStatus>(1 + below(4));
        rows.push_back(RowOf(order, static_cast<int64_t>(rows.size())));
      }
      const RecordOptions options{
          .allow_partial = below(2) == 0, .correct = below(2) == 0, .repeats = true};
      ASSERT_EQ(DecideRecording(state, rows, options).ok(), model.Apply(rows, options));
    }
    const store::OrderWrites writes = state.Writes();
    size_t versions = 0, current = 0;
    for (const auto& [name, made] : model.orders) {
      versions += made.size();
      current += made.empty() ? 0 : 1;
    }
    ASSERT_EQ(writes.recorded.size(), current);
    ASSERT_EQ(writes.recorded.size() + writes.passing.size(), versions);
    for (const Order& order : writes.recorded) {
      const auto& made = model.orders[{order.account_id, order.order_id}];
      ASSERT_EQ(order.content, made.back());
      ASSERT_EQ(order.version, static_cast<int32_t>(made.size()));
    }
    std::map<store::MonthKey, std::map<int32_t, DayTotals>> months;
    for (const MonthTotals& month : state.ChangedMonths()) {
      for (const DayTotals& day : month.days)
        months[{month.account_id, month.month}][day.day] = day;
    }
    ASSERT_EQ(months, model.Months());
  }
}

}  // namespace
}  // namespace kam::domain
