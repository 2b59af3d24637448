"""PostgreSQL goes away and comes back: refused at once, not ready, recovered without a restart."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from kam.v1.account_service_pb2 import GetAccountRequest
from kam.v1.criteria_service_pb2 import ListMetricsRequest
from kam_client import KamError
from support import make, postgres, raw, rollups
from support.eventually import eventually

AT_ONCE_S = 2.0


@pytest.fixture
def impatient(server):
    with server.client(retries=False, timeout=10) as client:
        yield client


def _get(client):
    return client.accounts.GetAccount(GetAccountRequest(name="accounts/acme"))


def _unavailable(call) -> None:
    begin = time.monotonic()
    with pytest.raises(KamError) as caught:
        call()
    assert caught.value.code == grpc.StatusCode.UNAVAILABLE, caught.value
    assert caught.value.reason == "DATABASE_UNAVAILABLE", caught.value
    assert time.monotonic() - begin < AT_ONCE_S
    text = str(caught.value).lower()
    assert "socket" not in text and "libpq" not in text, "the database's text stays inside"


@pytest.mark.parametrize("how", ["stop", "immediate", "kill"])
def test_down_and_up_again(server, impatient, cluster, database, how):
    make.account(impatient, "acme")
    pid = server.pid
    try:
        if how == "kill":
            cluster.kill()
        else:
            cluster.stop("fast" if how == "stop" else "immediate")
        _unavailable(lambda: _get(impatient))
        _unavailable(lambda: make.account(impatient, "lost"))
        eventually(lambda: raw.health(server.target) == raw.NOT_SERVING, limit_s=5)
        with ThreadPoolExecutor(32) as pool:  # more than there are workers
            list(pool.map(lambda _: _unavailable(lambda: _get(impatient)), range(100)))
    finally:
        cluster.start()
    eventually(lambda: raw.health(server.target) == raw.SERVING, limit_s=10)
    assert _get(impatient).name == "accounts/acme"
    make.account(impatient, "back")
    assert server.pid == pid and server.running()
    assert postgres.value(database, "SELECT count(*) FROM accounts") == 2
    rollups.check(database)


def test_every_pooled_connection_recovers(server, impatient, cluster):
    """Connections that died in the pool are replaced, however many there are."""
    make.account(impatient, "acme")
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda _: _get(impatient), range(200)))  # the pool is warm
    cluster.stop("immediate")
    cluster.start()
    eventually(lambda: _get(impatient))
    with ThreadPoolExecutor(32) as pool:
        names = list(pool.map(lambda _: _get(impatient).name, range(200)))
    assert names == ["accounts/acme"] * 200


def test_a_server_may_be_started_before_its_database(server, impatient, cluster):
    server.stop()
    cluster.stop()
    try:
        server.start()
        assert raw.health(server.target) == raw.NOT_SERVING
        _unavailable(
            lambda: impatient.criteria.ListMetrics(ListMetricsRequest()) and _get(impatient)
        )
    finally:
        cluster.start()
    eventually(lambda: raw.health(server.target) == raw.SERVING, limit_s=10)
    make.account(impatient, "early")


def test_the_clients_own_retries_bridge_a_short_break(client, cluster):
    make.account(client, "acme")
    cluster.stop("immediate")
    cluster.start()
    assert _get(client).name == "accounts/acme"


def test_a_database_that_hangs_holds_no_call_beyond_its_deadline(server, impatient, cluster):
    """Stopped in its tracks, it accepts connections and answers nothing."""
    make.account(impatient, "acme")
    frozen = cluster.processes()
    for process in frozen:
        os.kill(process, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(16) as pool:
            durations = list(pool.map(lambda _: _timed_out(impatient), range(48)))
        assert max(durations) < 2.5, "a second each, however many wait"
        eventually(lambda: raw.health(server.target) == raw.NOT_SERVING, limit_s=10)
    finally:
        for process in frozen:
            os.kill(process, signal.SIGCONT)
    eventually(lambda: raw.health(server.target) == raw.SERVING, limit_s=15)
    eventually(lambda: _get(impatient))
    make.account(impatient, "thawed")


def _timed_out(client) -> float:
    begin = time.monotonic()
    with pytest.raises(KamError) as caught:
        client.accounts.GetAccount(GetAccountRequest(name="accounts/acme"), timeout=1)
    assert caught.value.code in (
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    ), caught.value
    return time.monotonic() - begin
