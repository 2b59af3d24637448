#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "base/deadline.h"
#include "base/signal.h"
#include "store/engine/connection.h"

namespace kam::store {

// Up to `size` connections, opened when they are needed and kept. Thread-safe. (SOCI's own pool
// waits for ever, and its connections stay dead after a restart of the server.)
class ConnectionPool {
 public:
  // A connection for one transaction. Gives it back at the end: rolled back if a transaction was
  // left open, thrown away if it broke.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection);
    Lease(Lease&& other) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }
    bool held() const { return connection_ != nullptr; }
    // Closes the connection instead of giving it back.
    void Discard();

   private:
    ConnectionPool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  // `conninfo` is libpq's, complete with a connect_timeout.
  ConnectionPool(std::string conninfo, int size, LogLine log);
  // Every lease must have ended.
  ~ConnectionPool();

  // A live connection; waits for one until `deadline`, and cuts it if it is still used some time
  // after. DEADLINE_EXCEEDED; UNAVAILABLE at once while the server cannot be reached.
  absl::StatusOr<Lease> Acquire(Deadline deadline);

  // The server was reached just now by other means: connect again at once.
  void ServerIsUp();
  // Cancels the statements under way and hands out no connection any more: UNAVAILABLE
  // (kShuttingDown) for all. For the end of the process; may be repeated.
  void CancelAll();

 private:
  std::unique_ptr<Connection> TakeIdle();  // under the mutex
  absl::StatusOr<std::unique_ptr<Connection>> OpenOne();
  void GiveBack(std::unique_ptr<Connection> connection);
  // Cuts connections whose server answers no more: libpq itself would wait for ever.
  void Watch();

  const std::string conninfo_;
  const int size_;
  const LogLine log_;

  // A standard mutex: its waits can follow the monotonic clock.
  std::mutex mutex_;  // guards all below but the watcher
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;      // last used at the end
  int open_ = 0;                                       // idle, leased and just opening
  absl::flat_hash_map<Connection*, Deadline> leased_;  // cut when
  Deadline down_until_ = Deadline::After(absl::ZeroDuration());
  bool cancelled_ = false;
  std::shared_ptr<std::atomic<bool>> cancelling_;  // whether the last round of requests has ended
  Deadline cancelling_hangs_at_ = Deadline::After(absl::ZeroDuration());
  Deadline quiet_until_ = Deadline::After(absl::ZeroDuration());
  Signal stopping_;
  std::thread watcher_;
};

}  // namespace kam::store
