#include "store/history/history_reader.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/error.h"
#include "store/accounts/accounts.h"
#include "store/history/orders.h"
#include "support/facts.h"
#include "support/test_database.h"

namespace kam::store {
namespace {

using domain::RecordOutcome;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MakeOrder;
using testing::RecordOrders;
using testing::TestDatabase;

constexpr int32_t kEver = INT32_MAX;

class HistoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(testing::AddAccounts(*store_, {"acme", "beta", "quiet"}).ok());
  }

  std::vector<domain::RecordResult> Record(const std::vector<Order>& orders, bool correct = false) {
    auto results = RecordOrders(*store_, orders, correct);
    EXPECT_TRUE(results.ok()) << results.status();
    return results.ok() ? *results : std::vector<domain::RecordResult>();
  }
  absl::StatusOr<Order> Get(const std::string& order_id,
                            std::optional<absl::Time> known_at = std::nullopt) {
    return TransactFor<Order>(*store_, {}, [&](Transaction& tx) {
      return GetOrder(tx, {"acme", order_id}, known_at);
    });
  }
  std::vector<Order> Versions(const std::string& order_id) {
    return *TransactFor<std::vector<Order>>(*store_, {}, [&](Transaction& tx) {
      return ListOrderVersions(tx, {"acme", order_id});
    });
  }
  std::vector<AccountHistory> Read(std::optional<absl::string_view> account_id = std::nullopt,
                                   int32_t until_day = kEver,
                                   std::optional<absl::Time> known_at = std::nullopt) {
    std::vector<AccountHistory> histories;
    const absl::Status status = store_->Transact({}, [&](Transaction& tx) {
      histories.clear();
      const auto keep = [&](AccountHistory history) {
        if (history.account_id == account_id.value_or(history.account_id)) {
          histories.push_back(std::move(history));
        }
        return absl::OkStatus();
      };
      return ReadHistories(tx, until_day, known_at, keep);
    });
    EXPECT_TRUE(status.ok()) << status;
    return histories;
  }
  std::vector<DayTotals> Days(const std::string& account_id) { return Read(account_id).at(0).days; }
  absl::Time Now() {
    return *TransactFor<absl::Time>(*store_, {},
                                    [](Transaction& tx) { return BeginRecording(tx); });
  }

  TestDatabase database_;
  std::unique_ptr<Store> store_ = database_.Open(8);
};

MATCHER_P2(Is, outcome, version, "") { return arg.outcome == outcome && arg.version == version; }

TEST_F(HistoryTest, NothingIsRecordedOfNothing) { EXPECT_THAT(Record({}), IsEmpty()); }

