#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "store/postgres/connection.h"

namespace kam::store::postgres {

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
  absl::StatusOr<Lease> Acquire(absl::Time deadline);

 private:
  std::unique_ptr<Connection> TakeIdle() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::unique_ptr<Connection>> OpenOne();
  void GiveBack(std::unique_ptr<Connection> connection);
  // Cuts connections whose server answers no more: libpq itself would wait for ever.
  void Watch();

  const std::string conninfo_;
  const int size_;
  const LogLine log_;

  absl::Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);  // last used at the end
  int open_ ABSL_GUARDED_BY(mutex_) = 0;  // idle, leased and just opening
  absl::flat_hash_map<Connection*, absl::Time> leased_ ABSL_GUARDED_BY(mutex_);  // cut when
  absl::Time down_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Time quiet_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread watcher_;
};

}  // namespace kam::store::postgres
