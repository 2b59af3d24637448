"""What the client does around a call, against a server that is told how to behave."""

from concurrent import futures
from datetime import timedelta

import grpc
import pytest
from google.longrunning import operations_pb2, operations_pb2_grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from kam.v1 import (
    account_pb2,
    account_service_pb2,
    account_service_pb2_grpc,
    history_service_pb2,
    history_service_pb2_grpc,
    operation_metadata_pb2,
    order_pb2,
)
from kam_client import Client, KamError, paginate


def _packed(message):
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed


def _status(code: grpc.StatusCode, message: str, *details) -> status_pb2.Status:
    return status_pb2.Status(
        code=code.value[0], message=message, details=[_packed(d) for d in details]
    )


class Scripted(
    account_service_pb2_grpc.AccountServiceServicer,
    history_service_pb2_grpc.HistoryServiceServicer,
    operations_pb2_grpc.OperationsServicer,
):
    """Fails with the statuses it was given, one a call, then answers."""

    def __init__(self):
        self.failures = []
        self.requests = []
        self.deadlines = []
        self.streams = []

    def _meet(self, request, context):
        self.requests.append(request)
        self.deadlines.append(context.time_remaining())
        if self.failures:
            status = self.failures.pop(0)
            context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
            code = next(c for c in grpc.StatusCode if c.value[0] == status.code)
            context.abort(code, status.message)

    def CreateAccount(self, request, context):
        self._meet(request, context)
        return account_pb2.Account(name=f"accounts/{request.account_id}")

    def ListAccounts(self, request, context):
        self._meet(request, context)
        first = int(request.page_token or 0)
        names = [f"accounts/a{n}" for n in range(first, min(first + request.page_size, 5))]
        return account_service_pb2.ListAccountsResponse(
            accounts=[account_pb2.Account(name=name) for name in names],
            next_page_token=str(first + request.page_size) if first + request.page_size < 5 else "",
        )

    def ImportOrders(self, request_iterator, context):
        rows = []
        messages = 0
        for message in request_iterator:
            messages += 1
            rows += message.orders
            self.row_count = message.row_count
            if messages == 1:
                self._meet(message, context)
        self.streams.append((messages, rows))
        response = history_service_pb2.ImportOrdersResponse()
        response.receipt.recorded = len(rows)
        return response

    def WaitOperation(self, request, context):
        self._meet(request, context)
        metadata = operation_metadata_pb2.OperationMetadata(done=len(self.requests), total=3)
        operation = operations_pb2.Operation(name=request.name, metadata=_packed(metadata))
        if metadata.done >= metadata.total:
            operation.done = True
            operation.response.Pack(account_pb2.Account(name="accounts/result"))
        return operation


@pytest.fixture
def scripted():
    return Scripted()


@pytest.fixture
def target(scripted):
    server = grpc.server(futures.ThreadPoolExecutor(4))
    account_service_pb2_grpc.add_AccountServiceServicer_to_server(scripted, server)
    history_service_pb2_grpc.add_HistoryServiceServicer_to_server(scripted, server)
    operations_pb2_grpc.add_OperationsServicer_to_server(scripted, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None)


@pytest.fixture
def client(target):
    with Client(target) as client:
        yield client


def _create(**fields):
    return account_service_pb2.CreateAccountRequest(account_id="acme", **fields)


UNAVAILABLE = _status(
    grpc.StatusCode.UNAVAILABLE,
    "the database cannot be reached",
    error_details_pb2.ErrorInfo(reason="DATABASE_UNAVAILABLE", domain="kam.v1"),
)


def test_all_details_of_an_error_arrive(client, scripted):
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromTimedelta(timedelta(milliseconds=250))
    scripted.failures = [
        _status(
            grpc.StatusCode.FAILED_PRECONDITION,
            "no",
            error_details_pb2.ErrorInfo(reason="PLAN_STALE", metadata={"resource": "x/1"}),
            error_details_pb2.BadRequest(
                field_violations=[
                    error_details_pb2.BadRequest.FieldViolation(field="a.b", description="bad")
                ]
            ),
            error_details_pb2.PreconditionFailure(
                violations=[
                    error_details_pb2.PreconditionFailure.Violation(
                        type="BUDGET", subject="budgets/b", description="changed"
                    )
                ]
            ),
            error_details_pb2.ResourceInfo(resource_name="x/1"),
            retry,
        )
    ]
    with pytest.raises(KamError) as caught:
        client.accounts.CreateAccount(_create())
    error = caught.value
    assert error.code == grpc.StatusCode.FAILED_PRECONDITION
    assert (error.reason, error.metadata) == ("PLAN_STALE", {"resource": "x/1"})
    assert [(v.field, v.description) for v in error.fields] == [("a.b", "bad")]
    assert [v.subject for v in error.preconditions] == ["budgets/b"]
    assert error.resource == "x/1"
    assert error.retry_after == timedelta(milliseconds=250)
    assert "PLAN_STALE" in str(error) and "a.b: bad" in str(error)


