#include "rpc/pipeline/write.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "rpc/pipeline/call_errors.h"
#include "rpc/pipeline/digest.h"
#include "store/calls/requests.h"

namespace kam::rpc {
namespace {

constexpr absl::Duration kOutcomeRetryInterval = absl::Milliseconds(100);

store::RequestClaim ClaimOf(const UnaryCall& call) {
  return {.principal = call.call().principal,
          .method = call.call().method,
          .request_id = call.call().request_id,
          .hash = call.hash};
}

// Whether another transaction may know the call's request id: the caller gave it, or an attempt
// before may have come through.
bool NeedsClaim(const UnaryCall& call) { return call.id_is_callers || call.in_doubt; }

void Prepare(UnaryCall& call) {
  std::string id = call.method().RequestIdOf(call.request());
  call.id_is_callers = !id.empty();
  if (call.id_is_callers) call.state().call.request_id = std::move(id);
  call.hash = Sha256(DeterministicBytes(call.request()));
}

bool IsDryRun(const UnaryCall& call) { return call.method().IsValidateOnly(call.request()); }

Deadline LatestOf(absl::Span<UnaryCall* const> calls) {
  Deadline latest = calls.front()->call().deadline;
  for (const UnaryCall* call : calls) latest = std::max(latest, call->call().deadline);
  return latest;
}

}  // namespace

absl::Status WriteAttempt::Run(absl::Span<UnaryCall* const> calls) {
  const store::TransactOptions options{
      .deadline = LatestOf(calls),
      .lock_timeout = alone_ ? limits::kLockTimeout : limits::kGroupLockTimeout};
  const absl::Status status =
      store_.Transact(options, [&](store::Transaction& tx) { return Body(tx, calls); });
  return nothing_to_keep_ ? absl::OkStatus() : status;
}

absl::Status WriteAttempt::Body(store::Transaction& tx, absl::Span<UnaryCall* const> calls) {
  nothing_to_keep_ = false;
  to_do_.clear();
  busy_.clear();
  for (UnaryCall* call : calls) {
    call->response().Clear();
    call->recorded.clear();
    call->verdict = absl::OkStatus();
    call->undecided = false;
    call->state().replayed = false;
  }
  const bool dry_run = alone_ && IsDryRun(*calls.front());
  if (dry_run) {
    to_do_.assign(calls.begin(), calls.end());
  } else {
    KAM_RETURN_IF_ERROR(Claim(tx, calls));
  }
  if (!to_do_.empty()) KAM_RETURN_IF_ERROR(handler_(tx, to_do_));
  if (alone_ && !calls.front()->verdict.ok()) return calls.front()->verdict;
  if (!dry_run) KAM_RETURN_IF_ERROR(Record(tx));
  nothing_to_keep_ = nothing_to_keep_ || dry_run;
  return nothing_to_keep_ ? absl::CancelledError("rolled back: there is nothing to keep")
                          : absl::OkStatus();
}

absl::Status WriteAttempt::Claim(store::Transaction& tx, absl::Span<UnaryCall* const> calls) {
  std::vector<UnaryCall*> claiming;
  std::vector<store::RequestClaim> claims;
  for (UnaryCall* call : calls) {
    if (!NeedsClaim(*call)) continue;
    claiming.push_back(call);
    claims.push_back(ClaimOf(*call));
  }
  KAM_ASSIGN_OR_RETURN(std::vector<store::ClaimOutcome> outcomes,
                       store::ClaimRequests(tx, claims, /*wait=*/alone_));
  claimed_ = true;
  std::set<UnaryCall*> settled;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    UnaryCall& call = *claiming[i];
    store::ClaimOutcome& outcome = outcomes[i];
    if (outcome.state == store::ClaimOutcome::State::kClaimed) continue;
    settled.insert(&call);
    if (outcome.state == store::ClaimOutcome::State::kBusy) {
      if (alone_) call.verdict = ClaimHeld();
      busy_.push_back(&call);
    } else if (outcome.request_hash != call.hash) {
      call.verdict = RequestIdReused(call.call().request_id);
    } else if (!call.response().ParseFromString(outcome.response)) {
      call.verdict = Internal("a recorded response does not parse");
    } else {
      call.state().replayed = true;
    }
  }
  for (UnaryCall* call : calls) {
    if (!settled.contains(call)) to_do_.push_back(call);
  }
  return absl::OkStatus();
}