TEST_F(HistoryTest, RecordsKeepsAndComparesEverything) {
  Order order = MakeOrder("acme", "a/b \"c\" {1,2}\\", 10'000, 1999);
  order.content.order_time += absl::Microseconds(123'457);
  order.content.net_amount = 0;
  order.content.service_level = ServiceLevel::kPremium;
  order.content.status = OrderStatus::kReturned;
  order.content.brand = "Ünï, {brand} \"x\"";
  order.content.channel = "NULL";
  EXPECT_THAT(Record({order}), ElementsAre(Is(RecordOutcome::kRecorded, 1)));
  const absl::StatusOr<Order> stored = Get(order.order_id);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->content, order.content);
  EXPECT_EQ(stored->currency, "EUR");
  EXPECT_EQ(stored->version, 1);
  EXPECT_EQ(stored->superseded_time, std::nullopt);
  EXPECT_THAT(Record({order}), ElementsAre(Is(RecordOutcome::kUnchanged, 1)));

  // Each field alone makes it another fact.
  std::vector<Order> others(7, order);
  others[0].content.order_time += absl::Microseconds(1);
  others[1].content.list_amount += 1;
  others[2].content.net_amount += 1;
  others[3].content.service_level = ServiceLevel::kExpress;
  others[4].content.status = OrderStatus::kCompleted;
  others[5].content.brand = "";
  others[6].content.channel = "";
  for (const Order& other : others) {
    EXPECT_THAT(Record({other}), ElementsAre(Is(RecordOutcome::kDiffers, 1)));
    EXPECT_EQ(Get(order.order_id)->content, order.content);
  }
}

TEST_F(HistoryTest, ResultsAreInTheOrderOfTheInput) {
  Record({MakeOrder("acme", "same", 1, 10), MakeOrder("acme", "wrong", 1, 10)});
  EXPECT_THAT(Record({MakeOrder("beta", "z", 1, 10), MakeOrder("acme", "wrong", 1, 20),
                      MakeOrder("acme", "same", 1, 10), MakeOrder("acme", "a", 1, 10)},
                     /*correct=*/true),
              ElementsAre(Is(RecordOutcome::kRecorded, 1), Is(RecordOutcome::kCorrected, 2),
                          Is(RecordOutcome::kUnchanged, 1), Is(RecordOutcome::kRecorded, 1)));
}

TEST_F(HistoryTest, CorrectionsKeepEveryVersionWithItsTimes) {
  Record({MakeOrder("acme", "1", 1, 10)});
  Record({MakeOrder("acme", "1", 2, 20)}, true);
  Record({MakeOrder("acme", "1", 3, 30)}, true);
  const std::vector<Order> versions = Versions("1");
  ASSERT_EQ(versions.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(versions[i].version, 3 - i);
    EXPECT_EQ(versions[i].content.net_amount, 30 - 10 * i);
    EXPECT_EQ(versions[i].superseded_time,
              i == 0 ? std::nullopt : std::optional(versions[i - 1].record_time));
    EXPECT_EQ(Get("1", versions[i].record_time)->version, 3 - i);
    if (i > 0) {
      EXPECT_EQ(Get("1", *versions[i].superseded_time - absl::Microseconds(1))->version, 3 - i);
    }
  }
  EXPECT_EQ(Get("1")->version, 3);
  const absl::Status before = Get("1", versions[2].record_time - absl::Microseconds(1)).status();
  EXPECT_EQ(before.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorDetails(before)->resource, "accounts/acme/orders/1");
  EXPECT_EQ(Get("2").status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Versions("2"), IsEmpty());
}

TEST_F(HistoryTest, AVersionIsNeverOlderThanTheOneItReplaces) {
  Record({MakeOrder("acme", "1", 1, 10)});
  const absl::Time first = Get("1")->record_time;
  const absl::Status status = store_->Transact({}, [&](Transaction& tx) -> absl::Status {
    KAM_ASSIGN_OR_RETURN(const std::vector<Order> stored, FindOrders(tx, {{"acme", "1"}}));
    domain::RecordingState state(first - absl::Seconds(1));
    state.AddOrder(stored.front());
    KAM_RETURN_IF_ERROR(state.Record(MakeOrder("acme", "1", 1, 20), true).status());
    return SaveOrders(tx, state.Writes());
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Get("1")->record_time, first);
  EXPECT_EQ(Get("1", first)->version, 2);
}

TEST_F(HistoryTest, RollsUpCompletedOrdersByDay) {
  std::vector<Order> orders = {
      MakeOrder("acme", "1", 31, 100), MakeOrder("acme", "2", 31, 50),
      MakeOrder("acme", "3", 58, 7),   MakeOrder("acme", "4", 59, 9),
      MakeOrder("acme", "5", 31, 1),   MakeOrder("acme", "6", 31, 1),
      MakeOrder("acme", "7", 31, 1),
  };
  orders[1].content.list_amount = 60;  // at a discount
  orders[2].content.list_amount = 5;   // with a surcharge
  orders[4].content.status = OrderStatus::kPlaced;
  orders[5].content.status = OrderStatus::kCancelled;
  orders[6].content.status = OrderStatus::kReturned;
  Record(orders);
  EXPECT_THAT(Days("acme"), ElementsAre(DayTotals{31, 2, 1, 150, 160}, DayTotals{58, 1, 1, 7, 5},
                                        DayTotals{59, 1, 1, 9, 9}));
  EXPECT_THAT(Read("acme", 59)[0].days.size(), 2u);
  EXPECT_THAT(Read("acme", 31)[0].days, IsEmpty());
}

TEST_F(HistoryTest, DaysAndMonthsEndAtMidnightUtc) {
  std::vector<Order> orders;
  for (const int64_t us : {int64_t{0}, int64_t{86'399'999'999}, int64_t{86'400'000'000},
                           int64_t{2'678'399'999'999}, int64_t{2'678'400'000'000}}) {
    orders.push_back(MakeOrder("acme", absl::StrCat(us), 0, 1));
    orders.back().content.order_time = absl::FromUnixMicros(us);
  }
  Record(orders);
  EXPECT_THAT(Days("acme"), ElementsAre(DayTotals{0, 2, 2, 2, 2}, DayTotals{1, 1, 1, 1, 1},
                                        DayTotals{30, 1, 1, 1, 1}, DayTotals{31, 1, 1, 1, 1}));
  EXPECT_EQ(database_.Sql("SELECT string_agg(month::text, ' ' ORDER BY month) FROM account_months"),
            "1970-01-01 1970-02-01");
}

TEST_F(HistoryTest, ACorrectionMovesAnOrderBetweenMonthsAndStates) {
  Record({MakeOrder("acme", "1", 10, 5), MakeOrder("acme", "2", 40, 6)});
  Record({MakeOrder("acme", "1", 70, 8)}, true);
  EXPECT_THAT(Days("acme"), ElementsAre(DayTotals{40, 1, 1, 6, 6}, DayTotals{70, 1, 1, 8, 8}));
  Order cancelled = MakeOrder("acme", "2", 40, 6);
  cancelled.content.status = OrderStatus::kCancelled;
  Record({cancelled}, true);
  EXPECT_THAT(Days("acme"), ElementsAre(DayTotals{70, 1, 1, 8, 8}));
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM account_months"), "1") << "empty months are gone";
  Record({MakeOrder("acme", "2", 41, 6)}, true);
  EXPECT_THAT(Days("acme"), ElementsAre(DayTotals{41, 1, 1, 6, 6}, DayTotals{70, 1, 1, 8, 8}));
}

TEST_F(HistoryTest, WhatIsLeftAsItIsTouchesNoRollup) {
  Record({MakeOrder("acme", "1", 10, 5)});
  const std::string before = database_.Sql("SELECT xmin FROM account_months");
  Record({MakeOrder("acme", "1", 10, 5)}, true);
  Record({MakeOrder("acme", "1", 10, 6)});
  EXPECT_EQ(database_.Sql("SELECT xmin FROM account_months"), before);
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM order_versions"), "0");
}

TEST_F(HistoryTest, ASumThatDoesNotFitIsRefusedAndNothingStays) {
  ASSERT_EQ(Record({MakeOrder("acme", "1", 10, INT64_MAX)}).size(), 1u);
  const auto status =
      RecordOrders(*store_, {MakeOrder("acme", "2", 10, 1), MakeOrder("beta", "1", 10, 1)})
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(HasReason(status, ErrorReason::kAmountOverflow)) << status;
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM orders"), "1");
  EXPECT_THAT(Days("acme"), ElementsAre(DayTotals{10, 1, 1, INT64_MAX, INT64_MAX}));
}

TEST_F(HistoryTest, ListsNewestFirstInPages) {
  std::vector<Order> orders;
  for (int i = 0; i < 7; ++i) orders.push_back(MakeOrder("acme", absl::StrCat("o ", i), i / 2, 1));
  orders.push_back(MakeOrder("beta", "other", 3, 1));
  Record(orders);
  Record({MakeOrder("acme", "o 0", 9, 1)}, true);
  std::vector<std::string> ids;
  PageRequest page{.size = 2};
  do {
    const auto result = TransactFor<Page<Order>>(
        *store_, {}, [&](Transaction& tx) { return ListOrders(tx, "acme", page); });
    ASSERT_TRUE(result.ok()) << result.status();
    for (const Order& order : result->items) ids.push_back(order.order_id);
    page.after = result->next;
  } while (!page.after.empty());
  EXPECT_THAT(ids, ElementsAre("o 0", "o 6", "o 5", "o 4", "o 3", "o 2", "o 1"));
}

TEST_F(HistoryTest, ReadsAllAccountsThatAreInUseAlsoSilentOnes) {
  Record({MakeOrder("beta", "1", 10, 5), MakeOrder("acme", "1", 11, 6)});
  Account quiet = testing::MakeAccount("quiet", "USD");
  quiet.content.declared_annual_spend = 100;
  quiet.content.marketing_budget = 0;
  Account acme = testing::MakeAccount("acme");
  acme.delete_time = acme.update_time;
  ASSERT_TRUE(store_
                  ->Transact({},
                             [&](Transaction& tx) -> absl::Status {
                               KAM_RETURN_IF_ERROR(
                                   UpdateAccount(tx, quiet, ChangeKind::kAccountUpdated));
                               return UpdateAccount(tx, acme, ChangeKind::kAccountDeleted);
                             })
                  .ok());
  const AccountHistory expected_quiet{"quiet", "USD", 100, 0, {}};
  for (const auto known_at : {std::optional<absl::Time>(), std::optional<absl::Time>(Now())}) {
    const std::vector<AccountHistory> all = Read(std::nullopt, kEver, known_at);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].account_id, "beta");
    EXPECT_THAT(all[0].days, ElementsAre(DayTotals{10, 1, 1, 5, 5}));
    EXPECT_EQ(all[1], expected_quiet);
  }
}

