"""One connection to kam, with a stub for each of its services."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import grpc
from google.longrunning import operations_pb2, operations_pb2_grpc
from google.protobuf.message import Message
from kam.v1 import (
    account_service_pb2_grpc,
    allocation_service_pb2_grpc,
    benefit_service_pb2_grpc,
    criteria_service_pb2_grpc,
    history_service_pb2_grpc,
    order_pb2,
    receipt_pb2,
    usage_service_pb2_grpc,
)

from kam_client import calls, imports, operations

Result = TypeVar("Result", bound=Message)

# A page of a thousand assessments with all their metrics is larger than gRPC's default of 4 MiB.
_LARGEST_ANSWER_BYTES = 64 << 20


class Client:
    """A connection to kam.

    The stubs are the generated ones. Each call has `timeout` seconds unless it is given its own,
    each mutation gets a request id unless it has one, calls that may be repeated are repeated when
    the server is unavailable or overloaded, and every error is a `KamError`.
    """

    accounts: account_service_pb2_grpc.AccountServiceStub
    history: history_service_pb2_grpc.HistoryServiceStub
    criteria: criteria_service_pb2_grpc.CriteriaServiceStub
    benefits: benefit_service_pb2_grpc.BenefitServiceStub
    usage: usage_service_pb2_grpc.UsageServiceStub
    allocation: allocation_service_pb2_grpc.AllocationServiceStub
    operations: operations_pb2_grpc.OperationsStub

    def __init__(
        self,
        target: str,
        credentials: grpc.ChannelCredentials | None = None,
        timeout: float = 30.0,
        *,
        retries: bool = True,
    ) -> None:
        """`target` is `host:port` or another gRPC name; without credentials in plain text."""
        options: list[tuple[str, int | str]] = [
            ("grpc.max_receive_message_length", _LARGEST_ANSWER_BYTES),
            ("grpc.max_metadata_size", 64 << 10),
            ("grpc.enable_retries", int(retries)),
            ("grpc.max_reconnect_backoff_ms", 2000),
        ]
        if retries:
            options.append(("grpc.service_config", calls.service_config()))
        self.channel = (
            grpc.insecure_channel(target, options)
            if credentials is None
            else grpc.secure_channel(target, credentials, options)
        )
        channel = grpc.intercept_channel(
            self.channel, calls.CallInterceptor(timeout, repeat=retries)
        )
        self.accounts = account_service_pb2_grpc.AccountServiceStub(channel)
        self.history = history_service_pb2_grpc.HistoryServiceStub(channel)
        self.criteria = criteria_service_pb2_grpc.CriteriaServiceStub(channel)
        self.benefits = benefit_service_pb2_grpc.BenefitServiceStub(channel)
        self.usage = usage_service_pb2_grpc.UsageServiceStub(channel)
        self.allocation = allocation_service_pb2_grpc.AllocationServiceStub(channel)
        self.operations = operations_pb2_grpc.OperationsStub(channel)

    def wait(
        self,
        operation: operations_pb2.Operation,
        result: type[Result],
        *,
        timeout: float | None = None,
        progress: operations.Progress | None = None,
    ) -> Result:
        """Follows an operation to its end; see `kam_client.wait`."""
        return operations.wait(
            self.operations, operation, result, timeout=timeout, progress=progress
        )

    def import_orders(
        self,
        orders: Iterable[order_pb2.Order],
        *,
        allow_partial: bool = False,
        correct: bool = False,
        timeout: float = 600.0,
        progress: Callable[[imports.ImportProgress], None] | None = None,
    ) -> receipt_pb2.Receipt:
        """Streams orders to the server; see `kam_client.import_orders`."""
        return imports.import_orders(
            self.history,
            orders,
            allow_partial=allow_partial,
            correct=correct,
            timeout=timeout,
            progress=progress,
        )

    def close(self) -> None:
        """Closes the connection; calls under way are cancelled."""
        self.channel.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
