"""Many callers on one thing."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import grpc
import pytest
from google.protobuf import field_mask_pb2
from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import GetAccountRequest, UpdateAccountRequest
from kam.v1.benefit_service_pb2 import (
    GetBudgetRequest,
    ListBudgetEntriesRequest,
    RevokeEntitlementRequest,
)
from kam.v1.budget_pb2 import BudgetEntry
from kam.v1.history_service_pb2 import RecordOrdersRequest
from kam_client import KamError, paginate, to_decimal
from support import make, postgres, rollups

pytestmark = pytest.mark.timeout(180)


def test_two_writers_with_etags_lose_no_update(server, client):
    """A counter in a label, raised by eight callers that read, add one and write."""
    make.account(client, "counter", labels={"n": "0"})
    mask = field_mask_pb2.FieldMask(paths=["labels"])

    def add(times: int) -> int:
        lost = 0
        with server.client() as own:
            for _ in range(times):
                while True:
                    request = GetAccountRequest(name="accounts/counter")
                    found = own.accounts.GetAccount(request)
                    labels = {"n": str(int(found.labels["n"]) + 1)}
                    changed = Account(name=found.name, labels=labels, etag=found.etag)
                    try:
                        own.accounts.UpdateAccount(
                            UpdateAccountRequest(account=changed, update_mask=mask)
                        )
                        break
                    except KamError as error:
                        assert error.code == grpc.StatusCode.ABORTED, error
                        lost += 1
        return lost

    with ThreadPoolExecutor(8) as pool:
        lost = sum(pool.map(add, [20] * 8))
    found = client.accounts.GetAccount(GetAccountRequest(name="accounts/counter"))
    assert found.labels["n"] == "160"
    assert lost > 0, "the writers never met: this proves nothing"


def test_grants_and_revocations_at_once_balance(server, client, database):
    """The ledger, the budget and the entitlements tell the same, and the limit holds throughout."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    callers, rounds = 12, 15
    make.budget(client, "purse", "70", seat_limit=50)
    make.benefit(client, "gift", cost="10", budget="budgets/purse")
    for n in range(callers):
        make.account(client, f"c{n}")

    def work(caller: int) -> int:
        chance = random.Random(seed + caller)
        granted = 0
        with server.client() as own:
            for _ in range(rounds):
                try:
                    held = make.grant(own, f"c{caller}", "gift")
                    granted += 1
                except KamError as error:
                    assert error.reason == "BUDGET_EXCEEDED", error
                    continue
                if chance.random() < 0.8:
                    request = RevokeEntitlementRequest(name=held.name, reason="back")
                    own.benefits.RevokeEntitlement(request)
                else:
                    break
        return granted

    with ThreadPoolExecutor(callers) as pool:
        granted = sum(pool.map(work, range(callers)))
    assert granted > 7
    live = postgres.value(database, "SELECT count(*) FROM entitlements WHERE revoke_time IS NULL")
    budget = client.benefits.GetBudget(GetBudgetRequest(name="budgets/purse"))
    assert to_decimal(budget.reserved) == 10 * live <= 70

    request = ListBudgetEntriesRequest(parent="budgets/purse")
    entries = list(paginate(client.benefits.ListBudgetEntries, request))[::-1]
    assert [int(e.name.rpartition("/")[2]) for e in entries] == list(range(1, len(entries) + 1))
    balance = 0
    for entry in entries:
        amount = to_decimal(entry.amount)
        if entry.kind == BudgetEntry.KIND_RESERVE:
            balance += amount
        elif entry.kind == BudgetEntry.KIND_RELEASE:
            balance -= amount
        assert 0 <= balance <= 70, "at no line of the ledger is the limit exceeded"
    assert balance == to_decimal(budget.reserved)


def test_writers_of_the_same_orders_record_each_once(server, client, database):
    for n in range(20):
        make.account(client, f"c{n}")
    day = datetime(2026, 1, 5, tzinfo=UTC)
    rows = [make.order(f"c{n % 20}", str(n), day, "1.50") for n in range(1000)]

    def record(seed: int):
        mine = rows[:]
        random.Random(seed).shuffle(mine)
        with server.client() as own:
            return own.history.RecordOrders(RecordOrdersRequest(orders=mine)).receipt

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(record, range(8)))
    assert sum(r.recorded for r in receipts) == 1000
    assert sum(r.unchanged for r in receipts) == 7000
    assert postgres.value(database, "SELECT count(*) FROM orders") == 1000
    rollups.check(database)
