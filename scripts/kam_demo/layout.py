"""Plain text that lines up."""

from collections.abc import Collection, Sequence

from google.type.money_pb2 import Money
from kam_client import to_decimal


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """Columns as wide as their widest cell; those in `right` are set flush right."""
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        set_cells = [
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return ("  " + "  ".join(set_cells)).rstrip()

    rule = "  " + "  ".join("-" * width for width in widths)
    return "\n".join([line(heads), rule, *(line(row) for row in rows)])


def heading(text: str) -> str:
    return f"\n{text}\n{'=' * len(text)}"


def money(amount: Money) -> str:
    return f"{to_decimal(amount):,.2f} {amount.currency_code}"


def number(value: float) -> str:
    """Few digits, as many as tell something."""
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
