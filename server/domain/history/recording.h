#pragma once

// Recording orders: what is loaded, what is decided of it in memory, what is saved. The middle part
// asks nothing and knows no clock, so it serves one call or many alike, each seeing what those
// before it did.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "domain/history/orders.h"
#include "model/accounts/account.h"
#include "model/history/account_history.h"
#include "model/history/names.h"
#include "model/history/order.h"
#include "store/accounts/accounts.h"
#include "store/history/orders.h"
#include "store/history/rollups.h"
#include "store/transaction.h"

namespace kam::domain {

// What became of an order.
enum class RecordOutcome { kRecorded, kUnchanged, kCorrected, kDiffers };

// The outcome, with the version that is current afterwards.
struct RecordResult {
  RecordOutcome outcome = RecordOutcome::kRecorded;
  int32_t version = 0;
};

// What recordings are about, as loaded and as decided so far.
class RecordingState {
 public:
  explicit RecordingState(absl::Time record_time) : record_time_(record_time) {}

  // What is loaded.
  void AddAccount(Account account);
  void AddBusy(std::string account_id) { busy_.insert(std::move(account_id)); }
  void AddOrder(Order order);
  void AddMonth(MonthTotals month);

  absl::Time record_time() const { return record_time_; }
  // The account, or null when there is none.
  const Account* FindAccount(const std::string& account_id) const;
  // Whether another transaction holds the account.
  bool IsBusy(const std::string& account_id) const { return busy_.contains(account_id); }

  // Records one order. Content that differs is replaced only with `correct`, else left as it is
  // (kDiffers). A version is never older than the one it replaces. OUT_OF_RANGE (kAmountOverflow),
  // which leaves all as it was.
  absl::StatusOr<RecordResult> Record(const Order& order, bool correct);

  // Takes back what was recorded after `mark`.
  using Mark = size_t;
  Mark mark() const { return made_.size(); }
  void TakeBack(Mark mark);

  // What is to be saved.
  store::OrderWrites Writes() const;
  std::vector<MonthTotals> ChangedMonths() const;

 private:
  struct Versions {
    std::optional<Order> stored;
    std::vector<Order> made;

    const Order* current() const {
      if (!made.empty()) return &made.back();
      return stored ? &*stored : nullptr;
    }
  };
  struct Month {
    std::map<int32_t, DayTotals> days;
    std::vector<DayTotals> loaded;
  };

  // Adds an order to its day (`sign` 1) or takes it off (-1); false when the sum does not fit.
  bool Count(const Order& order, int sign);

  const absl::Time record_time_;
  absl::node_hash_map<std::string, Account> accounts_;
  std::set<std::string> busy_;
  absl::node_hash_map<OrderName, Versions> orders_;
  std::map<store::MonthKey, Month> months_;
  std::vector<Versions*> made_;  // whose versions were made, in order
};

// Reads and locks all that the rows are about, each statement for all of them.
absl::StatusOr<RecordingState> LoadRecording(store::Transaction& tx,
                                             absl::Span<const absl::Span<const OrderRow>> calls,
                                             store::Locked locked);
// Records a call's rows, or answers why it is refused, and then changes nothing.
absl::StatusOr<Receipt> DecideRecording(RecordingState& state, absl::Span<const OrderRow> rows,
                                        const RecordOptions& options);
absl::Status SaveRecording(store::Transaction& tx, const RecordingState& state);

}  // namespace kam::domain
