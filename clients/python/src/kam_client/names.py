"""Resource names of the contract."""

from __future__ import annotations

from urllib.parse import quote, unquote


def account_name(account_id: str) -> str:
    """`acme` → `accounts/acme`."""
    return f"accounts/{account_id}"


def order_name(account_id: str, order_id: str) -> str:
    """`acme`, `2024/17` → `accounts/acme/orders/2024%2F17`."""
    return f"accounts/{account_id}/orders/{quote(order_id, safe='')}"


def resource_id(name: str) -> str:
    """The last id of a name, unescaped: `accounts/acme/orders/a%2Fb` → `a/b`."""
    return unquote(name.rpartition("/")[2])
