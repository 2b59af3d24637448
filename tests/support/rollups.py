"""Holds the monthly rollups to the orders they sum up, in SQL of its own."""

from support import postgres

# What the rollups must be: a row for every day with completed orders.
_EXPECTED = """
  SELECT account_id,
         date_trunc('month', order_time AT TIME ZONE 'UTC')::date AS month,
         extract(day FROM order_time AT TIME ZONE 'UTC')::int AS day,
         count(*)::int AS orders,
         count(*) FILTER (WHERE net_amount >= list_amount)::int AS full_price,
         sum(net_amount)::bigint AS net,
         sum(list_amount)::bigint AS list
    FROM orders
   WHERE status = 2
   GROUP BY 1, 2, 3
"""
_KEPT = """
  SELECT m.account_id, m.month, d.day, d.orders, d.full_price, d.net, d.list
    FROM account_months m,
         unnest(m.day_of_month, m.day_orders, m.day_full_price, m.day_net, m.day_list)
           AS d(day, orders, full_price, net, list)
"""


def differences(database: str) -> int:
    """Days on which the rollups and the orders disagree."""
    sql = (
        f"SELECT count(*) FROM (({_EXPECTED}) EXCEPT ALL ({_KEPT})) missing "
        f"UNION ALL SELECT count(*) FROM (({_KEPT}) EXCEPT ALL ({_EXPECTED})) extra"
    )
    return sum(count for (count,) in postgres.query(database, sql))


def check(database: str) -> None:
    assert differences(database) == 0
    orders = postgres.value(database, "SELECT count(*) FROM orders WHERE status = 2")
    days = postgres.value(
        database, "SELECT coalesce(sum(cardinality(day_net)), 0) FROM account_months"
    )
    assert (orders == 0) == (days == 0)
