#include "rpc/pipeline/upload_reactor.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "model/error.h"
#include "rpc/contract/field_rules.h"
#include "rpc/pipeline/call_errors.h"
#include "rpc/pipeline/wire.h"
#include "store/calls/audit.h"

namespace kam::rpc {
namespace {

absl::Status CallerGone() { return Cancelled("the caller went away"); }

}  // namespace

UploadReactor::UploadReactor(Pipeline& pipeline, const Method& method, const UploadHandler& handler,
                             grpc::CallbackServerContext& context, grpc::ByteBuffer& response)
    : pipeline_(pipeline),
      context_(context),
      response_(response),
      state_(method),
      message_(method.request->New()) {
  const absl::Status status = pipeline_.Begin(context, state_);
  if (!status.ok()) {
    Answer(status);
    return;
  }
  upload_ = handler(state_.call);
  CancelAtDeadline();
  StartRead(&bytes_);
}

void UploadReactor::CancelAtDeadline() {
  alive_ = std::make_shared<Alive>();
  alive_->context = &context_;
  pipeline_.workers().SubmitAfter(state_.call.deadline.left(), Ticket(), [alive = alive_](bool) {
    const std::lock_guard<std::mutex> lock(alive->mutex);
    if (alive->context != nullptr) alive->context->TryCancel();
  });
}

void UploadReactor::Answer(const absl::Status& status) {
  if (status.ok() || !committed_) {
    Finish(Depart(state_, status));
    return;
  }
  // What an error says was not done is what came after the last batch.
  absl::Status told(status.code(),
                    absl::StrCat("after batches that were committed and stay: ", status.message()));
  status.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& payload) { told.SetPayload(type, payload); });
  Finish(Depart(state_, told));
}

void UploadReactor::OnReadDone(bool ok) {
  if (!ok) {
    // The caller has sent all, or went away: gRPC may tell of the second only later. Something is
    // sent, which fails on a stream that broke off: what is not committed must not be then.
    StartSendInitialMetadata();
    return;
  }
  const absl::Status status = Take();
  if (!status.ok()) {
    Answer(status);
  } else if (upload_->full()) {
    Commit(/*last=*/false);
  } else {
    StartRead(&bytes_);
  }
}

absl::Status UploadReactor::Take() {
  message_->Clear();
  KAM_RETURN_IF_ERROR(Decode(bytes_, *message_));
  Violations violations;
  CheckRequest(*message_, violations);
  KAM_RETURN_IF_ERROR(violations.ToStatus());
  KAM_RETURN_IF_ERROR(upload_->Add(*message_));
  const int64_t more = upload_->held() - counted_;
  if (!pipeline_.upload_rows().Take(more)) return Overloaded();
  counted_ += more;
  return absl::OkStatus();
}

void UploadReactor::OnSendInitialMetadataDone(bool ok) {
  if (!ok) {
    Answer(pipeline_.refusing()            ? ShuttingDown()
           : state_.call.deadline.passed() ? DeadlinePassed()
                                           : CallerGone());
  } else if (const absl::Status status = upload_->Ended(); !status.ok()) {
    Answer(status);
  } else if (upload_->held() > 0) {
    Commit(/*last=*/true);
  } else {
    Close();
  }
}

void UploadReactor::Commit(bool last) {
  const Ticket ticket = pipeline_.admission().TicketFor(state_.method, state_.call, "");
  const bool taken = pipeline_.workers().Submit(ticket, [this, last](bool in_time) {
    if (context_.IsCancelled()) return Answer(CallerGone());
    if (!in_time) return Answer(DeadlinePassed());
    const absl::Status status = CommitOnce();
    if (!status.ok()) return Answer(status);
    if (last) {
      Close();
    } else {
      StartRead(&bytes_);
    }
  });
  if (!taken) Answer(Overloaded());
}

absl::Status UploadReactor::CommitOnce() {
  KAM_RETURN_IF_ERROR(pipeline_.store().Transact(
      {.deadline = state_.call.deadline, .lock_timeout = limits::kLockTimeout},
      [&](store::Transaction& tx) -> absl::Status {
        KAM_ASSIGN_OR_RETURN(std::string detail, upload_->Commit(tx));
        const std::vector<store::AuditEntry> line = {{.principal = state_.call.principal,
                                                      .method = state_.method.path,
                                                      .peer = state_.call.peer,
                                                      .request_id = state_.call.request_id,
                                                      .outcome = "OK",
                                                      .detail = std::move(detail)}};
        return store::AppendAudit(tx, line);
      }));
  upload_->Committed();
  committed_ = true;
  pipeline_.upload_rows().GiveBack(std::exchange(counted_, upload_->held()) - upload_->held());
  return absl::OkStatus();
}

void UploadReactor::Close() {
  message_.reset(state_.method.response->New());
  upload_->Finish(*message_);
  response_ = Encode(*message_);
  Answer(absl::OkStatus());
}

void UploadReactor::OnDone() {
  if (alive_ != nullptr) {
    const std::lock_guard<std::mutex> lock(alive_->mutex);
    alive_->context = nullptr;
  }
  pipeline_.upload_rows().GiveBack(counted_);
  delete this;
}

}  // namespace kam::rpc
