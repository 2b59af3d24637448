#include "rpc/pipeline/pipeline.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "rpc/contract/field_rules.h"
#include "rpc/pipeline/call_errors.h"
#include "rpc/pipeline/wire.h"

namespace kam::rpc {
namespace {

constexpr absl::Duration kTick = absl::Seconds(1);

absl::Status CheckMessage(const google::protobuf::Message& request) {
  Violations violations;
  CheckRequest(request, violations);
  return violations.ToStatus();
}

}  // namespace

Pipeline::Pipeline(store::Store& store, PipelineOptions options, const Authenticator& authenticator,
                   const Clock& clock, CallObserver& observer)
    : store_(store),
      authenticator_(authenticator),
      clock_(clock),
      observer_(observer),
      queue_capacity_(options.queue_capacity),
      admission_(options.workers, options.queue_capacity),
      upload_rows_(limits::kMaxRowsHeld),
      refusals_(store),
      workers_(options.workers, options.queue_capacity) {
  workers_.SubmitAfter(kTick, {}, [this](bool) { EverySecond(); });
}

Pipeline::~Pipeline() = default;

absl::StatusOr<const Method*> Pipeline::Add(absl::string_view service, absl::string_view method) {
  const std::string name = absl::StrCat(service, ".", method);
  const google::protobuf::MethodDescriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
  if (descriptor == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(name, " is not in the contract"));
  }
  KAM_ASSIGN_OR_RETURN(std::unique_ptr<Method> made, MakeMethod(*descriptor));
  made->share = admission_.ForMethod();
  made->observer = observer_.Observe(made->path, made->type);
  return methods_.emplace_back(std::move(made)).get();
}

const Method& Pipeline::Grouped(const Method& method) {
  for (const std::unique_ptr<Method>& known : methods_) {
    if (known.get() == &method) known->apart = admission_.ForCallsApart();
  }
  return method;
}

Shape& Pipeline::Keep(std::unique_ptr<Shape> shape) {
  return *shapes_.emplace_back(std::move(shape));
}

absl::Status Pipeline::Begin(const grpc::CallbackServerContext& context, CallState& state) {
  state.under_way = UnderWay(under_way_);
  absl::Status status = Arrive(context, authenticator_, clock_, state);
  if (refusing_) return ShuttingDown();
  if (!status.ok() && state.method.writes) refusals_.Add(state, status);
  return status;
}

grpc::ServerUnaryReactor* Pipeline::Serve(const Method& method, Shape& shape,
                                          grpc::CallbackServerContext& context,
                                          const grpc::ByteBuffer& request,
                                          grpc::ByteBuffer& response) {
  auto call = std::make_unique<UnaryCall>(method, context, response);
  grpc::ServerUnaryReactor* const reactor = &call->reactor();
  absl::Status status = Begin(context, call->state());
  if (status.ok()) status = Decode(request, call->mutable_request());
  if (status.ok()) status = CheckMessage(call->request());
  if (status.ok()) {
    shape.Run(std::move(call));
  } else {
    call->Answer(status);
  }
  return reactor;
}

void Pipeline::Admit(UnaryCallPtr call, absl::AnyInvocable<void(UnaryCallPtr)> run) {
  UnaryCall* const admitted = call.release();
  const Ticket ticket = admission_.TicketFor(admitted->method(), admitted->call(),
                                             admitted->method().KeyOf(admitted->request()));
  const bool taken =
      workers_.Submit(ticket, [admitted, run = std::move(run)](bool in_time) mutable {
        UnaryCallPtr call(admitted);
        if (!in_time || call->cancelled()) {
          call->Answer(call->in_doubt ? OutcomeUnknown(call->call().request_id) : DeadlinePassed());
        } else {
          run(std::move(call));
        }
      });
  if (taken) return;
  const UnaryCallPtr shed(admitted);
  shed->Answer(shed->in_doubt ? OutcomeUnknown(shed->call().request_id) : Overloaded());
}

void Pipeline::EverySecond() {
  refusals_.Write();
  observer_.Tick();
  if (workers_.stopping()) return;
  workers_.SubmitAfter(kTick, {}, [this](bool) { EverySecond(); });
}

}  // namespace kam::rpc
