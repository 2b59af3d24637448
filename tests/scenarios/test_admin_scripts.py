"""The scripts of scripts/admin, as an administrator runs them."""

import csv
import json
import pathlib
import re
import subprocess

import pytest
from google.protobuf import json_format
from kam.v1.account_service_pb2 import GetAccountRequest
from kam.v1.criteria_service_pb2 import GetScorecardRequest
from kam.v1.history_service_pb2 import GetOrderRequest
from kam_client import to_decimal, to_money
from support import make, portfolio, postgres

SCRIPTS = postgres.ROOT / "scripts" / "admin"
NAMES = sorted(p.name for p in SCRIPTS.iterdir() if p.is_file() and p.suffix == "")
COLUMNS = (
    *("account", "order_id", "order_time", "list_amount", "net_amount", "currency", "status"),
    *("service_level", "brand", "channel"),
)


class Ran:
    def __init__(self, done: subprocess.CompletedProcess) -> None:
        self.status, self.out, self.error = done.returncode, done.stdout, done.stderr
        self.all = self.out + self.error


@pytest.fixture
def run(server):
    def run(name: str, *arguments: object, target: str = server.target) -> Ran:
        done = subprocess.run(
            [SCRIPTS / name, *map(str, arguments), f"--target={target}"],
            text=True,
            capture_output=True,
            timeout=120,
        )
        return Ran(done)

    return run


