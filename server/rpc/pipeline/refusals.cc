#include "rpc/pipeline/refusals.h"

#include <iterator>
#include <string>
#include <utility>

namespace kam::rpc {
namespace {

constexpr absl::Duration kWriteTimeout = absl::Seconds(2);

}  // namespace

void Refusals::Add(const CallState& state, const absl::Status& status) {
  if (!flood_.Tell(state.call.principal, state.method.path, status.code())) return;
  store::AuditEntry entry{.principal = state.call.principal,
                          .method = state.method.path,
                          .peer = state.call.peer,
                          .request_id = state.log_id,
                          .outcome = absl::StatusCodeToString(status.code()),
                          .detail = std::string(status.message())};
  const std::lock_guard<std::mutex> lock(mutex_);
  if (lines_.size() < kMaxHeld) lines_.push_back(std::move(entry));
}

void Refusals::Write() {
  std::vector<store::AuditEntry> lines;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    lines.swap(lines_);
  }
  for (const Flood::HeldBack& held : flood_.Take()) {
    lines.push_back({.principal = held.key.principal,
                     .method = held.key.method,
                     .outcome = absl::StatusCodeToString(held.key.code),
                     .detail = "more of the same",
                     .calls = held.calls});
  }
  if (lines.empty()) return;
  const absl::Status written =
      store_.Transact({.deadline = Deadline::After(kWriteTimeout)},
                      [&](store::Transaction& tx) { return store::AppendAudit(tx, lines); });
  if (written.ok()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (lines_.size() + lines.size() > kMaxHeld) return;
  lines_.insert(lines_.begin(), std::make_move_iterator(lines.begin()),
                std::make_move_iterator(lines.end()));
}

}  // namespace kam::rpc