TEST_F(HistoryTest, AccountsUnknownThenAreNotRead) {
  const absl::Time before = absl::FromUnixSeconds(999'999'999);
  EXPECT_THAT(Read(std::nullopt, kEver, before), IsEmpty());
}

TEST_F(HistoryTest, TheVisitorEndsTheReading) {
  int visits = 0;
  const absl::Status status = store_->Transact({}, [&](Transaction& tx) {
    return ReadHistories(tx, kEver, std::nullopt, [&](const AccountHistory&) {
      ++visits;
      return absl::CancelledError("enough");
    });
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(visits, 1);
}

TEST_F(HistoryTest, TwoRecordersOfOneMonthLoseNothing) {
  constexpr int kOrders = 40;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kOrders; ++i) {
        const std::string mine = absl::StrCat(t, "-", i);
        // All correct one shared order too.
        const auto result = RecordOrders(*store_,
                                         {MakeOrder("acme", mine, 10 + i % 3, 1),
                                          MakeOrder("acme", "shared", 10 + i % 40, t * 1000 + i)},
                                         /*correct=*/true);
        EXPECT_TRUE(result.ok()) << result.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(database_.Sql("SELECT count(*) FROM orders"), absl::StrCat(4 * kOrders + 1));
  EXPECT_EQ(Versions("shared").size(), static_cast<size_t>(Get("shared")->version));
  EXPECT_EQ(Days("acme"), Read("acme", kEver, Now()).at(0).days);
  int orders = 0;
  for (const DayTotals& day : Days("acme")) orders += day.orders;
  EXPECT_EQ(orders, 4 * kOrders + 1);
}

TEST_F(HistoryTest, ACutSeesAllThatWasKnownAndNothingLaterChangesIt) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> recorders;
  for (int t = 0; t < 2; ++t) {
    recorders.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const auto result = RecordOrders(
            *store_, {MakeOrder(t == 0 ? "acme" : "beta", absl::StrCat(i % 20), i % 50, i)}, true);
        EXPECT_TRUE(result.ok()) << result.status();
      }
    });
  }
  std::vector<std::pair<absl::Time, std::vector<AccountHistory>>> cuts;
  for (int i = 0; i < 10; ++i) {
    absl::SleepFor(absl::Milliseconds(10));
    const absl::Status status =
        store_->ReadAtCut(Deadline::After(absl::Seconds(20)), [&](Snapshot& tx, const Cut& cut) {
          std::vector<AccountHistory> histories;
          absl::Status read = ReadHistories(tx, kEver, cut, [&](AccountHistory history) {
            histories.push_back(std::move(history));
            return absl::OkStatus();
          });
          cuts.emplace_back(cut.known_at, std::move(histories));
          return read;
        });
    EXPECT_TRUE(status.ok()) << status;
  }
  stop = true;
  for (std::thread& recorder : recorders) recorder.join();
  for (const auto& [known_at, histories] : cuts) {
    EXPECT_EQ(Read(std::nullopt, kEver, known_at), histories) << known_at;
  }
}

