"""kill -9 of the server and of PostgreSQL in the middle of groups of 64 granting callers."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import BatchCreateAccountsRequest, CreateAccountRequest
from kam.v1.benefit_service_pb2 import RevokeEntitlementRequest
from support import make, postgres
from support.insist import insist

pytestmark = pytest.mark.timeout(240)
CALLERS = 64
ACCOUNTS = 60  # a caller
CLIENTS = 8  # channels, shared by the callers
SERVER_KILLS = 3
POSTGRES_KILLS = 2


def _accounts(client):
    requests = [
        CreateAccountRequest(
            account_id=f"c{caller}-{n}", account=Account(display_name="A", currency_code="USD")
        )
        for caller in range(CALLERS)
        for n in range(ACCOUNTS)
    ]
    for at in range(0, len(requests), 1000):
        client.accounts.BatchCreateAccounts(
            BatchCreateAccountsRequest(requests=requests[at : at + 1000])
        )


def _work(client, caller: int, stop: threading.Event) -> tuple[int, int]:
    """Grants to one account after the other and takes every third back; what was acknowledged."""
    granted = revoked = 0
    for n in range(ACCOUNTS):
        if stop.is_set():
            break
        grant = make.grant_request(f"c{caller}-{n}", "gift", request_id=str(uuid.uuid4()))
        held = insist(lambda request=grant: client.benefits.GrantEntitlement(request))
        granted += 1
        if n % 3 == 2:
            back = RevokeEntitlementRequest(
                name=held.name, reason="back", request_id=str(uuid.uuid4())
            )
            insist(lambda request=back: client.benefits.RevokeEntitlement(request))
            revoked += 1
    return granted, revoked


def _balance(database) -> dict:
    columns = "reserved, seats_reserved, entries, version"
    [row] = postgres.query(database, f"SELECT {columns} FROM budgets")
    return dict(zip(columns.split(", "), row, strict=True))


def test_nothing_acknowledged_is_lost_or_doubled(server, client, cluster, database):
    make.budget(client, "purse", "1000000")
    make.benefit(client, "gift", cost="3", budget="budgets/purse")
    _accounts(client)
    stop = threading.Event()
    clients = [server.client(retries=False, timeout=5) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CALLERS) as pool:
        callers = [pool.submit(_work, clients[n % CLIENTS], n, stop) for n in range(CALLERS)]
        try:
            for kill in range(SERVER_KILLS + POSTGRES_KILLS):
                time.sleep(0.7)
                if kill % 2 == 0:
                    server.kill()
                    server.start()
                else:
                    cluster.kill()
                    cluster.start()
            time.sleep(0.7)
        finally:
            stop.set()
        done = [caller.result(timeout=90) for caller in callers]
    for one in clients:
        one.close()
    granted, revoked = (sum(counts) for counts in zip(*done, strict=True))
    balance = _balance(database)
    steps = balance["version"] - 1
    lines = balance["entries"] - 1
    print(f"{granted} grants and {revoked} revocations in {steps} steps of the budget")
    assert granted > CALLERS

    assert postgres.value(database, "SELECT count(*) FROM entitlements") == granted
    taken_back = "SELECT count(*) FROM entitlements WHERE revoke_time IS NOT NULL"
    assert postgres.value(database, taken_back) == revoked
    assert balance["reserved"] == 300 * (granted - revoked)
    assert lines == granted + revoked
    assert steps < lines, "no group was ever formed: this proves nothing"
    ledger = """
        SELECT count(*), max(number),
               sum(CASE kind WHEN 1 THEN amount WHEN 2 THEN -amount ELSE 0 END)
        FROM budget_entries"""
    assert postgres.query(database, ledger) == [
        (balance["entries"], balance["entries"], balance["reserved"])
    ]
    backwards = """
        SELECT count(*) FROM (
          SELECT create_time < lag(create_time) OVER (ORDER BY number) AS backwards
          FROM budget_entries) AS l
        WHERE backwards"""
    assert postgres.value(database, backwards) == 0
    # Every version of everything is in the log, once.
    told = """
        SELECT count(*), count(DISTINCT (resource, version))
        FROM changes WHERE kind ~ '^(entitlement|budget)'"""
    assert postgres.query(database, told) == [(granted + revoked + 1 + steps,) * 2]
