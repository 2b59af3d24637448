"""Turns a CSV file into requests, and what the server answers into lines of that file.

usage: import_csv.py requests (accounts|orders) FILE WORK [--continue]
       import_csv.py outcome (accounts|orders) WORK STATUS TARGET

`requests` checks every line and writes one JSON request a line to WORK/requests; with bad lines it
names them and exits with 1, or with --continue leaves them out. `outcome` reads WORK/answers and,
when STATUS is not 0, WORK/error.
"""

import json
import pathlib
import re
import sys

import csv_rows
import error
import wire

BATCH = 1000
STATUSES = ["PLACED", "COMPLETED", "CANCELLED", "RETURNED"]
LEVELS = ["STANDARD", "EXPRESS", "PREMIUM"]


def order(cells: dict) -> dict:
    currency = csv_rows.currency(cells)
    message = {
        "name": f"{csv_rows.account(cells)}/orders/{csv_rows.order_segment(cells)}",
        "orderTime": csv_rows.moment(cells, "order_time"),
        "listAmount": csv_rows.money(cells, "list_amount", currency),
        "netAmount": csv_rows.money(cells, "net_amount", currency),
        "status": csv_rows.choice(cells, "status", "STATUS_", STATUSES),
        "brand": csv_rows.text(cells, "brand", 100),
        "channel": csv_rows.text(cells, "channel", 100),
    }
    if cells.get("service_level"):
        message["serviceLevel"] = csv_rows.choice(cells, "service_level", "SERVICE_LEVEL_", LEVELS)
    return message


def account(cells: dict) -> dict:
    name = csv_rows.account(cells)
    currency = csv_rows.currency(cells)
    made = {
        "displayName": csv_rows.text(cells, "display_name", 256),
        "currencyCode": currency,
        "industry": csv_rows.text(cells, "industry", 100),
    }
    if not made["displayName"]:
        raise csv_rows.BadLine("display_name: is needed")
    if cells.get("parent"):
        made["parentAccount"] = csv_rows.account(cells, "parent")
    for column, key in (
        ("declared_annual_spend", "declaredAnnualSpend"),
        ("marketing_budget", "marketingBudget"),
    ):
        if cells.get(column):
            made[key] = csv_rows.money(cells, column, currency)
    if cells.get("external_system") or cells.get("external_id"):
        pair = {"system": cells.get("external_system"), "id": cells.get("external_id")}
        if not all(pair.values()):
            raise csv_rows.BadLine("external_system and external_id: one needs the other")
        made["externalIds"] = [pair]
    return {"accountId": name.removeprefix("accounts/"), "account": made}


KINDS = {
    "orders": (
        ["account", "order_id", "order_time", "list_amount", "net_amount", "currency", "status"],
        ["service_level", "brand", "channel"],
        order,
    ),
    "accounts": (
        ["account", "display_name", "currency"],
        [
            "parent",
            "industry",
            "declared_annual_spend",
            "marketing_budget",
            "external_system",
            "external_id",
        ],
        account,
    ),
}


def write_requests(kind: str, path: str, work: pathlib.Path, go_on: bool, correct: bool) -> int:
    rows, bad = csv_rows.read(path, *KINDS[kind])
    csv_rows.complain(bad)
    if bad and not go_on:
        print(f"nothing was imported: {len(bad)} of {len(rows) + len(bad)} lines are bad")
        return 1
    (work / "lines").write_text(" ".join(str(row.line) for row in rows))
    (work / "bad").write_text(str(len(bad)))
    with (work / "requests").open("w", encoding="utf-8") as file:
        for start in range(0, max(len(rows), 1), BATCH):
            messages = [row.message for row in rows[start : start + BATCH]]
            if kind == "accounts":
                request = {"requests": messages, "allowPartial": go_on}
            else:
                request = {"orders": messages}
                if start == 0:
                    options = {"allowPartial": go_on, "correct": correct, "counted": True}
                    request["options"] = options
                if start + BATCH >= len(rows):
                    request["rowCount"] = len(rows)
            if messages:
                file.write(json.dumps(request) + "\n")
    return 0


def report(kind: str, work: pathlib.Path, status: int, target: str) -> int:
    lines = [int(line) for line in (work / "lines").read_text().split()]
    totals = {"recorded": 0, "unchanged": 0, "corrected": 0, "rejectedCount": 0}
    bad = []
    answers = wire.load_all((work / "answers").read_text())
    for batch, receipt in enumerate(answer.get("receipt", {}) for answer in answers):
        for name in totals:
            totals[name] += int(receipt.get(name, 0))
        for rejection in receipt.get("rejected", []):
            at = int(rejection.get("index", 0)) + (batch * BATCH if kind == "accounts" else 0)
            bad.append((lines[at], _of_row(rejection.get("status", {}))))
    csv_rows.complain(bad)
    if status != 0:
        _explain_failure(work, lines, totals, target)
        return 1
    local = int((work / "bad").read_text())
    rejected = totals["rejectedCount"] + local
    told = [f"{totals['recorded']} {kind} recorded", f"{totals['unchanged']} there already"]
    if totals["corrected"]:
        told.append(f"{totals['corrected']} corrected")
    if rejected:
        told.append(f"{rejected} bad lines left out")
    print(", ".join(told))
    return 1 if rejected else 0


def _explain_failure(work, lines: list[int], totals: dict, target: str) -> None:
    """The server's error with the lines of the file it is about."""
    text = (work / "error").read_text()
    status = error.parse(text)
    earlier = totals["recorded"] + totals["unchanged"]
    named = set() if status is None else _named_lines(status, lines[earlier:])
    csv_rows.complain(sorted(named))
    if not named:
        print(error.of_grpcurl(text, target), file=sys.stderr)
    if earlier:
        print(f"stopped: the first {earlier} rows are imported, the others are not")
    else:
        print("nothing was imported")


def _of_row(status: dict) -> str:
    """What is wrong with a row; where it is, its line says better."""
    return re.sub(r"(orders|requests)\[\d+\](\.|: )?", "", error.describe(status))


def _named_lines(status: dict, lines: list[int]) -> set[tuple[int, str]]:
    """Each violation's line: its path begins with the row's position, else `index` has it."""
    named = set()
    for violation in error.details_of(status, "BadRequest").get("fieldViolations", []):
        found = re.match(r"(?:orders|requests)\[(\d+)\]\.?(.*)", violation.get("field", ""))
        if found and int(found[1]) < len(lines):
            named.add((lines[int(found[1])], f"{found[2]}: {violation.get('description')}"))
    index = error.details_of(status, "ErrorInfo").get("metadata", {}).get("index", "")
    if not named and index.isdecimal() and int(index) < len(lines):
        named.add((lines[int(index)], _of_row(status)))
    return named


def main() -> int:
    verb, kind = sys.argv[1:3]
    try:
        if verb == "requests":
            flags = sys.argv[5:]
            return write_requests(
                kind,
                sys.argv[3],
                pathlib.Path(sys.argv[4]),
                "--continue" in flags,
                "--correct" in flags,
            )
        return report(kind, pathlib.Path(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    except OSError as problem:
        print(f"{problem.filename}: {problem.strerror}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