// PostgreSQL's own counters tell what the statements that the store really runs have read.
class HistoryIndexTest : public HistoryTest {
 protected:
  // A counter of a view of statistics, once the store's sessions have handed in theirs.
  int64_t Counter(const std::string& expression, const std::string& view_where) {
    store_.reset();
    std::string value, before;
    for (int tries = 0; tries < 100; ++tries) {
      absl::SleepFor(absl::Milliseconds(50));
      before = std::exchange(value, database_.Sql(absl::StrCat("SELECT ", expression,
                                                               " FROM pg_stat_user_", view_where)));
      if (tries > 20 && value == before) break;
    }
    return value.empty() ? -1 : std::stoll(value);
  }
};

TEST_F(HistoryIndexTest, APageOfOrdersIsReadByItsIndex) {
  database_.Sql(
      "INSERT INTO orders SELECT 'acme', 'x' || i, 1, 'epoch'::timestamptz + i * interval '1 h',"
      " 1, 1, 1, 2, '', '', now() FROM generate_series(1, 30000) AS i; ANALYZE orders");
  database_.Sql("SELECT pg_stat_reset()");
  store_ = database_.Open();
  for (int i = 0; i < 12; ++i) {
    const auto page = TransactFor<Page<Order>>(*store_, {}, [&](Transaction& tx) {
      return ListOrders(tx, "acme", {.size = 10, .after = "{\"90000000000000\",\"x\"}"});
    });
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->items.size(), 10u);
  }
  EXPECT_LT(Counter("idx_tup_read", "indexes WHERE indexrelname = 'orders_order_time'"), 12 * 30);
  EXPECT_EQ(Counter("seq_scan", "tables WHERE relname = 'orders'"), 0);
}