def _csv(path: pathlib.Path, rows: list, header=COLUMNS) -> pathlib.Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def _rows(account: str, count: int) -> list[list[str]]:
    return [
        [
            account,
            f"n{n}",
            f"2026-01-{n % 28 + 1:02}T10:00:00Z",
            "10.00",
            "9.50",
            "USD",
            "COMPLETED",
            "",
            "",
            "web",
        ]
        for n in range(count)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_script_explains_itself(name):
    done = subprocess.run([SCRIPTS / name, "--help"], text=True, capture_output=True, timeout=20)
    assert done.returncode == 0 and name in done.stdout and "--target" in done.stdout
    done = subprocess.run([SCRIPTS / name, "--nope"], text=True, capture_output=True, timeout=20)
    assert done.returncode == 2 and "--nope" in done.stderr


@pytest.mark.parametrize("name", ["evaluate", "budget-report", "operations"])
def test_an_absent_server_is_named(run, name):
    ran = run(name, target="127.0.0.1:1")
    assert ran.status == 1
    assert "127.0.0.1:1" in ran.error and "no kam server" in ran.error
    assert len(ran.error.splitlines()) <= 3


def test_orders_are_imported_exactly_and_once(run, client, tmp_path):
    make.account(client, "csv")
    rows = _rows("csv", 1200)
    rows[7][1] = "odd/id +"
    rows[8][3:5] = ["1234567.89", "0"]
    rows[9][7:9] = ["PREMIUM", "Acme, Inc"]
    path = _csv(tmp_path / "orders.csv", rows)
    ran = run("import-orders", path)
    assert (ran.status, ran.error) == (0, "")
    assert "1200 orders recorded" in ran.out
    ran = run("import-orders", path)
    assert ran.status == 0 and "0 orders recorded, 1200 there already" in ran.out
    odd = "accounts/csv/orders/odd%2Fid%20%2B"
    assert client.history.GetOrder(GetOrderRequest(name=odd))
    found = client.history.GetOrder(GetOrderRequest(name="accounts/csv/orders/n8"))
    assert found.list_amount == to_money("1234567.89", "USD")
    assert to_decimal(found.net_amount) == 0
    found = client.history.GetOrder(GetOrderRequest(name="accounts/csv/orders/n9"))
    assert (found.service_level, found.brand) == (found.SERVICE_LEVEL_PREMIUM, "Acme, Inc")


BAD = {
    "no amount": (3, "ten", "list_amount"),
    "a negative amount": (4, "-1", "net_amount"),
    "no status": (6, "DONE", "status"),
    "no day": (2, "2026-13-01", "order_time"),
    "no id": (0, "Not An Id", "account"),
    "an unknown account": (0, "nobody", "NOT_FOUND"),
    "too many decimals": (4, "1.005", "net_amount"),
    "another currency": (5, "EUR", "CURRENCY_MISMATCH|currency|amount"),
    "a day far ahead": (2, "2199-01-01", "order_time"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_line_500_is_named_and_nothing_is_imported(run, client, database, tmp_path, kind):
    """Line 1 is the header, so that line 500 is the 499th order."""
    account = f"bad-{list(BAD).index(kind)}"
    make.account(client, account)
    column, value, why = BAD[kind]
    rows = _rows(account, 1500)
    rows[498][column] = value
    path = _csv(tmp_path / "bad.csv", rows)
    before = postgres.contents(database)
    ran = run("import-orders", path)
    assert ran.status == 1
    assert re.search(rf"^line 500: .*({why})", ran.error, re.MULTILINE), ran.all
    assert "nothing was imported" in ran.error + ran.out
    assert len(ran.error.splitlines()) < 6, "one bad line is no wall of text"
    assert postgres.contents(database) == before

    ran = run("import-orders", "--continue", path)
    assert ran.status == 1, "a line is missing, and the status says so"
    assert re.search(rf"^line 500: .*({why})", ran.error, re.MULTILINE), ran.all
    assert "1499 orders recorded" in ran.out and "1 bad lines left out" in ran.out
    count = "SELECT count(*) FROM orders WHERE account_id = %s"
    assert postgres.value(database, count, account) == 1499


def test_every_bad_line_is_named(run, client, database, tmp_path):
    make.account(client, "many-bad")
    rows = _rows("many-bad", 100)
    rows[10][3] = "x"
    rows[20] = rows[20][:5]
    rows[30][0] = ""
    before = postgres.contents(database)
    ran = run("import-orders", _csv(tmp_path / "bad.csv", rows))
    assert [line.split(":")[0] for line in ran.error.splitlines()[:3]] == [
        "line 12",
        "line 22",
        "line 32",
    ]
    assert postgres.contents(database) == before


def test_a_wrong_header_or_file_is_explained(run, tmp_path):
    ran = run("import-orders", _csv(tmp_path / "h.csv", [], header=["account", "price"]))
    assert ran.status == 1 and "line 1" in ran.error and "order_id" in ran.error
    ran = run("import-orders", tmp_path / "absent.csv")
    assert ran.status == 1 and "absent.csv" in ran.error
    (tmp_path / "latin1.csv").write_bytes(b"account,caf\xe9\n")
    ran = run("import-orders", tmp_path / "latin1.csv")
    assert ran.status == 1 and "UTF-8" in ran.error and "Traceback" not in ran.error
    ran = run("import-orders")
    assert ran.status == 2


def test_other_content_needs_correct(run, client, tmp_path):
    make.account(client, "fix")
    rows = _rows("fix", 3)
    assert run("import-orders", _csv(tmp_path / "a.csv", rows)).status == 0
    rows[1][4] = "8.00"
    path = _csv(tmp_path / "b.csv", rows)
    ran = run("import-orders", path)
    assert ran.status == 1 and "line 3: " in ran.error and "FACT_DIFFERS" in ran.error
    ran = run("import-orders", "--correct", path)
    assert ran.status == 0 and "1 corrected" in ran.out


def test_accounts_are_imported(run, client, tmp_path):
    header = ("account", "display_name", "currency", "industry", "declared_annual_spend")
    header += ("external_system", "external_id")
    rows = [
        [f"imp-{n}", f"Imported {n}", "USD", "retail", "1000.50", "crm", f"X{n}"]
        for n in range(1100)
    ]
    path = _csv(tmp_path / "accounts.csv", rows, header)
    ran = run("import-accounts", path)
    assert (ran.status, ran.error) == (0, "")
    assert "1100 accounts recorded" in ran.out
    assert "1100 there already" in run("import-accounts", path).out
    found = client.accounts.GetAccount(GetAccountRequest(name="accounts/imp-7"))
    assert found.declared_annual_spend == to_money("1000.50", "USD")
    rows = [["new-a", "A", "USD", "", "", "", ""], ["new-b", "", "USD", "", "", "", ""]]
    path = _csv(tmp_path / "bad.csv", rows, header)
    ran = run("import-accounts", path)
    assert ran.status == 1 and "line 3: display_name" in ran.error
    ran = run("import-accounts", "--continue", path)
    assert ran.status == 1 and "1 accounts recorded" in ran.out
    rows = [["imp-3", "Somebody else", "USD", "", "", "", ""]]
    ran = run("import-accounts", _csv(tmp_path / "taken.csv", rows, header))
    assert ran.status == 1
    assert "line 2: " in ran.error and "RESOURCE_ALREADY_EXISTS" in ran.error


def test_from_scorecard_to_budget_report(run, client, tmp_path):
    """What an administrator does in a year, one script after the other."""
    portfolio.load(client, 40)
    portfolio.catalogue(client)
    day = "--as-of=2026-01-01"

    ran = run("fit-model", day)
    assert ran.status == 0 and "MBG/NBD as of 2026-01-01" in ran.out, ran.all
    card = client.criteria.GetScorecard(GetScorecardRequest(name="scorecards/default"))
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(json_format.MessageToDict(card)))
    assert run("publish-scorecard", file).out == "published scorecards/mine/revisions/1\n"
    assert run("publish-scorecard", file).out == "published scorecards/mine/revisions/2\n"
    assert run("publish-scorecard", "mine").out == "published scorecards/mine/revisions/3\n"
    ran = run("publish-scorecard", "absent")
    assert ran.status == 1 and "NOT_FOUND (RESOURCE_NOT_FOUND)" in ran.error

    ran = run("evaluate", day, "--scorecard=mine")
    assert ran.status == 0 and "STRATEGIC" in ran.out and "scorecards/mine/revisions/3" in ran.out
    for wrong in ("yesterday", "2026-13-01"):
        ran = run("evaluate", f"--as-of={wrong}")
        assert ran.status == 2 and "YYYY-MM-DD" in ran.error

    ran = run("plan")
    assert ran.status == 0, ran.all
    plan = re.match(r"allocationPlans/(\S+): READY", ran.out)[1]
    ran = run("commit", plan)
    assert ran.status == 0 and "COMMITTED" in ran.out, ran.all
    again = run("commit", plan)
    assert (again.status, again.out) == (0, ran.out)
    ran = run("commit", "absent")
    assert ran.status == 1 and "NOT_FOUND" in ran.error

    ran = run("show-account", "p-00000")
    assert ran.status == 0, ran.all
    assert "accounts/p-00000" in ran.out and "criteria met" in ran.out and "visit" in ran.out
    ran = run("explain-account", "p-00020")
    assert ran.status == 0 and "stable_orders" in ran.out and "nearest first" in ran.out
    ran = run("explain-account", "absent")
    assert ran.status == 1 and "NOT_FOUND" in ran.error and "{" not in ran.error

    ran = run("budget-report")
    assert ran.status == 0 and re.search(r"^plan +120\.00 USD", ran.out, re.MULTILINE), ran.all
    ran = run("budget-report", "plan")
    assert ran.status == 0 and "RESERVE" in ran.out
    ran = run("operations")
    assert ran.status == 0 and "COMMIT_PLAN" in ran.out and "EVALUATE_PORTFOLIO" in ran.out
    ran = run("operations", "--wait=absent")
    assert ran.status == 1 and "NOT_FOUND" in ran.error
