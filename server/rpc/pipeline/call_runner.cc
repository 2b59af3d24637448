#include "rpc/pipeline/call_runner.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "model/error.h"
#include "rpc/contract/field_rules.h"
#include "rpc/contract/method_policy.h"
#include "rpc/contract/status.h"
#include "rpc/pipeline/call_errors.h"
#include "rpc/pipeline/request_view.h"

namespace kam::rpc {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kPollInterval = absl::Milliseconds(50);
constexpr absl::Duration kAnswerMargin = absl::Milliseconds(100);
constexpr absl::Duration kOutcomeRetryInterval = absl::Milliseconds(100);

std::string Metadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  return found == metadata.end() ? "" : std::string(found->second.data(), found->second.size());
}

Deadline DeadlineOf(const grpc::CallbackServerContext& context, absl::Duration longest) {
  return Deadline::After(std::min(absl::FromChrono(context.deadline()) - absl::Now(), longest));
}

}  // namespace

CallRunner::CallRunner(store::Store& store, WorkerPool& workers, const Authenticator& authenticator,
                       const Clock& clock, CallObserver& observer)
    : store_(store),
      workers_(workers),
      authenticator_(authenticator),
      clock_(clock),
      observer_(observer) {}

const BoundMethod& CallRunner::Bind(absl::string_view service, absl::string_view method) {
  const std::string full_name = absl::StrCat(service, ".", method);
  BoundMethod& bound = bound_[full_name];
  bound.path = absl::StrCat("/", service, "/", method);
  const google::protobuf::MethodDescriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(full_name);
  if (descriptor == nullptr) {
    bind_status_.Update(absl::InternalError(absl::StrCat(full_name, " is not in the contract")));
    return bound;
  }
  absl::StatusOr<v1::MethodPolicy> policy = PolicyOf(*descriptor);
  bind_status_.Update(policy.status());
  bind_status_.Update(ValidateRules(*descriptor->input_type()));
  if (policy.ok()) bound.policy = *std::move(policy);
  bound.writes = bound.policy.audit() == v1::AUDIT_LEVEL_WRITE;
  return bound;
}

