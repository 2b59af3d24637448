"""What the process offers besides its services, and what it refuses to do."""

import importlib
import pkgutil
import socket
import subprocess
import urllib.request

import grpc
import kam.v1
import pytest
from kam.v1.account_service_pb2 import GetAccountRequest
from kam.v1.benefit_service_pb2 import GetBenefitRequest
from kam_client import KamError
from support import kam_process, make, postgres, raw
from support.eventually import eventually

LIST_SERVICES = raw.string_field(7, "")
SERVICES = (
    *(
        service.full_name
        for module in pkgutil.iter_modules(kam.v1.__path__, "kam.v1.")
        if module.name.endswith("_service_pb2")
        for service in importlib.import_module(module.name).DESCRIPTOR.services_by_name.values()
    ),
    *("google.longrunning.Operations", "grpc.health.v1.Health"),
)


def test_it_is_healthy_and_so_is_every_service(server):
    assert len(SERVICES) > 7
    assert raw.health(server.target) == raw.SERVING
    for service in SERVICES:
        assert raw.health(server.target, service=service) == raw.SERVING, service


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
def test_reflection_lists_every_service(server, version):
    (answer,) = raw.reflect(server.target, version, LIST_SERVICES)
    for service in SERVICES:
        assert service.encode() in answer


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
@pytest.mark.parametrize(
    "symbol", [*SERVICES, "kam.v1.Account", "kam.v1.OperationMetadata", "google.rpc.ErrorInfo"]
)
def test_reflection_describes_what_answers_hold(server, version, symbol):
    (answer,) = raw.reflect(server.target, version, raw.string_field(4, symbol))
    assert symbol.rpartition(".")[2].encode() in answer
    assert b"not found" not in answer.lower()


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
@pytest.mark.parametrize("symbol", ["kam.v1.Nonsense", "kam.stored.v1.ScorecardDefinition"])
def test_reflection_says_what_it_does_not_know(server, version, symbol):
    (answer,) = raw.reflect(server.target, version, raw.string_field(4, symbol))
    assert len(answer) < 200


def test_channelz_shows_the_server(server):
    answer = raw.unary(server.target, "/grpc.channelz.v1.Channelz/GetServers", b"")
    assert len(answer) > 2


@pytest.fixture(scope="module")
def viewer(database, tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = ("--local-role=viewer", f"--metrics-listen=127.0.0.1:{port}")
    server = kam_process.Server(database, tmp_path_factory.mktemp("viewer"), *flags)
    server.metrics = f"http://127.0.0.1:{port}/metrics"
    yield server
    assert server.stop() == 0, server.tail()


def test_a_viewer_reads_and_changes_nothing(viewer, client, refused, database):
    make.account(client, "seen")
    with viewer.client() as own:
        assert own.accounts.GetAccount(GetAccountRequest(name="accounts/seen"))
        before = postgres.contents(database)
        with refused(grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED") as caught:
            make.account(own, "unseen")
        assert "ACCOUNTS_WRITE" in caught.error.metadata["permission"].upper()
        assert caught.error.metadata["principal"]
        # Permission comes before existence: a refusal tells nothing about what is stored.
        with refused(grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED"):
            make.grant(own, "nobody", "nothing")
        assert postgres.contents(database) == before


def test_refused_changes_are_audited(viewer, database):
    sql = "SELECT count(*) FROM audit WHERE outcome = 'PERMISSION_DENIED'"
    with viewer.client() as own, pytest.raises(KamError):
        before = postgres.value(database, sql)
        make.account(own, "audited")
    # Written in the background, together with others of the same second.
    eventually(lambda: postgres.value(database, sql) > before)


def test_changes_are_audited_in_their_transaction(client, database):
    make.account(client, "trail")
    sql = "SELECT method, outcome FROM audit WHERE resource = 'accounts/trail'"
    assert postgres.query(database, sql) == [("/kam.v1.AccountService/CreateAccount", "OK")]


def test_calls_are_counted_by_code(viewer):
    with viewer.client() as own, pytest.raises(KamError):
        own.benefits.GetBenefit(GetBenefitRequest(name="benefits/none"))
    with urllib.request.urlopen(viewer.metrics, timeout=5) as answer:
        text = answer.read().decode()
    lines = [
        line
        for line in text.splitlines()
        if line.startswith("grpc_server_handled_total") and 'grpc_method="GetBenefit"' in line
    ]
    assert [line for line in lines if 'grpc_code="NotFound"' in line], lines


def _kam(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [kam_process.BINARY, *arguments], text=True, capture_output=True, timeout=30
    )


def test_the_health_check_command_answers_by_its_exit_code(server):
    assert _kam("healthcheck", f"--listen={server.target}").returncode == 0
    assert _kam("healthcheck", "--listen=127.0.0.1:1").returncode == 1


def test_a_wrong_command_line_is_explained(database):
    for arguments in (
        ("serve", f"--database-url={database}", "--listen=127.0.0.1:0"),
        ("serve", f"--database-url={database}", "--insecure-local", "--listen=0.0.0.0:0"),
        ("serve", "--insecure-local"),
        ("serve", "--insecure-local", f"--database-url={database}", "--local-role=king"),
        ("nonsense",),
        ("serve", "--nonsense"),
    ):
        done = _kam(*arguments)
        assert done.returncode != 0, arguments
        assert done.stderr.strip(), arguments
        assert len(done.stderr) < 3000, "a message, not a wall"


def test_a_taken_port_is_an_error(server, database):
    done = _kam(
        "serve", "--insecure-local", f"--database-url={database}", f"--listen={server.target}"
    )
    assert done.returncode == 1
    assert server.target in done.stderr


def test_migrate_and_seed_can_be_repeated(database):
    before = postgres.contents(database)
    kam_process.prepare(database)
    assert postgres.contents(database) == before


def test_an_empty_database_is_not_served_as_ready(cluster, tmp_path):
    url = postgres.create_database(cluster)
    done = _kam("seed", f"--database-url={url}")
    assert done.returncode != 0
    server = kam_process.Server(url, tmp_path)
    try:
        assert raw.health(server.target) == raw.NOT_SERVING
    finally:
        assert server.stop() == 0, server.tail()
