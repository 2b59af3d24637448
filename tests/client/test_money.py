"""The client's money: exact, or refused."""

import random
from decimal import Decimal

import pytest
from kam_client import from_minor, to_decimal, to_minor, to_money


def test_a_float_is_refused():
    with pytest.raises(TypeError, match="float"):
        to_money(12.5, "USD")
    with pytest.raises(TypeError):
        from_minor(12.5, "USD")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "0.0000000001"])
def test_what_money_cannot_hold_is_refused(amount):
    with pytest.raises(ValueError, match="amount|decimals"):
        to_money(Decimal(amount), "USD")


@pytest.mark.parametrize(
    ("amount", "units", "nanos"),
    [
        ("0", 0, 0),
        ("12.50", 12, 500_000_000),
        ("-0.01", 0, -10_000_000),
        ("-12.50", -12, -500_000_000),
        ("9223372036854775807.999999999", 9223372036854775807, 999_999_999),
    ],
)
def test_units_and_nanos_carry_the_same_sign(amount, units, nanos):
    money = to_money(Decimal(amount), "USD")
    assert (money.units, money.nanos) == (units, nanos)
    assert to_decimal(money) == Decimal(amount)


def test_minor_units_follow_the_currency():
    assert to_decimal(from_minor(1250, "USD")) == Decimal("12.50")
    assert to_decimal(from_minor(1250, "JPY", decimals=0)) == Decimal(1250)
    assert to_decimal(from_minor(-1250, "KWD", decimals=3)) == Decimal("-1.250")
    with pytest.raises(ValueError, match="decimals"):
        to_minor(to_money("0.001", "USD"))


def test_every_amount_survives_the_way_there_and_back():
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(2000):
        minor = chance.randint(-(10**17), 10**17)
        assert to_minor(from_minor(minor, "USD")) == minor