absl::Status WriteAttempt::Record(store::Transaction& tx) {
  std::vector<store::AnsweredCall> answered;
  std::vector<store::RequestClaim> refused;
  for (UnaryCall* call : to_do_) {
    if (call->undecided) busy_.push_back(call);
    if (call->verdict.ok() && !call->undecided) {
      call->recorded = call->response().SerializeAsString();
      answered.push_back(
          {.claim = ClaimOf(*call),
           .response = call->recorded,
           .peer = call->call().peer,
           .resource = call->method().ResourceOf(call->request(), call->response())});
    } else if (NeedsClaim(*call)) {
      refused.push_back(ClaimOf(*call));
    }
  }
  nothing_to_keep_ = answered.empty();
  if (nothing_to_keep_) return absl::OkStatus();
  KAM_RETURN_IF_ERROR(store::ReleaseClaims(tx, refused));
  return store::RecordCalls(tx, answered);
}

void WriteShape::Run(UnaryCallPtr call) {
  Prepare(*call);
  Alone(std::move(call));
}

void WriteShape::Alone(UnaryCallPtr call) {
  pipeline_.Admit(std::move(call), [this](UnaryCallPtr admitted) { Perform(std::move(admitted)); });
}

void WriteShape::Perform(UnaryCallPtr call) {
  WriteAttempt attempt(pipeline_.store(), handler_, /*alone=*/true);
  UnaryCall* const one = call.get();
  absl::Status status = attempt.Run({&one, 1});
  if (status.ok()) status = call->verdict;
  // The connection broke while committing. Claiming the request again waits for that commit and
  // answers what became of it; nothing is guessed. An attempt that does not come so far, because
  // the database is still away, says nothing about the one before.
  call->in_doubt = HasReason(status, ErrorReason::kOutcomeUnknown) ||
                   (call->in_doubt && !attempt.claimed() && !status.ok());
  if (call->in_doubt) {
    LookAgain(std::move(call));
  } else {
    call->Answer(status);
  }
}

void WriteShape::LookAgain(UnaryCallPtr call) {
  const bool time_left = kOutcomeRetryInterval < call->call().deadline.left();
  if (!time_left || pipeline_.workers().stopping()) {
    return call->Answer(OutcomeUnknown(call->call().request_id));
  }
  const Ticket ticket = pipeline_.admission().TicketFor(call->method(), call->call(),
                                                        call->method().KeyOf(call->request()));
  pipeline_.workers().SubmitAfter(kOutcomeRetryInterval, ticket,
                                  [this, call = std::move(call)](bool in_time) mutable {
                                    if (in_time) return Perform(std::move(call));
                                    call->Answer(OutcomeUnknown(call->call().request_id));
                                  });
}

GroupWriteShape::GroupWriteShape(Pipeline& pipeline, const Method& method, WriteHandler handler)
    : WriteShape(pipeline, std::move(handler)),
      lane_(pipeline, method, pipeline.queue_capacity(), limits::kGroupPatience,
            [this](Lane::Group& group) { Execute(group); }) {}

void GroupWriteShape::Run(UnaryCallPtr call) {
  Prepare(*call);
  bool alone = IsDryRun(*call);
  if (!alone) {
    const absl::string_view key = call->method().KeyOf(call->request());
    const std::lock_guard<std::mutex> lock(mutex_);
    alone = !key.empty() && alone_.contains(key);
  }
  if (alone) {
    Detach(std::move(call));
  } else {
    lane_.Add(std::move(call));
  }
}

void GroupWriteShape::Detach(UnaryCallPtr call) {
  std::string key(call->method().KeyOf(call->request()));
  if (key.empty()) return Alone(std::move(call));
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++alone_[key];
  }
  call->on_answer = [this, key = std::move(key)] { Ended(key); };
  Alone(std::move(call));
}

void GroupWriteShape::Ended(const std::string& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = alone_.find(key);
  if (found != alone_.end() && --found->second <= 0) alone_.erase(found);
}

void GroupWriteShape::Execute(Lane::Group& group) {
  // Of two calls under one id the second waits for the first, alone.
  std::set<std::pair<absl::string_view, absl::string_view>> ids;
  std::vector<UnaryCall*> calls;
  std::vector<UnaryCall*> apart;
  for (const UnaryCallPtr& call : group) {
    const bool first = ids.insert({call->call().principal, call->call().request_id}).second;
    (first ? calls : apart).push_back(call.get());
  }
  WriteAttempt attempt(pipeline_.store(), handler_, /*alone=*/false);
  const absl::Status status = attempt.Run(calls);
  if (status.ok()) {
    apart.insert(apart.end(), attempt.busy().begin(), attempt.busy().end());
  } else {
    apart.insert(apart.end(), calls.begin(), calls.end());
    const bool unknown = HasReason(status, ErrorReason::kOutcomeUnknown);
    for (UnaryCall* call : calls) call->in_doubt = call->in_doubt || unknown;
  }
  const std::set<UnaryCall*> detached(apart.begin(), apart.end());
  for (UnaryCallPtr& call : group) {
    if (detached.contains(call.get())) Detach(std::move(call));
  }
}

}  // namespace kam::rpc
