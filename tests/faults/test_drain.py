"""SIGTERM: not ready, what is in flight is finished, then it ends by itself."""

import os
import signal
import threading
import time
from datetime import UTC, datetime

import grpc
import psycopg
import pytest
from kam.v1.account_service_pb2 import GetAccountRequest
from kam_client import KamError, import_orders
from support import make, postgres, raw
from support.eventually import eventually


@pytest.fixture
def server_flags():
    return ["--drain-delay=1s", "--drain-timeout=15s"]


def test_a_call_in_flight_is_finished(server, client, database):
    make.account(client, "acme")
    begun = threading.Event()

    def rows():
        for n in range(30):
            yield make.order("acme", str(n), datetime(2026, 1, 5, tzinfo=UTC), "1")
            begun.set()
            time.sleep(0.1)

    receipts = []
    importing = threading.Thread(target=lambda: receipts.append(_import_one_by_one(client, rows())))
    importing.start()
    assert begun.wait(10)
    server.terminate()
    importing.join(20)
    assert receipts and receipts[0].recorded == 30
    assert server.wait() == 0, server.tail()
    assert postgres.value(database, "SELECT count(*) FROM orders") == 30


def _import_one_by_one(client, rows):
    return import_orders(client.history, rows, batch_rows=1)


def test_it_says_that_it_leaves_before_it_refuses(server, client):
    make.account(client, "acme")
    request = GetAccountRequest(name="accounts/acme")
    channel = grpc.insecure_channel(server.target)
    check = channel.unary_unary("/grpc.health.v1.Health/Check")
    assert check(b"", timeout=5) == raw.SERVING
    server.terminate()
    eventually(lambda: check(b"", timeout=5) == raw.NOT_SERVING, limit_s=0.9, pause_s=0.02)
    assert client.accounts.GetAccount(request).name == "accounts/acme", "still answers"
    assert server.wait() == 0, server.tail()
    channel.close()
    with pytest.raises(KamError) as caught:
        client.accounts.GetAccount(request, timeout=3)
    assert caught.value.code == grpc.StatusCode.UNAVAILABLE, caught.value


def test_no_acknowledged_write_is_lost_in_the_drain(server, client, database):
    acknowledged, refused = [], []

    def write(writer: int) -> None:
        with server.client(retries=False, timeout=5) as own:
            for n in range(100_000):
                try:
                    acknowledged.append(make.account(own, f"w{writer}-{n}").name)
                except KamError as error:
                    refused.append(error)
                    return

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for writer in writers:
        writer.start()
    time.sleep(0.5)
    server.terminate()
    assert server.wait() == 0, server.tail()
    for writer in writers:
        writer.join(20)
    assert {e.code for e in refused} == {grpc.StatusCode.UNAVAILABLE}, refused
    stored = {name for (name,) in postgres.query(database, "SELECT account_id FROM accounts")}
    assert len(acknowledged) > 6
    assert {name.removeprefix("accounts/") for name in acknowledged} <= stored
    assert len(stored) - len(acknowledged) <= 6, "a call cut off has at most its own effect"


class TestTheLimit:
    """Whatever holds a call up, the process ends when the time given to calls is over."""

    @pytest.fixture
    def server_flags(self):
        return ["--drain-timeout=2s"]

    def test_a_call_that_waits_for_a_lock_is_cut(self, server, client, database):
        make.account(client, "acme")
        outcome = []

        def read():
            with server.client(retries=False, timeout=60) as own:
                try:
                    own.accounts.GetAccount(GetAccountRequest(name="accounts/acme"))
                except KamError as error:
                    outcome.append(error)

        with psycopg.connect(database) as holder:
            holder.execute("LOCK TABLE accounts")
            waiting = threading.Thread(target=read)
            waiting.start()
            eventually(lambda: _waiters(database) == 1)
            begin = time.monotonic()
            server.terminate()
            assert server.wait() == 0, server.tail()
            assert time.monotonic() - begin < 6
            waiting.join(10)
        assert [error.code for error in outcome] == [grpc.StatusCode.UNAVAILABLE], outcome
        assert outcome[0].reason == "SHUTTING_DOWN", outcome

    def test_a_database_that_hangs_is_not_waited_for(self, server, client, cluster):
        """It takes no request to cancel either."""
        make.account(client, "acme")
        outcome = []

        def read():
            with server.client(retries=False, timeout=60) as own:
                try:
                    own.accounts.GetAccount(GetAccountRequest(name="accounts/acme"))
                except KamError as error:
                    outcome.append(error)

        frozen = cluster.processes()
        for process in frozen:
            os.kill(process, signal.SIGSTOP)
        try:
            waiting = [threading.Thread(target=read) for _ in range(4)]
            for one in waiting:
                one.start()
            time.sleep(0.5)
            begin = time.monotonic()
            server.terminate()
            assert server.wait() == 0, server.tail()
            assert time.monotonic() - begin < 8
        finally:
            for process in frozen:
                os.kill(process, signal.SIGCONT)
        for one in waiting:
            one.join(10)
        assert {error.code for error in outcome} == {grpc.StatusCode.UNAVAILABLE}, outcome

    def test_a_stream_that_is_left_open_is_cut(self, server, client):
        make.account(client, "acme")
        stop = threading.Event()

        def rows():
            yield make.order("acme", "1", datetime(2026, 1, 5, tzinfo=UTC), "1")
            stop.wait(60)

        begun = threading.Thread(target=lambda: _failing_import(client, rows()), daemon=True)
        begun.start()
        time.sleep(0.5)
        begin = time.monotonic()
        server.terminate()
        try:
            assert server.wait() == 0, server.tail()
            assert time.monotonic() - begin < 6
        finally:
            stop.set()
            begun.join(10)


def _failing_import(client, rows) -> None:
    with pytest.raises(KamError):
        _import_one_by_one(client, rows)


def _waiters(database) -> int:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    return postgres.value(database, waiting)