TEST_F(HistoryIndexTest, RecordingsFindOrdersByTheirKeysWhateverTheStatisticsSay) {
  constexpr int kBatches = 6;
  constexpr int kBatch = 2000;
  database_.Sql("ANALYZE; SELECT pg_stat_reset()");  // of tables that are empty
  store_ = database_.Open(1);
  // Often enough that plans could be kept.
  for (int i = 0; i < 12; ++i) Record({MakeOrder("acme", absl::StrCat("one", i), 1, 1)});
  std::vector<Order> batch;
  for (int i = 0; i < kBatches; ++i) {
    batch.clear();
    for (int row = 0; row < kBatch; ++row) {
      batch.push_back(MakeOrder("acme", absl::StrCat("b", i, "-", row), 1, 1));
    }
    ASSERT_EQ(Record(batch).size(), static_cast<size_t>(kBatch));
  }
  for (Order& order : batch) order.content.net_amount = 2;
  ASSERT_EQ(Record(batch, /*correct=*/true).size(), static_cast<size_t>(kBatch));
  EXPECT_EQ(Counter("idx_tup_read", "indexes WHERE indexrelname = 'orders_order_time'"), 0);
  // Of what is read whole there is no more than a few times the batches.
  EXPECT_LT(Counter("seq_tup_read + idx_tup_fetch", "tables WHERE relname = 'orders'"),
            6 * kBatches * kBatch);
}

}  // namespace
}  // namespace kam::store
