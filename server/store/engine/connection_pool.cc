#include "store/engine/connection_pool.h"

#include <functional>
#include <thread>
#include <utility>

namespace kam::store {
namespace {

// After a failed attempt to connect, others fail without one for this long, so that callers are
// answered at once also when connecting itself is slow to fail.
constexpr absl::Duration kDownTime = absl::Milliseconds(100);
// Beyond its deadline a statement is ended by the server; this much later it is cut by us.
constexpr absl::Duration kGrace = absl::Seconds(1);
constexpr absl::Duration kLogInterval = absl::Seconds(10);
// What a round of requests to cancel may take before connections are cut instead.
constexpr absl::Duration kCancelTime = absl::Seconds(1);
constexpr absl::Duration kWatchPeriod = absl::Milliseconds(250);

}  // namespace

ConnectionPool::Lease::Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}

ConnectionPool::Lease::~Lease() {
  if (connection_ == nullptr) return;
  // Nobody is handed a connection in the middle of somebody else's transaction.
  if (connection_->transaction_status() != PQTRANS_IDLE) {
    if (!connection_->RunScript("ROLLBACK").ok() ||
        connection_->transaction_status() != PQTRANS_IDLE) {
      Discard();
      return;
    }
  }
  pool_->GiveBack(std::move(connection_));
}

void ConnectionPool::Lease::Discard() {
  const std::lock_guard<std::mutex> lock(pool_->mutex_);
  pool_->leased_.erase(connection_.get());
  connection_.reset();
  --pool_->open_;
  pool_->freed_.notify_one();
}

ConnectionPool::ConnectionPool(std::string conninfo, int size, LogLine log)
    : conninfo_(std::move(conninfo)),
      size_(size),
      log_(std::move(log)),
      watcher_([this] { Watch(); }) {}

ConnectionPool::~ConnectionPool() {
  stopping_.Raise();
  watcher_.join();
}

absl::StatusOr<ConnectionPool::Lease> ConnectionPool::Acquire(Deadline deadline) {
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto free = [this] { return cancelled_ || !idle_.empty() || open_ < size_; };
    if (!freed_.wait_until(lock, deadline.at(), free)) return DeadlineExceeded();
    if (cancelled_) return ServerEnds();
    connection = TakeIdle();
    if (connection == nullptr) {
      if (!down_until_.passed()) return DatabaseUnavailable();
      ++open_;
    } else {
      leased_[connection.get()] = deadline + kGrace;
    }
  }
  if (connection == nullptr) {
    absl::StatusOr<std::unique_ptr<Connection>> opened = OpenOne();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!opened.ok()) {
      --open_;
      down_until_ = Deadline::After(kDownTime);
      freed_.notify_one();
      return opened.status();
    }
    connection = *std::move(opened);
    leased_[connection.get()] = deadline + kGrace;
  }
  return Lease(*this, std::move(connection));
}

void ConnectionPool::ServerIsUp() {
  const std::lock_guard<std::mutex> lock(mutex_);
  down_until_ = Deadline::After(absl::ZeroDuration());
}

void ConnectionPool::CancelAll() {
  const std::lock_guard<std::mutex> lock(mutex_);
  cancelled_ = true;
  freed_.notify_all();
  if (cancelling_ != nullptr && !*cancelling_) {
    if (!cancelling_hangs_at_.passed()) return;
    // The server does not even take a request to cancel.
    for (const auto& [connection, cut_at] : leased_) connection->Break();
    return;
  }
  // libpq waits for the server's answer for as long as it takes: in a thread of its own, which
  // may outlive all of this.
  std::vector<std::function<void()>> requests;
  for (const auto& [connection, cut_at] : leased_) requests.push_back(connection->Cancel());
  cancelling_ = std::make_shared<std::atomic<bool>>(false);
  cancelling_hangs_at_ = Deadline::After(kCancelTime);
  std::thread([requests = std::move(requests), done = cancelling_] {
    for (const auto& request : requests) request();
    *done = true;
  }).detach();
}

std::unique_ptr<Connection> ConnectionPool::TakeIdle() {
  while (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->LooksAlive()) return connection;
    --open_;
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<Connection>> ConnectionPool::OpenOne() {
  // While the server is away, one line in a while is enough.
  const auto log_seldom = [this](const std::string& line) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!quiet_until_.passed()) return;
    quiet_until_ = Deadline::After(kLogInterval);
    log_(line);
  };
  return Connection::Open(conninfo_, log_, log_seldom);
}

void ConnectionPool::GiveBack(std::unique_ptr<Connection> connection) {
  const std::lock_guard<std::mutex> lock(mutex_);
  leased_.erase(connection.get());
  idle_.push_back(std::move(connection));
  freed_.notify_one();
}

void ConnectionPool::Watch() {
  while (!stopping_.WaitFor(kWatchPeriod)) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [connection, cut_at] : leased_) {
      if (cut_at.passed()) connection->Break();
    }
  }
}

}  // namespace kam::store
