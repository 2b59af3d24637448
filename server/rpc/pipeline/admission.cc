#include "rpc/pipeline/admission.h"

#include <algorithm>

#include "absl/hash/hash.h"

namespace kam::rpc {
namespace {

constexpr int kKeyShares = 1024;
constexpr int kPrincipalShares = 256;

// Reads of a method that usually takes longer share one part of the workers.
constexpr absl::Duration kSlowRead = absl::Milliseconds(20);

// Parts of the workers: a quarter for a key, for calls of a method that left their groups and for
// all slow reads together, three quarters for a method and for all writers, seven eighths for a
// principal; always one.
int Part(int workers, int eighths) { return std::max(1, workers * eighths / 8); }

template <typename Text>
Share* Pick(const std::vector<std::unique_ptr<Share>>& shares, const Text& text) {
  return shares[absl::HashOf(absl::string_view(text)) % shares.size()].get();
}

}  // namespace

Admission::Admission(int workers, int queue_capacity)
    : workers_(workers),
      queue_capacity_(queue_capacity),
      writers_(Part(workers, 6), Part(queue_capacity, 6)),
      slow_reads_(Part(workers, 2), Part(queue_capacity, 4)) {
  for (int i = 0; i < kKeyShares; ++i) {
    keys_.push_back(std::make_unique<Share>(Part(workers, 2), Part(queue_capacity, 2)));
  }
  for (int i = 0; i < kPrincipalShares; ++i) {
    principals_.push_back(std::make_unique<Share>(Part(workers, 7), Part(queue_capacity, 7)));
  }
}

std::unique_ptr<Share> Admission::ForMethod() const {
  return std::make_unique<Share>(Part(workers_, 6), Part(queue_capacity_, 6));
}

std::unique_ptr<Share> Admission::ForCallsApart() const {
  return std::make_unique<Share>(Part(workers_, 2), Part(queue_capacity_, 4));
}

Ticket Admission::TicketFor(const Method& method, const Call& call, absl::string_view key) {
  // A read waits for no row that somebody writes; what it takes is the database's time.
  const bool may_wait = method.writes && !key.empty();
  const bool slow = !method.writes && method.typical_us > kSlowRead / absl::Microseconds(1);
  return {.deadline = call.deadline,
          .shares = {may_wait ? Pick(keys_, key) : nullptr, method.share.get(), method.apart.get(),
                     Pick(principals_, call.principal),
                     method.writes ? &writers_ : (slow ? &slow_reads_ : nullptr)}};
}

Ticket Admission::GroupTicket(const Method& method) {
  return {.shares = {method.share.get(), method.writes ? &writers_ : nullptr}};
}

}  // namespace kam::rpc
