"""What operators see: metrics by their well-known names, and log lines they can read by machine."""

import json
import socket
import urllib.request

import grpc
import pytest
from kam.v1.account_service_pb2 import GetAccountRequest
from kam_client import KamError
from support import kam_process, make


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return _free_port()


@pytest.fixture(scope="module")
def server(database, tmp_path_factory, metrics_port):
    server = kam_process.Server(
        database,
        tmp_path_factory.mktemp("kam"),
        f"--metrics-listen=127.0.0.1:{metrics_port}",
        "--log-format=json",
        "--log-level=debug",
    )
    yield server
    assert server.stop() == 0, server.tail()


def test_calls_are_counted_by_method_and_code(client, metrics_port):
    make.account(client, "acme")
    with pytest.raises(KamError) as caught:
        client.accounts.GetAccount(GetAccountRequest(name="accounts/nobody"))
    assert caught.value.code == grpc.StatusCode.NOT_FOUND
    with urllib.request.urlopen(f"http://127.0.0.1:{metrics_port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()

    def value(name: str, method: str, **labels: str) -> float:
        wanted = [f'grpc_method="{method}"', *(f'{k}="{v}"' for k, v in labels.items())]
        found = [
            line
            for line in lines
            if line.startswith(f"{name}{{") and all(label in line for label in wanted)
        ]
        assert len(found) == 1, (name, wanted, found)
        return float(found[0].rpartition(" ")[2])

    service = "kam.v1.AccountService"
    assert value("grpc_server_started_total", "CreateAccount", grpc_service=service) == 1
    assert value("grpc_server_handled_total", "CreateAccount", grpc_code="OK") == 1
    assert value("grpc_server_handled_total", "GetAccount", grpc_code="NotFound") == 1
    assert value("grpc_server_handling_seconds_count", "GetAccount") == 1
    assert "kam_ready 1" in lines


def test_every_log_line_is_json_and_names_its_call(client, server):
    make.account(client, "logged")
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line]
    calls = [line["kam"] for line in lines if isinstance(line["kam"], dict)]
    created = [call for call in calls if call["call"] == "/kam.v1.AccountService/CreateAccount"]
    assert created[-1]["code"] == "OK"
    assert created[-1]["principal"] == "local"
    assert created[-1]["ms"] > 0
    assert created[-1]["peer"].startswith("ipv4:127.0.0.1")
