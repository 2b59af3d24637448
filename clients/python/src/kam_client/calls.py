"""What happens around every call: deadline, request id, retries, typed errors."""

from __future__ import annotations

import collections
import json
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import grpc
from google.longrunning import operations_pb2
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from kam.v1 import (
    account_service_pb2,
    allocation_service_pb2,
    benefit_service_pb2,
    criteria_service_pb2,
    history_service_pb2,
    options_pb2,
    usage_service_pb2,
)

from kam_client.errors import KamError

_CONTRACT = (
    account_service_pb2,
    allocation_service_pb2,
    benefit_service_pb2,
    criteria_service_pb2,
    history_service_pb2,
    usage_service_pb2,
)
# gRPC itself tries again at once and with growing pauses; it allows at most five attempts.
_RETRY_POLICY = {
    "maxAttempts": 5,
    "initialBackoff": "0.1s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
# The server did nothing and says so: RESOURCE_EXHAUSTED before any work, ABORTED by a conflict.
_REPEATABLE_REASONS = {"OVERLOADED", "CONFLICT"}
_REPEATS = 4


def service_config() -> str:
    """Retries of every method that may be repeated: those the contract declares idempotent, and
    those with a `request_id`, which the interceptor below always fills in."""
    names = []
    for file in _CONTRACT:
        for service in file.DESCRIPTOR.services_by_name.values():
            names += [{"service": service.full_name, "method": m} for m in _repeatable(service)]
    for method in ("GetOperation", "ListOperations", "WaitOperation", "CancelOperation"):
        service = operations_pb2.DESCRIPTOR.services_by_name["Operations"].full_name
        names.append({"service": service, "method": method})
    return json.dumps({"methodConfig": [{"name": names, "retryPolicy": _RETRY_POLICY}]})


def _repeatable(service: ServiceDescriptor) -> Iterable[str]:
    for method in service.methods:
        if method.client_streaming:
            continue  # imports.py sends those again
        idempotent = method.GetOptions().Extensions[options_pb2.policy].idempotent
        if idempotent or "request_id" in method.input_type.fields_by_name:
            yield method.name


class _Details(
    collections.namedtuple(
        "_Details",
        ("method", "timeout", "metadata", "credentials", "wait_for_ready", "compression"),
    ),
    grpc.ClientCallDetails,
):
    """A call's details that can be made anew."""


class _Outcome:
    """A finished or running call whose `result` raises KamError."""

    def __init__(self, call: Any, repeat: Callable[[], Any] | None) -> None:
        self._call = call
        self._repeat = repeat

    def result(self, timeout: float | None = None) -> Any:
        for pause in (0.05 * 2**n for n in range(_REPEATS)):
            try:
                return self._call.result(timeout)
            except grpc.RpcError as error:
                failure = KamError.from_rpc_error(error)
                if self._repeat is None or failure.reason not in _REPEATABLE_REASONS:
                    raise failure from None
            asked = failure.retry_after.total_seconds() if failure.retry_after else 0.0
            time.sleep(max(pause, asked))
            self._call = self._repeat()
        try:
            return self._call.result(timeout)
        except grpc.RpcError as error:
            raise KamError.from_rpc_error(error) from None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)


class CallInterceptor(grpc.UnaryUnaryClientInterceptor, grpc.StreamUnaryClientInterceptor):
    """Gives every call a deadline and every mutation a request id, and types its errors."""

    def __init__(self, timeout: float, *, repeat: bool) -> None:
        self._timeout = timeout
        self._repeat = repeat

    def intercept_unary_unary(self, continuation, client_call_details, request):
        details = self._with_deadline(client_call_details)
        request = _with_request_id(request)

        def call() -> Any:
            return continuation(details, request)

        return _Outcome(call(), call if self._repeat else None)

    def intercept_stream_unary(self, continuation, client_call_details, request_iterator):
        details = self._with_deadline(client_call_details)
        return _Outcome(continuation(details, request_iterator), None)

    def _with_deadline(self, details: grpc.ClientCallDetails) -> _Details:
        return _Details(
            method=details.method,
            timeout=self._timeout if details.timeout is None else details.timeout,
            metadata=details.metadata,
            credentials=details.credentials,
            wait_for_ready=details.wait_for_ready,
            compression=details.compression,
        )


def _with_request_id(request: Message) -> Message:
    """A copy with a new request id when the request has room for one and none is set: one logical
    call keeps its id over all attempts, and the caller's message stays as it is."""
    if "request_id" not in request.DESCRIPTOR.fields_by_name or request.request_id:
        return request
    copy = type(request)()
    copy.CopyFrom(request)
    copy.request_id = str(uuid.uuid4())
    return copy
