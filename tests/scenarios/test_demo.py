"""The demo on all of the CDNOW purchases, twice on one database."""

import re
import subprocess
import sys

import pytest
from kam.v1.benefit_service_pb2 import ListBudgetsRequest
from kam_client import paginate, to_decimal
from support import postgres, rollups

pytestmark = pytest.mark.timeout(300)


def _demo(server) -> str:
    done = subprocess.run(
        [sys.executable, postgres.ROOT / "scripts" / "demo.py", f"--target={server.target}"],
        text=True,
        capture_output=True,
        timeout=280,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_absent_server_is_named():
    demo = [sys.executable, postgres.ROOT / "scripts" / "demo.py", "--target=127.0.0.1:1"]
    done = subprocess.run(demo, text=True, capture_output=True, timeout=60)
    assert done.returncode == 1
    assert "127.0.0.1:1" in done.stderr and "scripts/run" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_it_makes_key_accounts_and_can_be_repeated(server, client, database):
    first = _demo(server)
    assert "23,570 created" in first and "69,659 recorded" in first
    assert postgres.value(database, "SELECT count(*) FROM orders") == 69659
    assert postgres.value(database, "SELECT sum(net_amount) FROM orders") == 250031563
    rollups.check(database)
    count, share = re.search(r"([\d,]+) of 23,570 accounts are key .* ([\d.]+)%", first).groups()
    assert 0 < int(count.replace(",", "")) < 23570 and 0 < float(share) < 100
    for part in ("The top 10", "Just below the line", "nearest first", "Allocation", "Times"):
        assert part in first

    second = _demo(server)
    assert "23,570 were there already" in second and "69,659 were there already" in second
    assert "all of it was there" in second and "has already" in second
    key = re.search(r"[\d,]+ of 23,570 accounts.*", first)[0]
    assert key in second, "the same facts give the same key accounts"
    for budget in paginate(client.benefits.ListBudgets, ListBudgetsRequest()):
        taken = to_decimal(budget.reserved) + to_decimal(budget.spent)
        assert 0 < taken <= to_decimal(budget.limit)
