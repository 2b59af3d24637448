"""The reply is lost on its way: the caller repeats the call and there is one effect."""

from datetime import UTC, datetime

import grpc
import pytest
from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import CreateAccountRequest, GetAccountRequest
from kam.v1.benefit_service_pb2 import AdjustBudgetRequest, GetBudgetRequest
from kam.v1.history_service_pb2 import RecordOrdersRequest
from kam_client import Client, KamError, to_decimal, to_money
from support import make, postgres, rollups
from support.eventually import eventually
from support.proxy import Proxy


@pytest.fixture
def proxy(server):
    proxy = Proxy(server.target)
    yield proxy
    proxy.close()


def _warm(client):
    """Opens the connection."""
    with pytest.raises(KamError):
        client.accounts.GetAccount(GetAccountRequest(name="accounts/nobody"))


def _create(request_id: str = "") -> CreateAccountRequest:
    account = Account(display_name="Acme", currency_code="USD")
    return CreateAccountRequest(account_id="acme", account=account, request_id=request_id)


def test_the_call_took_place_though_the_caller_saw_it_fail(server, client, proxy, database):
    with Client(proxy.target, retries=False, timeout=5) as cut:
        _warm(cut)
        proxy.lose_replies()
        with pytest.raises(KamError) as caught:
            cut.accounts.CreateAccount(_create("lost-1"))
        assert caught.value.code == grpc.StatusCode.UNAVAILABLE
        assert proxy.lost.is_set(), "the server has answered"
    count = "SELECT count(*) FROM accounts"
    eventually(lambda: postgres.value(database, count) == 1)
    before = postgres.contents(database)
    assert client.accounts.CreateAccount(_create("lost-1")).name == "accounts/acme"
    assert postgres.contents(database) == before


def test_the_client_repeats_by_itself_with_the_same_id(client, proxy, database):
    make.budget(client, "purse", "100")
    make.benefit(client, "gift", cost="10", budget="budgets/purse")
    with Client(proxy.target, timeout=10) as cut:
        _warm(cut)
        order = make.order("acme", "1", datetime(2026, 1, 5, tzinfo=UTC), "5")
        adjust = AdjustBudgetRequest(
            name="budgets/purse", limit_change=to_money("7", "USD"), reason="more"
        )
        for call in (
            lambda: cut.accounts.CreateAccount(_create()),
            lambda: cut.history.RecordOrders(RecordOrdersRequest(orders=[order])),
            lambda: make.grant(cut, "acme", "gift"),
            lambda: cut.benefits.AdjustBudget(adjust),
        ):
            proxy.lose_replies()
            call()
            assert proxy.lost.is_set(), "a reply was lost on the way"
    for table in ("accounts", "orders", "entitlements"):
        assert postgres.value(database, f"SELECT count(*) FROM {table}") == 1, table
    budget = client.benefits.GetBudget(GetBudgetRequest(name="budgets/purse"))
    assert to_decimal(budget.limit) == 107
    assert to_decimal(budget.reserved) == 10
    rollups.check(database)


def test_an_import_whose_receipt_is_lost_is_sent_again(client, proxy, database):
    make.account(client, "acme")
    rows = [make.order("acme", str(n), datetime(2026, 1, 5, tzinfo=UTC), "1") for n in range(3000)]
    with Client(proxy.target, timeout=30) as cut:
        _warm(cut)
        proxy.lose_replies()
        receipt = cut.import_orders(rows)
        assert proxy.lost.is_set()
    assert (receipt.recorded, receipt.unchanged) == (0, 3000)
    assert postgres.value(database, "SELECT count(*) FROM orders") == 3000
    rollups.check(database)


def test_a_caller_that_leaves_half_way_through_a_stream_leaves_nothing(client, database):
    """An atomic import that is cancelled after its first messages."""
    make.account(client, "acme")
    before = postgres.contents(database)

    def rows():
        for n in range(5000):
            yield make.order("acme", str(n), datetime(2026, 1, 5, tzinfo=UTC), "1")
        raise RuntimeError("the caller's own error")

    with pytest.raises((KamError, RuntimeError)):
        client.import_orders(rows())
    assert postgres.contents(database) == before
