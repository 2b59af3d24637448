"""Long-running operations."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import grpc
from google.longrunning import operations_pb2, operations_pb2_grpc
from google.protobuf import duration_pb2
from google.protobuf.message import Message
from kam.v1 import operation_metadata_pb2

from kam_client.errors import KamError

Result = TypeVar("Result", bound=Message)
Progress = Callable[[operation_metadata_pb2.OperationMetadata], None]

# How long the server may be away (restarting) before `wait` gives up.
_PATIENCE_S = 60.0


def wait(
    stub: operations_pb2_grpc.OperationsStub,
    operation: operations_pb2.Operation,
    result: type[Result],
    *,
    timeout: float | None = None,
    progress: Progress | None = None,
    interval: float = 0.5,
) -> Result:
    """Follows an operation to its end and answers its result, a message of the given type.

    `progress` is called with the metadata every `interval` seconds. A failed operation raises its
    KamError, `timeout` seconds without an end raise TimeoutError; the operation then goes on. A
    server that restarts under the operation is waited for.
    """
    end = None if timeout is None else time.monotonic() + timeout
    seen = time.monotonic()
    while not operation.done:
        left = interval if end is None else min(interval, end - time.monotonic())
        if left <= 0:
            raise TimeoutError(f"{operation.name} has not ended after {timeout} s")
        try:
            operation = stub.WaitOperation(
                operations_pb2.WaitOperationRequest(name=operation.name, timeout=_duration(left))
            )
            seen = time.monotonic()
        except KamError as error:
            away = error.code == grpc.StatusCode.UNAVAILABLE
            if not away or time.monotonic() - seen > _PATIENCE_S:
                raise
            time.sleep(min(left, 0.2))
        if progress is not None:
            progress(metadata_of(operation))
    if operation.HasField("error"):
        raise KamError.from_status(operation.error)
    answer = result()
    if not operation.response.Unpack(answer):
        raise TypeError(f"{operation.name} answers {operation.response.type_url}, not {result}")
    return answer


def metadata_of(operation: operations_pb2.Operation) -> operation_metadata_pb2.OperationMetadata:
    """The progress an operation carries."""
    metadata = operation_metadata_pb2.OperationMetadata()
    operation.metadata.Unpack(metadata)
    return metadata


def _duration(seconds: float) -> duration_pb2.Duration:
    duration = duration_pb2.Duration()
    duration.FromNanoseconds(int(seconds * 1e9))
    return duration
