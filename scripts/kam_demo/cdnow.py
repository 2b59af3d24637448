"""The CDNOW purchases (1997-01 to 1998-06) as accounts and orders."""

import os
import pathlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kam.v1.account_pb2 import Account
from kam.v1.account_service_pb2 import CreateAccountRequest
from kam.v1.order_pb2 import Order
from kam_client import from_minor, order_name

CURRENCY = "USD"
# The first day after the last purchase.
END = datetime(1998, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Purchase:
    """A row of the file; amounts are whole cents."""

    row: int
    customer: str
    time: datetime
    cents: int


def default_path(root: pathlib.Path) -> pathlib.Path:
    """CDNOW_master.txt in KAM_CDNOW_DIR, or where scripts/setup put it."""
    folder = os.environ.get("KAM_CDNOW_DIR") or root / ".kam" / "data" / "cdnow"
    return pathlib.Path(folder) / "CDNOW_master.txt"


def read(path: pathlib.Path) -> list[Purchase]:
    """All rows; a row that is not understood is an error that names it."""
    with path.open(encoding="ascii") as file:
        next(file)  # the header
        return [_parse(row, line) for row, line in enumerate(file, start=1)]


def _parse(row: int, line: str) -> Purchase:
    try:
        customer, day, _, dollars = line.split()
        whole, _, cents = dollars.partition(".")
        if len(cents) != 2:
            raise ValueError(f"{dollars} is no amount of cents")
        time = datetime(int(day[:4]), int(day[4:6]), int(day[6:]), 12, tzinfo=UTC)
        return Purchase(row, customer, time, int(whole) * 100 + int(cents))
    except ValueError as error:
        raise ValueError(f"row {row} ({line.strip()}): {error}") from None


def account_id(customer: str) -> str:
    return f"cdnow-{customer}"


def accounts(purchases: list[Purchase]) -> Iterator[CreateAccountRequest]:
    """One account a customer, in the order they first bought."""
    for customer in dict.fromkeys(purchase.customer for purchase in purchases):
        yield CreateAccountRequest(
            account_id=account_id(customer),
            account=Account(display_name=f"CDNOW customer {customer}", currency_code=CURRENCY),
        )


def orders(purchases: list[Purchase]) -> Iterator[Order]:
    """One completed order a row. The file knows no discounts, so list and net are the same."""
    for purchase in purchases:
        amount = from_minor(purchase.cents, CURRENCY)
        order = Order(
            name=order_name(account_id(purchase.customer), f"cdnow-{purchase.row}"),
            list_amount=amount,
            net_amount=amount,
            status=Order.STATUS_COMPLETED,
            channel="web",
        )
        order.order_time.seconds = int(purchase.time.timestamp())
        yield order
