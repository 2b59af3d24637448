"""Orders: recorded once, corrected in the open, rolled up by month."""

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from kam.v1.account_service_pb2 import DeleteAccountRequest
from kam.v1.history_service_pb2 import (
    GetOrderRequest,
    ListOrdersRequest,
    ListOrderVersionsRequest,
    RecordOrdersRequest,
)
from kam.v1.order_pb2 import Order
from kam_client import KamError, paginate, to_decimal, to_money
from support import make, postgres, rollups

DAY = datetime(2026, 3, 5, 12, tzinfo=UTC)


def _record(client, *orders, **options):
    return client.history.RecordOrders(RecordOrdersRequest(orders=orders, **options)).receipt


def _told(receipt):
    return (receipt.recorded, receipt.unchanged, receipt.corrected, receipt.rejected_count)


def test_an_order_is_recorded_once(client, database):
    make.account(client, "once")
    order = make.order("once", "web/1 +", DAY, "12.34", brand="B", channel="web")
    assert _told(_record(client, order)) == (1, 0, 0, 0)
    before = postgres.contents(database)
    assert _told(_record(client, order, request_id="another")) == (0, 1, 0, 0)
    after = postgres.contents(database)
    assert {t for t in after if after[t] != before[t]} == {"requests"}
    found = client.history.GetOrder(GetOrderRequest(name=order.name))
    assert found.name == "accounts/once/orders/web%2F1%20%2B"
    assert (found.version, found.brand) == (1, "B")
    assert found.service_level == Order.SERVICE_LEVEL_STANDARD
    assert to_decimal(found.net_amount) == to_decimal(order.net_amount)
    rollups.check(database)


def test_other_content_is_a_correction_only_if_asked_for(client, refused, database):
    make.account(client, "corrected")
    first = make.order("corrected", "1", DAY, "10")
    _record(client, first)
    second = make.order("corrected", "1", DAY + timedelta(days=40), "20")
    before = postgres.contents(database)
    with refused(grpc.StatusCode.ALREADY_EXISTS, "FACT_DIFFERS") as caught:
        _record(client, second)
    assert caught.error.resource == first.name
    assert postgres.contents(database) == before
    assert _told(_record(client, second, correct=True)) == (0, 0, 1, 0)
    assert _told(_record(client, second)) == (0, 1, 0, 0)
    rollups.check(database)

    request = ListOrderVersionsRequest(name=first.name)
    newest, oldest = client.history.ListOrderVersions(request).versions
    assert (newest.version, oldest.version) == (2, 1)
    assert to_decimal(newest.net_amount) == 20 and to_decimal(oldest.net_amount) == 10
    assert oldest.superseded_time == newest.record_time
    assert not newest.HasField("superseded_time")
    known = GetOrderRequest(name=first.name, known_at=oldest.record_time)
    assert client.history.GetOrder(known).version == 1
    assert client.history.GetOrder(GetOrderRequest(name=first.name)).version == 2


def test_a_cancelled_order_is_no_revenue_any_more(client, database):
    make.account(client, "cancelled")
    _record(client, make.order("cancelled", "1", DAY, "10"))
    cancelled = make.order("cancelled", "1", DAY, "10", status=Order.STATUS_CANCELLED)
    _record(client, cancelled, correct=True)
    sql = "SELECT count(*) FROM account_months WHERE account_id = 'cancelled'"
    assert postgres.value(database, sql) == 0
    rollups.check(database)


