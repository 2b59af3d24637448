"""Reads CSV files for import: every line is checked, every bad one is named."""

import csv
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
LISTED = 100  # bad lines printed; the rest is counted


class BadLine(ValueError):
    """Why a line cannot be imported."""


@dataclass(frozen=True)
class Row:
    """A good line, as the request has it."""

    line: int
    message: dict


def read(
    path: str, required: list[str], optional: list[str], convert: Callable[[dict], dict]
) -> tuple[list[Row], list[tuple[int, str]]]:
    """Good rows, and bad lines with the reason. The header is line 1."""
    rows, bad = [], []
    with open(path, encoding="utf-8-sig", newline="") as file:
        for line, cells in _lines(file, required, optional):
            try:
                if isinstance(cells, str):
                    raise BadLine(cells)
                rows.append(Row(line, convert(cells)))
            except BadLine as error:
                bad.append((line, str(error)))
    return rows, bad


def _lines(file, required, optional) -> Iterator[tuple[int, dict | str]]:
    reader = csv.reader(file, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except (csv.Error, UnicodeDecodeError) as error:
        raise SystemExit(f"{file.name}: is no CSV in UTF-8: {error}") from error
    missing = [name for name in required if name not in header]
    unknown = [name for name in header if name not in required + optional]
    if missing or unknown or len(set(header)) != len(header):
        raise SystemExit(
            f"line 1: the header must name {', '.join(required)} and may name "
            f"{', '.join(optional)}, each once; it is: {', '.join(header) or 'empty'}"
        )
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeDecodeError) as error:
            yield first, f"is no CSV: {error}"
            if isinstance(error, UnicodeDecodeError):
                return
            continue
        if not cells:
            continue
        if len(cells) != len(header):
            yield first, f"has {len(cells)} columns, the header {len(header)}"
        else:
            yield first, dict(zip(header, (cell.strip() for cell in cells), strict=True))


def account(cells: dict, column: str = "account") -> str:
    value = cells[column]
    if not ID.fullmatch(value):
        raise BadLine(f"{column}: '{value}' is no id: a-z, 0-9 and -, at most 63 characters")
    return f"accounts/{value}"


def text(cells: dict, column: str, longest: int) -> str:
    value = cells.get(column, "")
    if len(value) > longest:
        raise BadLine(f"{column}: has {len(value)} characters, at most {longest} are allowed")
    return value


def order_segment(cells: dict) -> str:
    value = cells["order_id"]
    if not value or len(value) > 128 or not value.isascii() or not value.isprintable():
        raise BadLine("order_id: 1 to 128 printable ASCII characters are needed")
    return quote(value, safe="")


def money(cells: dict, column: str, currency: str) -> dict:
    """Exact, without a float on the way."""
    value = cells[column]
    try:
        amount = Decimal(value)
        if not amount.is_finite() or amount != amount.quantize(Decimal("1e-9")):
            raise InvalidOperation
    except InvalidOperation:
        raise BadLine(f"{column}: '{value}' is no amount") from None
    if amount < 0:
        raise BadLine(f"{column}: '{value}' is negative")
    units, nanos = divmod(int(amount.scaleb(9)), 10**9)
    return {"currencyCode": currency, "units": str(units), "nanos": nanos}


def currency(cells: dict) -> str:
    value = cells["currency"].upper()
    if not re.fullmatch("[A-Z]{3}", value):
        raise BadLine(f"currency: '{cells['currency']}' is no ISO 4217 code")
    return value


def moment(cells: dict, column: str) -> str:
    """RFC 3339; a day alone means its begin, a time without a zone is UTC."""
    value = cells[column]
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        raise BadLine(
            f"{column}: '{value}' is no time such as 2026-03-01 or 2026-03-01T12:30:00Z"
        ) from None
    return parsed.isoformat() + ("Z" if parsed.tzinfo is None else "")


def choice(cells: dict, column: str, prefix: str, values: list[str]) -> str:
    value = cells.get(column, "").upper()
    if value not in values:
        raise BadLine(f"{column}: '{cells.get(column, '')}' is none of {', '.join(values)}")
    return prefix + value


def complain(bad: list[tuple[int, str]]) -> None:
    """Each bad line with its reason, on stderr."""
    for line, why in sorted(bad)[:LISTED]:
        print(f"line {line}: {why}", file=sys.stderr)
    if len(bad) > LISTED:
        print(f"and {len(bad) - LISTED} more bad lines", file=sys.stderr)
