"""Between `google.type.Money` and exact numbers. There is no float here, on purpose."""

from __future__ import annotations

from decimal import Decimal

from google.type import money_pb2

_NANOS = 1_000_000_000
_NANO = Decimal(1).scaleb(-9)


def to_money(amount: Decimal | int | str, currency_code: str) -> money_pb2.Money:
    """`to_money(Decimal("12.50"), "USD")`. A float is refused: it is not the amount it shows."""
    if isinstance(amount, float):
        raise TypeError(f"{amount!r} is a float: pass a Decimal, an int or a string")
    exact = Decimal(amount)
    if not exact.is_finite():
        raise ValueError(f"{amount!r} is no amount")
    if exact != exact.quantize(_NANO):
        raise ValueError(f"{amount!r} has more than nine decimals")
    sign = -1 if exact < 0 else 1
    units, nanos = divmod(abs(int(exact.scaleb(9))), _NANOS)
    return money_pb2.Money(currency_code=currency_code, units=sign * units, nanos=sign * nanos)


def to_decimal(money: money_pb2.Money) -> Decimal:
    """The exact amount, in whole units of its currency."""
    return Decimal(money.units) + Decimal(money.nanos).scaleb(-9)


def from_minor(minor: int, currency_code: str, decimals: int = 2) -> money_pb2.Money:
    """`from_minor(1250, "USD")` is 12.50 US dollars; `decimals` are those of the currency."""
    if not isinstance(minor, int):
        raise TypeError(f"{minor!r} is no whole number of minor units")
    per_unit = 10**decimals
    sign = -1 if minor < 0 else 1
    units, rest = divmod(abs(minor), per_unit)
    return money_pb2.Money(
        currency_code=currency_code,
        units=sign * units,
        nanos=sign * rest * (_NANOS // per_unit),
    )


def to_minor(money: money_pb2.Money, decimals: int = 2) -> int:
    """The amount in minor units; ValueError when it has more decimals than that."""
    scaled = to_decimal(money).scaleb(decimals)
    if scaled != int(scaled):
        raise ValueError(f"{to_decimal(money)} has more than {decimals} decimals")
    return int(scaled)