def test_a_bad_row_fails_all_rows_and_every_violation_is_named(client, refused, database):
    make.account(client, "atomic")
    rows = [make.order("atomic", str(n), DAY, "1") for n in range(4)]
    rows[1].net_amount.units = -1
    rows[3].status = Order.STATUS_UNSPECIFIED
    rows[3].order_time.FromDatetime(datetime.now(UTC) + timedelta(days=3))
    before = postgres.contents(database)
    with refused(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS") as caught:
        _record(client, *rows)
    assert {v.field for v in caught.error.fields} == {
        "orders[1].net_amount",
        "orders[3].status",
        "orders[3].order_time",
    }
    assert postgres.contents(database) == before


def test_a_partial_call_records_the_good_rows_and_lists_the_others(client, database):
    make.account(client, "partial")
    make.account(client, "deleted")
    client.accounts.DeleteAccount(DeleteAccountRequest(name="accounts/deleted"))
    _record(client, make.order("partial", "differs", DAY, "5"))
    rows = [
        make.order("partial", "good", DAY, "1"),
        make.order("nobody", "x", DAY, "1"),
        make.order("deleted", "x", DAY, "1"),
        make.order("partial", "differs", DAY, "6"),
        make.order("partial", "euro", DAY, "1", currency="EUR"),
        make.order("partial", "good", DAY, "2"),
        make.order("partial", "fine", DAY, "1"),
    ]
    receipt = _record(client, *rows, allow_partial=True)
    assert _told(receipt) == (2, 0, 0, 5)
    reasons = {r.index: KamError.from_status(r.status).reason for r in receipt.rejected}
    assert reasons == {
        1: "RESOURCE_NOT_FOUND",
        2: "RESOURCE_DELETED",
        3: "FACT_DIFFERS",
        4: "CURRENCY_MISMATCH",
        5: "INVALID_FIELDS",
    }
    assert [r.key for r in receipt.rejected] == [rows[r.index].name for r in receipt.rejected]
    rollups.check(database)


def test_an_import_is_one_receipt_over_all_its_messages(client, database):
    make.account(client, "stream")
    rows = [
        make.order("stream", str(n), DAY - timedelta(days=n % 300), f"{n}.01") for n in range(2500)
    ]
    assert _told(client.import_orders(rows)) == (2500, 0, 0, 0)
    assert _told(client.import_orders(rows)) == (0, 2500, 0, 0)
    rows[2100] = make.order("stream", "2100", DAY, "1")
    receipt = client.import_orders(rows, allow_partial=True)
    assert _told(receipt) == (0, 2499, 0, 1)
    assert receipt.rejected[0].index == 2100
    receipt = client.import_orders(rows, correct=True)
    assert _told(receipt) == (0, 2499, 1, 0)
    rollups.check(database)


def test_an_atomic_import_with_a_bad_row_records_nothing(client, refused, database):
    make.account(client, "nothing")
    rows = [make.order("nothing", str(n), DAY, "1") for n in range(1800)]
    rows[1700] = make.order("nobody", "x", DAY, "1")
    before = postgres.contents(database)
    with refused(grpc.StatusCode.NOT_FOUND, "RESOURCE_NOT_FOUND") as caught:
        client.import_orders(rows)
    assert caught.error.resource == "accounts/nobody"
    assert caught.error.metadata["index"] == "1700"
    assert postgres.contents(database) == before


def test_orders_are_listed_newest_first(client):
    make.account(client, "listed")
    rows = [make.order("listed", str(n), DAY + timedelta(hours=n), "1") for n in range(5)]
    _record(client, *rows)
    request = ListOrdersRequest(parent="accounts/listed")
    listed = [o.name for o in paginate(client.history.ListOrders, request, page_size=2)]
    assert listed == [o.name for o in reversed(rows)]


@pytest.mark.parametrize("currency", ["JPY", "KWD"])
def test_decimals_are_those_of_the_currency(client, refused, currency):
    account_id = f"decimals-{currency.lower()}"
    make.account(client, account_id, currency_code=currency)
    exact = {"JPY": "1234", "KWD": "1234.567"}[currency]
    row = make.order(account_id, "1", DAY, exact, currency=currency)
    _record(client, row)
    found = client.history.GetOrder(GetOrderRequest(name=row.name))
    assert found.net_amount == to_money(exact, currency)
    finer = make.order(account_id, "2", DAY, exact + ("5" if currency == "KWD" else ".5"))
    finer.net_amount.currency_code = finer.list_amount.currency_code = currency
    with refused(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELDS"):
        _record(client, finer)
