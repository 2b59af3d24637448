"""Long-running operations: followed, cancelled, deleted."""

import time

import grpc
import pytest
from google.longrunning.operations_pb2 import (
    CancelOperationRequest,
    DeleteOperationRequest,
    GetOperationRequest,
    ListOperationsRequest,
    WaitOperationRequest,
)
from google.protobuf.duration_pb2 import Duration
from kam.v1.criteria_service_pb2 import (
    EvaluatePortfolioRequest,
    GetEvaluationRequest,
    ListAssessmentsRequest,
)
from kam.v1.evaluation_pb2 import Evaluation
from kam.v1.operation_metadata_pb2 import OperationMetadata
from kam_client import KamError, paginate
from kam_client.operations import metadata_of
from support import kam_process, portfolio

ACCOUNTS = 2000


@pytest.fixture(scope="module")
def server(database, tmp_path_factory):
    """One account a transaction, so that a run lasts long enough to be met."""
    folder = tmp_path_factory.mktemp("kam")
    server = kam_process.Server(database, folder, "--job-chunk-accounts=1")
    yield server
    assert server.stop() == 0, server.tail()


@pytest.fixture(scope="module", autouse=True)
def book(client):
    portfolio.load(client, ACCOUNTS, orders=2)


def _start(client):
    return client.criteria.EvaluatePortfolio(EvaluatePortfolioRequest(as_of=portfolio.AS_OF))


def _get(client, name):
    return client.operations.GetOperation(GetOperationRequest(name=name))


def test_an_operation_shows_its_progress_to_its_end(client):
    operation = _start(client)
    seen = []
    end = time.monotonic() + 120
    while not operation.done and time.monotonic() < end:
        operation = _get(client, operation.name)
        seen.append(metadata_of(operation))
    evaluation = client.wait(operation, Evaluation, timeout=5)
    assert evaluation.account_count == ACCOUNTS
    done = [metadata.done for metadata in seen]
    assert done == sorted(done)
    assert any(0 < d < ACCOUNTS for d in done), "the run was met half way"
    assert (seen[-1].done, seen[-1].total) == (ACCOUNTS, ACCOUNTS)


def test_nothing_of_an_unfinished_run_is_seen(client, refused):
    operation = _start(client)
    target = metadata_of(operation).target
    with refused(grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND"):
        client.criteria.ListAssessments(
            ListAssessmentsRequest(parent="accounts/-", evaluation=target)
        )
    running = client.criteria.GetEvaluation(GetEvaluationRequest(name=target))
    assert running.state == Evaluation.STATE_RUNNING
    client.wait(operation, Evaluation, timeout=120)
    request = ListAssessmentsRequest(parent="accounts/-", evaluation=target)
    assert len(list(paginate(client.criteria.ListAssessments, request))) == ACCOUNTS


def test_a_cancelled_operation_ends_without_a_result(client, refused):
    operation = _start(client)
    with refused(grpc.StatusCode.FAILED_PRECONDITION, "OPERATION_RUNNING"):
        client.operations.DeleteOperation(DeleteOperationRequest(name=operation.name))
    client.operations.CancelOperation(CancelOperationRequest(name=operation.name))
    with refused(grpc.StatusCode.CANCELLED, "CANCELLED"):
        client.wait(operation, Evaluation, timeout=30)
    target = metadata_of(operation).target
    request = GetEvaluationRequest(name=target)
    assert client.criteria.GetEvaluation(request).state == Evaluation.STATE_FAILED
    with pytest.raises(KamError):
        client.criteria.ListAssessments(
            ListAssessmentsRequest(parent="accounts/-", evaluation=target)
        )


def test_waiting_ends_when_asked(client):
    operation = _start(client)
    begin = time.monotonic()
    request = WaitOperationRequest(name=operation.name, timeout=Duration(nanos=300_000_000))
    waited = client.operations.WaitOperation(request)
    assert not waited.done
    assert 0.2 < time.monotonic() - begin < 2
    client.wait(operation, Evaluation, timeout=120)


def test_operations_are_listed_newest_first_and_deleted(client, refused):
    operation = _start(client)
    client.wait(operation, Evaluation, timeout=120)
    listed = list(paginate(client.operations.ListOperations, ListOperationsRequest(), page_size=2))
    assert listed[0].name == operation.name and listed[0].done
    metadata = metadata_of(listed[0])
    assert metadata.kind == OperationMetadata.KIND_EVALUATE_PORTFOLIO
    assert metadata.attempts == 1 and metadata.HasField("end_time")
    client.operations.DeleteOperation(DeleteOperationRequest(name=operation.name))
    with refused(grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND"):
        _get(client, operation.name)
    target = metadata.target
    found = client.criteria.GetEvaluation(GetEvaluationRequest(name=target))
    assert found.state == Evaluation.STATE_SUCCEEDED, "the result stays"


def test_the_same_request_starts_one_operation(client):
    request = EvaluatePortfolioRequest(as_of=portfolio.AS_OF, request_id="one-run")
    first = client.criteria.EvaluatePortfolio(request)
    assert client.criteria.EvaluatePortfolio(request).name == first.name
    client.wait(first, Evaluation, timeout=120)


@pytest.mark.parametrize("name", ["operations/none", "operations/0"])
def test_an_unknown_operation_is_named(client, refused, name):
    with refused(grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND") as caught:
        _get(client, name)
    assert caught.error.resource == name


@pytest.mark.parametrize("name", ["", "nonsense", "accounts/x"])
def test_a_bad_name_is_refused(client, refused, name):
    with refused(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS") as caught:
        _get(client, name)
    assert [v.field for v in caught.error.fields] == ["name"]
