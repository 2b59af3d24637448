"""Cells and tables of plain text."""

from decimal import Decimal


def table(heads: list[str], rows: list[list[str]], right: tuple[int, ...] = ()) -> str:
    """Columns as wide as their widest cell; those in `right` are set flush right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]

    def line(cells: list[str]) -> str:
        pairs = enumerate(zip(cells, widths, strict=True))
        return "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width) for i, (cell, width) in pairs
        ).rstrip()

    return "\n".join([line(heads), *(line(row) for row in rows)])


def amount(money: dict | None) -> str:
    """A google.type.Money in JSON."""
    if not money:
        return ""
    exact = Decimal(money.get("units", 0)) + Decimal(money.get("nanos", 0)).scaleb(-9)
    text = f"{exact:,.2f}" if exact == round(exact, 2) else f"{exact:,f}"
    return f"{text} {money.get('currencyCode', '')}"


def number(value: float | None) -> str:
    """Few digits, as many as tell something."""
    if value is None:
        return "–"
    if isinstance(value, str):  # NaN and Infinity in JSON
        return value
    if value and abs(value) < 0.001:
        return f"{value:.2g}"
    if abs(value) < 10:
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return f"{value:,.1f}"


def apart(first: float, second: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to tell them apart."""
    if number(first) != number(second):
        return number(first), number(second)
    for digits in range(4, 17):
        texts = f"{first:.{digits}g}", f"{second:.{digits}g}"
        if texts[0] != texts[1]:
            return texts
    return number(first), number(second)


def short(value: str, prefix: str) -> str:
    return value.removeprefix(prefix)


def tail(name: str) -> str:
    return name.rpartition("/")[2]


def time_of(text: str | None) -> str:
    """2026-03-01T12:30:00.123Z → 2026-03-01 12:30:00"""
    return text[:19].replace("T", " ") if text else ""