def test_an_error_without_details_keeps_its_code():
    with Client("127.0.0.1:1", timeout=5, retries=False) as client:
        with pytest.raises(KamError) as caught:
            client.accounts.CreateAccount(_create())
    assert caught.value.code == grpc.StatusCode.UNAVAILABLE
    assert caught.value.reason == ""


def test_a_mutation_is_repeated_with_one_request_id(client, scripted):
    scripted.failures = [UNAVAILABLE, UNAVAILABLE]
    request = _create()
    client.accounts.CreateAccount(request)
    ids = [r.request_id for r in scripted.requests]
    assert len(ids) == 3 and len(set(ids)) == 1 and ids[0]
    assert request.request_id == "", "the caller's message stays as it was"
    client.accounts.CreateAccount(request)
    assert scripted.requests[-1].request_id != ids[0], "another call has another id"


def test_a_request_id_of_the_caller_is_kept(client, scripted):
    client.accounts.CreateAccount(_create(request_id="mine"))
    assert scripted.requests[0].request_id == "mine"


def test_an_overloaded_server_is_asked_again_after_its_pause(client, scripted):
    info = error_details_pb2.ErrorInfo(reason="OVERLOADED")
    scripted.failures = [_status(grpc.StatusCode.RESOURCE_EXHAUSTED, "later", info)]
    client.accounts.CreateAccount(_create())
    assert len({r.request_id for r in scripted.requests}) == 1 and len(scripted.requests) == 2


def test_a_refusal_is_not_repeated(client, scripted):
    info = error_details_pb2.ErrorInfo(reason="ETAG_MISMATCH")
    scripted.failures = [_status(grpc.StatusCode.ABORTED, "stale", info)] * 2
    with pytest.raises(KamError):
        client.accounts.CreateAccount(_create())
    assert len(scripted.requests) == 1


def test_retries_can_be_turned_off(target, scripted):
    scripted.failures = [UNAVAILABLE]
    with Client(target, retries=False) as client, pytest.raises(KamError) as caught:
        client.accounts.CreateAccount(_create())
    assert caught.value.reason == "DATABASE_UNAVAILABLE"
    assert len(scripted.requests) == 1


def test_every_call_has_a_deadline(client, scripted):
    client.accounts.CreateAccount(_create())
    client.accounts.CreateAccount(_create(), timeout=5)
    assert 25 < scripted.deadlines[0] < 31
    assert 3 < scripted.deadlines[1] < 6


def test_pages_are_joined(client, scripted):
    request = account_service_pb2.ListAccountsRequest()
    names = [a.name for a in paginate(client.accounts.ListAccounts, request, page_size=2)]
    assert names == [f"accounts/a{n}" for n in range(5)]
    assert [r.page_token for r in scripted.requests] == ["", "2", "4"]
    assert request.page_token == ""


def _orders(count):
    return [order_pb2.Order(name=f"accounts/a/orders/{n}") for n in range(count)]


def test_an_import_is_cut_into_batches_with_options_first(client, scripted):
    progress = []
    receipt = client.import_orders(
        _orders(2500), allow_partial=True, progress=lambda p: progress.append(p.sent)
    )
    assert receipt.recorded == 2500
    assert scripted.streams[0][0] == 4, "the last one says how many rows there were"
    assert scripted.requests[0].options.allow_partial
    assert scripted.requests[0].options.counted
    assert scripted.row_count == 2500
    assert progress == [1000, 2000, 2500]


def test_a_list_is_sent_again_but_an_iterator_cannot_be(client, scripted):
    scripted.failures = [UNAVAILABLE]
    assert client.import_orders(_orders(10)).recorded == 10
    scripted.failures = [UNAVAILABLE]
    with pytest.raises(KamError):
        client.import_orders(iter(_orders(10)))


def test_an_empty_import_is_an_import(client, scripted):
    assert client.import_orders([]).recorded == 0
    assert scripted.streams == [(1, [])]


def test_wait_follows_an_operation_and_types_its_result(client, scripted):
    seen = []
    running = operations_pb2.Operation(name="operations/1")
    account = client.wait(running, account_pb2.Account, progress=lambda m: seen.append(m.done))
    assert account.name == "accounts/result"
    assert seen == [1, 2, 3]


def test_wait_outlives_a_server_that_restarts(client, scripted):
    scripted.failures = [UNAVAILABLE] * 7  # more than gRPC repeats by itself
    running = operations_pb2.Operation(name="operations/1")
    assert client.wait(running, account_pb2.Account, timeout=30).name == "accounts/result"


def test_a_failed_operation_raises_its_error(client):
    failed = operations_pb2.Operation(name="operations/1", done=True)
    info = error_details_pb2.ErrorInfo(reason="NOT_ENOUGH_DATA")
    failed.error.CopyFrom(_status(grpc.StatusCode.FAILED_PRECONDITION, "few", info))
    with pytest.raises(KamError) as caught:
        client.wait(failed, account_pb2.Account)
    assert caught.value.reason == "NOT_ENOUGH_DATA"


def test_a_result_of_another_type_is_an_error(client):
    done = operations_pb2.Operation(name="operations/1", done=True)
    done.response.Pack(account_pb2.Account())
    with pytest.raises(TypeError):
        client.wait(done, order_pb2.Order)