absl::Status CallRunner::Verify() const {
  KAM_RETURN_IF_ERROR(bind_status_);
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  std::set<const google::protobuf::ServiceDescriptor*> services;
  for (const auto& [name, method] : bound_) {
    services.insert(pool->FindMethodByName(name)->service());
  }
  for (const google::protobuf::ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      if (!bound_.contains(service->method(i)->full_name())) {
        return absl::FailedPreconditionError(
            absl::StrCat(service->method(i)->full_name(), " has no handler"));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CallRunner::Begin(const grpc::CallbackServerContext& context,
                               const BoundMethod& method, absl::string_view type,
                               CallState& state) const {
  const absl::Time now = clock_.Now();
  state.method = &method;
  state.type = type;
  state.start = absl::Now();
  state.log_id = NewTimeOrderedId(now);
  state.trace_parent = Metadata(context, "traceparent");
  state.call.method = method.path;
  state.call.peer = context.peer();
  state.call.now = now;
  state.call.deadline = DeadlineOf(
      context, type == "unary" ? limits::kDefaultCallTimeout : limits::kDefaultStreamTimeout);
  observer_.Started(method.path, type);
  if (refusing_) return ShuttingDown();
  KAM_ASSIGN_OR_RETURN(const Principal principal, authenticator_.Identify(context));
  state.call.principal = principal.name;
  if (!Allows(principal.role, method.policy.permission())) {
    return PermissionDenied(method.policy.permission(), principal);
  }
  return absl::OkStatus();
}

grpc::Status CallRunner::End(const CallState& state, const absl::Status& status) const {
  observer_.Finished({.method = state.method->path,
                      .type = state.type,
                      .principal = state.call.principal,
                      .peer = state.call.peer,
                      .log_id = state.log_id,
                      .trace_parent = state.trace_parent,
                      .status = status,
                      .duration = absl::Now() - state.start,
                      .replayed = state.replayed});
  return ToGrpcStatus(status, state.log_id);
}

// A call being served; lives until it is answered.
struct CallRunner::Unary {
  CallState state;
  grpc::CallbackServerContext* context = nullptr;
  grpc::ServerUnaryReactor* reactor = nullptr;
  const Message* request = nullptr;
  Message* response = nullptr;
  Handler handler;
  std::function<bool(const Message&)> finished;  // empty: once is enough
  Deadline answer_by;                            // for calls that wait
};

grpc::ServerUnaryReactor* CallRunner::Run(grpc::CallbackServerContext& context,
                                          const BoundMethod& method, const Message& request,
                                          Message& response, Handler handler) {
  return RunUntil(context, method, request, response, absl::ZeroDuration(), std::move(handler),
                  nullptr);
}

grpc::ServerUnaryReactor* CallRunner::RunUntil(grpc::CallbackServerContext& context,
                                               const BoundMethod& method, const Message& request,
                                               Message& response, absl::Duration timeout,
                                               Handler handler,
                                               std::function<bool(const Message&)> finished) {
  auto unary = std::make_shared<Unary>();
  unary->context = &context;
  unary->reactor = context.DefaultReactor();
  unary->request = &request;
  unary->response = &response;
  unary->handler = std::move(handler);
  unary->finished = std::move(finished);
  grpc::ServerUnaryReactor* reactor = unary->reactor;

  absl::Status status = Begin(context, method, "unary", unary->state);
  if (!status.ok()) {
    AuditRefusal(unary->state, status);
    reactor->Finish(End(unary->state, status));
    return reactor;
  }
  Violations violations;
  CheckRequest(request, violations);
  status = violations.ToStatus();
  if (status.ok()) {
    unary->state.call.request_id = StringField(request, "request_id");
    if (unary->state.call.request_id.empty()) {
      unary->state.call.request_id = unary->state.log_id;
    }
    unary->answer_by =
        Earlier(Deadline::After(timeout), unary->state.call.deadline + -kAnswerMargin);
    if (!workers_.Submit([this, unary] { Attempt(unary); })) status = Overloaded();
  }
  if (!status.ok()) reactor->Finish(End(unary->state, status));
  return reactor;
}

void CallRunner::Attempt(std::shared_ptr<Unary> unary) {
  CallState& state = unary->state;
  absl::Status status;
  if (state.call.deadline.passed() || unary->context->IsCancelled()) {
    status = DeadlinePassed();
  } else {
    status = Perform(state, *unary->request, *unary->response, unary->handler);
  }
  if (status.ok() && unary->finished != nullptr && !unary->finished(*unary->response) &&
      !unary->answer_by.passed() && !unary->context->IsCancelled()) {
    workers_.SubmitAfter(kPollInterval, [this, unary] { Attempt(unary); });
    return;
  }
  unary->reactor->Finish(End(state, status));
}

absl::Status CallRunner::Perform(CallState& state, const Message& request, Message& response,
                                 const Handler& handler) {
  if (state.method->writes) return Write(state, request, response, handler);
  // A read sees one snapshot, whatever it reads.
  const store::TransactOptions options{.isolation = store::Isolation::kRepeatableRead,
                                       .read_only = true,
                                       .deadline = state.call.deadline};
  return store_.Transact(options, [&](store::Transaction& tx) {
    response.Clear();
    return handler(state.call, tx, request, response);
  });
}

absl::Status CallRunner::Write(CallState& state, const Message& request, Message& response,
                               const Handler& handler) {
  const std::string hash = HashOf(request);
  bool unknown = false;  // whether an attempt before may have been committed
  while (true) {
    bool claimed = false;
    absl::Status status = WriteOnce(state, hash, request, response, handler, claimed);
    // The connection broke while committing. Claiming the request again waits for that commit and
    // answers what became of it; nothing is guessed. An attempt that does not come so far, because
    // the database is still away, says nothing about the one before.
    unknown =
        HasReason(status, ErrorReason::kOutcomeUnknown) || (unknown && !claimed && !status.ok());
    if (!unknown) return status;
    if (kOutcomeRetryInterval >= state.call.deadline.left()) {
      return OutcomeUnknown(state.call.request_id);
    }
    absl::SleepFor(kOutcomeRetryInterval);
  }
}

absl::Status CallRunner::WriteOnce(CallState& state, absl::string_view hash, const Message& request,
                                   Message& response, const Handler& handler, bool& claimed) {
  const Call& call = state.call;
  const bool validate_only = IsValidateOnly(request);
  bool validated = false;
  const absl::Status status =
      store_.Transact({.deadline = call.deadline}, [&](store::Transaction& tx) -> absl::Status {
        response.Clear();
        state.replayed = false;
        validated = false;
        if (validate_only) {
          KAM_RETURN_IF_ERROR(handler(call, tx, request, response));
          validated = true;
          return absl::CancelledError("validated; nothing is kept");  // rolls back
        }
        KAM_ASSIGN_OR_RETURN(
            const std::optional<store::RecordedCall> recorded,
            tx.calls().ClaimRequest(call.principal, call.method, call.request_id, hash));
        claimed = true;  // stays so: whoever had claimed it before has ended
        if (recorded) {
          if (recorded->request_hash != hash) return RequestIdReused(call.request_id);
          if (!response.ParseFromString(recorded->response)) {
            return Internal("a recorded response does not parse");
          }
          state.replayed = true;
          return absl::OkStatus();
        }
        KAM_RETURN_IF_ERROR(handler(call, tx, request, response));
        KAM_RETURN_IF_ERROR(tx.calls().RecordResponse(call.principal, call.method, call.request_id,
                                                      response.SerializeAsString()));
        return tx.calls().Audit({.principal = call.principal,
                                 .method = call.method,
                                 .peer = call.peer,
                                 .request_id = call.request_id,
                                 .resource = ResourceOf(request, response),
                                 .outcome = "OK"});
      });
  return validated ? absl::OkStatus() : status;
}

void CallRunner::AuditRefusal(const CallState& state, const absl::Status& status) {
  if (!state.method->writes) return;
  store::AuditEntry entry{.principal = state.call.principal,
                          .method = state.call.method,
                          .peer = state.call.peer,
                          .request_id = state.log_id,
                          .outcome = absl::StatusCodeToString(status.code()),
                          .detail = std::string(status.message())};
  // In the background: the refusal itself does not wait for the database, and a full queue must not
  // turn it into another answer. The log line has it in any case.
  workers_.Submit([this, entry = std::move(entry), deadline = state.call.deadline] {
    store_
        .Transact({.deadline = deadline},
                  [&](store::Transaction& tx) { return tx.calls().Audit(entry); })
        .IgnoreError();
  });
}

}  // namespace kam::rpc
