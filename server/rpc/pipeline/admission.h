#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "rpc/pipeline/call.h"
#include "rpc/pipeline/method.h"
#include "rpc/pipeline/worker_pool.h"

namespace kam::rpc {

// Which part of the workers a call may hold, together with others that may have to wait for the
// same thing. Keys and principals share their parts by hash: nothing is kept for each.
class Admission {
 public:
  Admission(int workers, int queue_capacity);

  // The share that the calls of one method have.
  std::unique_ptr<Share> ForMethod() const;
  // The part of it for calls that left their group: they wait for what others hold.
  std::unique_ptr<Share> ForCallsApart() const;
  // What a call is let in with; `key` is what it may wait for a lock on, or empty.
  Ticket TicketFor(const Method& method, const Call& call, absl::string_view key);
  // What a group of calls of one method is let in with.
  Ticket GroupTicket(const Method& method);

 private:
  const int workers_;
  const int queue_capacity_;
  Share writers_;
  Share slow_reads_;
  std::vector<std::unique_ptr<Share>> keys_;
  std::vector<std::unique_ptr<Share>> principals_;
};

// How many rows all uploads together hold in memory. Thread-safe.
class RowBudget {
 public:
  explicit RowBudget(int64_t limit) : limit_(limit) {}

  // False, and nothing taken, when it is used up.
  bool Take(int64_t rows) {
    if (held_.fetch_add(rows) + rows <= limit_) return true;
    held_ -= rows;
    return false;
  }
  void GiveBack(int64_t rows) { held_ -= rows; }

 private:
  const int64_t limit_;
  std::atomic<int64_t> held_ = 0;
};

}  // namespace kam::rpc
