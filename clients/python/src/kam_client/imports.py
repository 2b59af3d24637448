"""Orders by the thousand."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import grpc
from kam.v1 import history_service_pb2, history_service_pb2_grpc, order_pb2, receipt_pb2

from kam_client.errors import KamError

LARGEST_BATCH = 1000  # of the contract
_RESENDS = 5


@dataclass(frozen=True)
class ImportProgress:
    """How far an import is: rows handed to the connection, and the seconds since it began."""

    sent: int
    seconds: float


def import_orders(
    stub: history_service_pb2_grpc.HistoryServiceStub,
    orders: Iterable[order_pb2.Order],
    *,
    allow_partial: bool = False,
    correct: bool = False,
    batch_rows: int = LARGEST_BATCH,
    timeout: float = 600.0,
    progress: Callable[[ImportProgress], None] | None = None,
) -> receipt_pb2.Receipt:
    """Streams orders to the server and answers what became of them.

    Without `allow_partial` everything is recorded or nothing (at most 200,000 rows); with it the
    good rows are recorded in batches and the others listed in the receipt. Recording the same
    orders again is a no-op, so a stream cut off by UNAVAILABLE is sent again – when `orders` is a
    list or another collection; an iterator cannot be read twice, and the error is raised.
    """
    if not 1 <= batch_rows <= LARGEST_BATCH:
        raise ValueError(f"batch_rows must be 1 to {LARGEST_BATCH}")
    options = history_service_pb2.ImportOrdersRequest.Options(
        allow_partial=allow_partial, correct=correct, counted=True
    )
    resends = 0 if isinstance(orders, Iterator) else _RESENDS
    for attempt in itertools.count():
        try:
            requests = _requests(orders, options, batch_rows, progress)
            return stub.ImportOrders(requests, timeout=timeout).receipt
        except KamError as error:
            if error.code != grpc.StatusCode.UNAVAILABLE or attempt >= resends:
                raise
            time.sleep(0.2 * 2**attempt)
    raise AssertionError("unreachable")


def _requests(
    orders: Iterable[order_pb2.Order],
    options: history_service_pb2.ImportOrdersRequest.Options,
    batch_rows: int,
    progress: Callable[[ImportProgress], None] | None,
) -> Iterator[history_service_pb2.ImportOrdersRequest]:
    begin = time.monotonic()
    rows = iter(orders)
    sent = 0
    while batch := list(itertools.islice(rows, batch_rows)):
        request = history_service_pb2.ImportOrdersRequest(orders=batch)
        if sent == 0:
            request.options.CopyFrom(options)
        yield request
        sent += len(batch)
        if progress is not None:
            progress(ImportProgress(sent, time.monotonic() - begin))
    end = history_service_pb2.ImportOrdersRequest(row_count=sent)
    if sent == 0:
        end.options.CopyFrom(options)
    yield end
