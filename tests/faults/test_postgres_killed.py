"""kill -9 of PostgreSQL under writers that repeat their calls: nothing lost, nothing doubled."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import CreateAccountRequest
from kam.v1.benefit_service_pb2 import GetBudgetRequest
from kam.v1.history_service_pb2 import RecordOrdersRequest
from kam_client import to_decimal
from support import make, postgres, rollups
from support.insist import insist

pytestmark = pytest.mark.timeout(180)
WRITERS = 6
KILLS = 3


def _write(server, writer: int, stop: threading.Event) -> int:
    """Creates accounts with an order and a grant each; answers how many were acknowledged."""
    with server.client(retries=False, timeout=5) as client:
        for n in range(10_000):
            if stop.is_set():
                return n
            account_id = f"w{writer}-{n}"
            create = CreateAccountRequest(
                account_id=account_id,
                account=Account(display_name=account_id, currency_code="USD"),
                request_id=str(uuid.uuid4()),
            )
            insist(lambda request=create: client.accounts.CreateAccount(request))
            order = make.order(account_id, "1", datetime(2026, 1, 5, tzinfo=UTC), "1.00")
            record = RecordOrdersRequest(orders=[order], request_id=str(uuid.uuid4()))
            insist(lambda request=record: client.history.RecordOrders(request))
            grant = make.grant_request(account_id, "gift", request_id=str(uuid.uuid4()))
            insist(lambda request=grant: client.benefits.GrantEntitlement(request))
    return n


def test_acknowledged_writes_survive_and_happen_once(server, client, cluster, database):
    make.budget(client, "purse", "1000000")
    make.benefit(client, "gift", cost="1", budget="budgets/purse")
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(_write, server, n, stop) for n in range(WRITERS)]
        try:
            for _ in range(KILLS):
                time.sleep(1.0)
                cluster.kill()
                time.sleep(0.2)
                cluster.start()
            time.sleep(1.0)
        finally:
            stop.set()
        acknowledged = sum(writer.result(timeout=60) for writer in writers)
    print(f"{acknowledged} accounts acknowledged through {KILLS} kills")
    assert acknowledged > WRITERS
    for table in ("accounts", "orders", "entitlements"):
        assert postgres.value(database, f"SELECT count(*) FROM {table}") == acknowledged, table
    budget = client.benefits.GetBudget(GetBudgetRequest(name="budgets/purse"))
    assert to_decimal(budget.reserved) == acknowledged
    changes = "SELECT kind, count(*) FROM changes WHERE account_id <> '' GROUP BY kind"
    counts = dict(postgres.query(database, changes))
    assert len(counts) == 3 and set(counts.values()) == {acknowledged}, counts
    rollups.check(database)
